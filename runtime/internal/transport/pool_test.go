package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The number of connections follows the number of calls at once. With the transport that net/http has by default, this test
// opens hundreds of connections.
func TestConnectionsFollowTheConcurrency(t *testing.T) {
	const goroutines, calls = 20, 2000
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"result":7}`)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	pool := Pool(&tls.Config{RootCAs: roots})
	defer pool.CloseIdleConnections()
	sender := New(&http.Client{Transport: pool}, base, Options{MaxAnswer: 1 << 20})
	var running sync.WaitGroup
	for range goroutines {
		running.Go(func() {
			for range calls / goroutines {
				if _, err := sender.Do(t.Context(), &Request{Body: []byte("{}")}, nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	running.Wait()
	// While connections are being opened, net/http dials for calls that then take one which has become free: two or three times
	// as many as calls at once.
	if n := opened.Load(); n > calls/10 {
		t.Errorf("%d calls of %d goroutines opened %d connections", calls, goroutines, n)
	}
	t.Logf("%d connections", opened.Load())
}

// nginx closes idle connections after 75 seconds, load balancers after 60: the client has to be earlier.
func TestIdleConnectionsAreClosedBeforeTheServerDoes(t *testing.T) {
	const nginx, loadBalancer = 75 * time.Second, 60 * time.Second
	for _, c := range []*tls.Config{nil, {}} {
		if p := Pool(c); p.IdleConnTimeout <= 0 || p.IdleConnTimeout >= loadBalancer-5*time.Second {
			t.Errorf("idle connections are kept for %v", p.IdleConnTimeout)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var dialed atomic.Int32
		pool := newPool(nil)
		pool.Proxy = nil
		pool.DialContext = func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			dialed.Add(1)
			go serveFor(server, loadBalancer)
			return client, nil
		}
		base, _ := url.Parse("http://odoo.test")
		sender := New(&http.Client{Transport: pool}, base, Options{MaxAnswer: 1 << 20})
		for i, pause := range []time.Duration{0, 45 * time.Second, 55 * time.Second, nginx - time.Millisecond} {
			time.Sleep(pause)
			if _, err := sender.Do(t.Context(), &Request{Body: []byte("{}")}, nil); err != nil {
				t.Errorf("call %d, after %v: %v", i, pause, err)
			}
		}
		if n := dialed.Load(); n != 3 {
			t.Errorf("%d connections", n)
		}
		pool.CloseIdleConnections()
	})
}

// serveFor answers requests on a connection, and closes it when it was idle for a time.
func serveFor(conn net.Conn, idle time.Duration) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		if err := conn.SetReadDeadline(time.Now().Add(idle)); err != nil {
			return
		}
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n7")
	}
}
