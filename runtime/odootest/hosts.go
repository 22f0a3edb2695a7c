package odootest

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// AnyHost makes [Hosts] accept every name.
const AnyHost = "*"

// Hosts names hosts by which clients may address the server, beside the loopback interface and the host of [Address]: other
// names in the Host header are refused, since a page of a browser that binds its own name to 127.0.0.1 could use the
// server otherwise. An [Address] of all interfaces, such as 0.0.0.0, can be addressed by any IP address.
func Hosts(names ...string) Option { return func(s *Server) { s.hosts = append(s.hosts, names...) } }

// checkHost refuses requests for other hosts.
func (s *Server) checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isKnownHost(hostname(r.Host)) {
			http.Error(w, "odootest: the host "+quote(r.Host)+" is not one of this server: name it in the option Hosts, or --host of odoogen serve",
				http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostname is a host without its port.
func hostname(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return strings.Trim(hostPort, "[]")
}

func (s *Server) isKnownHost(host string) bool {
	named := hostname(s.address)
	ip := net.ParseIP(host)
	listensOn := net.ParseIP(named)
	switch {
	case ip != nil && (ip.IsLoopback() || listensOn != nil && listensOn.IsUnspecified() || named == ""):
		return true
	case strings.EqualFold(host, "localhost"), strings.EqualFold(host, named) && named != "", slices.Contains(s.hosts, AnyHost):
		return true
	}
	return slices.ContainsFunc(s.hosts, func(name string) bool { return strings.EqualFold(name, host) })
}
