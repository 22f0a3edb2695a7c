package transport

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// idleTime is how long an idle connection is kept. It must be shorter than what servers allow, nginx 75 seconds and load
// balancers 60, so that a write does not meet a connection that the server is about to close.
const idleTime = 50 * time.Second

var shared = sync.OnceValue(func() *http.Transport { return newPool(nil) })

// Pool is the pool of connections of clients that bring none: a common one, or one of its own for a TLS configuration.
// There are as many idle connections as there were calls at once: net/http by itself keeps two for each server, and opens a
// connection for nearly every call of more goroutines than that. The environment names the proxies.
func Pool(config *tls.Config) *http.Transport {
	if config == nil {
		return shared()
	}
	return newPool(config.Clone())
}

func newPool(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       config,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   1 << 16, // MaxIdleConns is not limited
		IdleConnTimeout:       idleTime,
	}
}
