package orm

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// faultProxy stands between a client and a server, and does to the calls of methods what networks and gateways do. Logins
// and the like pass, unless it is set otherwise.
type faultProxy struct {
	listener net.Listener
	upstream http.Handler

	mu    sync.Mutex
	armed []proxyFault
	conns map[net.Conn]bool
	calls int // requests of calls that were read
	done  sync.WaitGroup
}

// proxyFault is what becomes of one request. After it the connection is closed.
type proxyFault struct {
	unread bool // cut off as soon as a byte of the request has come
	logins bool // is for a login, and not for a call
	do     func(x *exchange)
}

// exchange is a request that was read, and the connection that waits for the answer.
type exchange struct {
	net.Conn
	run func() *http.Response // lets the upstream run it
}

// raw lets the upstream run the request, and gives the bytes of the answer.
func (x *exchange) raw() []byte {
	var b bytes.Buffer
	_ = x.run().Write(&b)
	return b.Bytes()
}

func newFaultProxy(t *testing.T, upstream http.Handler) *faultProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &faultProxy{listener: listener, upstream: upstream, conns: map[net.Conn]bool{}}
	p.done.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

func (p *faultProxy) address() string { return "http://" + p.listener.Addr().String() }

// arm says what becomes of the next requests, in turn. Those after them pass.
func (p *faultProxy) arm(faults ...proxyFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed, p.calls = faults, 0
}

// seen is how many calls were read since arm.
func (p *faultProxy) seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// hangUp closes every connection, idle ones too.
func (p *faultProxy) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		conn.Close()
	}
}

func (p *faultProxy) close() {
	p.listener.Close()
	p.hangUp()
	p.done.Wait()
}

func (p *faultProxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.conns[conn] = true
		p.mu.Unlock()
		p.done.Go(func() {
			p.serve(conn)
			conn.Close()
			p.mu.Lock()
			delete(p.conns, conn)
			p.mu.Unlock()
		})
	}
}

func (p *faultProxy) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		if _, err := in.Peek(1); err != nil || p.cutsUnread() {
			return
		}
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		x := &exchange{conn, func() *http.Response { return p.pass(request, body) }}
		if f, ok := p.take(request.URL.Path, body); ok {
			f.do(x)
			return
		}
		if _, err := conn.Write(x.raw()); err != nil {
			return
		}
	}
}

// cutsUnread takes a fault that does not wait for the request.
func (p *faultProxy) cutsUnread() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.armed) == 0 || !p.armed[0].unread {
		return false
	}
	p.armed = p.armed[1:]
	p.calls++
	return true
}

func (p *faultProxy) take(path string, body []byte) (proxyFault, bool) {
	call := strings.HasSuffix(path, "/call_kw") || bytes.Contains(body, []byte(`"execute_kw"`)) ||
		strings.HasPrefix(path, "/json/2/") && !strings.HasSuffix(path, "/context_get")
	p.mu.Lock()
	defer p.mu.Unlock()
	if call {
		p.calls++
	}
	if len(p.armed) == 0 || p.armed[0].logins == call {
		return proxyFault{}, false
	}
	f := p.armed[0]
	p.armed = p.armed[1:]
	return f, true
}

func (p *faultProxy) pass(request *http.Request, body []byte) *http.Response {
	request.Body = io.NopCloser(bytes.NewReader(body))
	recorder := httptest.NewRecorder()
	p.upstream.ServeHTTP(recorder, request)
	answer := recorder.Result()
	answer.ContentLength = int64(recorder.Body.Len())
	return answer
}

// The faults.

// cutUnread closes the connection before the request is read.
var cutUnread = proxyFault{unread: true}

// cutUnanswered lets the request run and closes the connection.
var cutUnanswered = proxyFault{do: func(x *exchange) { x.run() }}

// cutAfter lets the request run and sends the answer up to some bytes past, or with a negative count short of, its text.
func cutAfter(text string, bytesMore int) proxyFault {
	return proxyFault{do: func(x *exchange) {
		raw := x.raw()
		_, _ = x.Write(raw[:bytes.Index(raw, []byte(text))+bytesMore])
	}}
}

// changed lets the request run and changes the answer, whose Content-Length stays right.
func changed(change func(*http.Response, []byte) []byte) proxyFault {
	return proxyFault{do: func(x *exchange) {
		answer := x.run()
		body, _ := io.ReadAll(answer.Body)
		body = change(answer, body)
		answer.Body, answer.ContentLength, answer.Close = io.NopCloser(bytes.NewReader(body)), int64(len(body)), true
		_ = answer.Write(x)
	}}
}

// instead answers in place of the server, which does not see the request.
func instead(status int, contentType, body string, header ...string) proxyFault {
	return proxyFault{do: func(x *exchange) { writeAnswer(x, status, contentType, body, header) }}
}

// afterwards answers in place of the server, which has run the request.
func afterwards(status int, contentType, body string, header ...string) proxyFault {
	return proxyFault{do: func(x *exchange) {
		x.run()
		writeAnswer(x, status, contentType, body, header)
	}}
}

func writeAnswer(w io.Writer, status int, contentType, body string, header []string) {
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n", status, http.StatusText(status), contentType, len(body))
	for _, line := range header {
		fmt.Fprintf(w, "%s\r\n", line)
	}
	fmt.Fprintf(w, "\r\n%s", body)
}

// silence lets the request run and answers nothing until the client goes.
var silence = proxyFault{do: func(x *exchange) {
	x.run()
	_, _ = x.Read(make([]byte, 1))
}}

// forLogin is the fault for a login.
func (f proxyFault) forLogin() proxyFault {
	f.logins = true
	return f
}

func times(n int, f proxyFault) []proxyFault {
	out := make([]proxyFault, n)
	for i := range out {
		out[i] = f
	}
	return out
}
