// Package fakeodoo is a server for unit tests that answers /jsonrpc with what a test says, where the embedded Odoo of package
// odootest would know better.
package fakeodoo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Call is a call of execute_kw.
type Call struct {
	Model, Method string
	Args          []json.RawMessage
	Named         map[string]json.RawMessage
}

// String shows a call as "model.method args named".
func (c Call) String() string {
	args := make([]string, len(c.Args))
	for i, arg := range c.Args {
		args[i] = string(arg)
	}
	var named []string
	for _, key := range slices.Sorted(maps.Keys(c.Named)) {
		named = append(named, fmt.Sprintf("%q:%s", key, c.Named[key]))
	}
	return fmt.Sprintf("%s.%s [%s] {%s}", c.Model, c.Method, strings.Join(args, ","), strings.Join(named, ","))
}

// Server has the database acme. Its answers are members of the JSON-RPC envelope: see [Result] and [Fault].
type Server struct {
	Major     int    // 19 if 0
	Databases string // the answer to db.list
	Login     string // the answer to common.authenticate
	Object    func(Call) string

	mu    sync.Mutex
	calls []Call
	auths []json.RawMessage
}

// Result is the member of an answer with a result.
func Result(value string) string { return `"result":` + value }

// Fault is the member of an answer with an exception of a class of Odoo's.
func Fault(class, message string) string {
	data, _ := json.Marshal(map[string]string{"name": class, "message": message, "debug": "Traceback (most recent call last): secrets"})
	return fmt.Sprintf(`"error":{"code":200,"message":"Odoo Server Error","data":%s}`, data)
}

// Always answers every call the same.
func Always(answer string) func(Call) string { return func(Call) string { return answer } }

// Start starts a server and gives its address.
func Start(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// ServeHTTP answers /jsonrpc.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/jsonrpc" {
		http.NotFound(w, r)
		return
	}
	var request struct {
		ID     int
		Params struct {
			Service, Method string
			Args            []json.RawMessage
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p := request.Params
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,%s}`, request.ID, s.answer(p.Service+"."+p.Method, p.Args))
}

func (s *Server) answer(method string, args []json.RawMessage) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch method {
	case "common.version":
		return Result(fmt.Sprintf(`{"server_version":"%[1]d.0","server_serie":"%[1]d.0","server_version_info":[%[1]d,0,0,"final",0,""]}`, cmp.Or(s.Major, 19)))
	case "db.list":
		return cmp.Or(s.Databases, Result(`["acme"]`))
	case "db.db_exist":
		return Result(fmt.Sprint(strings.Contains(cmp.Or(s.Databases, `"acme"`), string(args[0]))))
	case "common.authenticate":
		s.auths = append(s.auths, args...)
		return cmp.Or(s.Login, Result("2"))
	case "object.execute_kw":
		c := Call{Model: unquoted(args[3]), Method: unquoted(args[4])}
		_ = json.Unmarshal(args[5], &c.Args)
		_ = json.Unmarshal(args[6], &c.Named)
		return s.call(c)
	}
	return Fault("builtins.KeyError", method)
}

// call answers what the client asks of its own accord, and passes the rest to the test.
func (s *Server) call(c Call) string {
	switch {
	case c.Model == "res.lang":
		return Result(`[{"code":"de_DE"},{"code":"en_US"},{"code":"fr_FR"}]`)
	case c.Method == "fields_get" && strings.HasPrefix(c.Model, "ir.model"): // which fields can be searched
		return Result(`{}`)
	}
	s.calls = append(s.calls, c)
	return s.Object(c)
}

// Log gives the calls so far and forgets them.
func (s *Server) Log() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// Logins are the arguments of the logins so far, one after the other.
func (s *Server) Logins() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.auths
}

func unquoted(raw json.RawMessage) string { return string(bytes.Trim(raw, `"`)) }
