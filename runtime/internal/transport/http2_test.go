package transport

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// Types and flags of frames of HTTP/2, and the code of a refused stream.
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway = 0, 1, 3, 4, 7
	flagAck, flagEndStream                                          = 1, 1
	refusedStream                                                   = 7
)

// refusing is a server of HTTP/2 that reads each request to its end and then refuses it, by the frame given. runs counts the
// requests.
func refusing(t *testing.T, kind byte, runs *atomic.Int32) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{NextProtos: []string{"h2"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) { refuseAll(c, kind, runs) },
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func refuseAll(c *tls.Conn, kind byte, runs *atomic.Int32) {
	defer c.Close()
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(c, preface); err != nil {
		return
	}
	write := func(kind, flags byte, stream uint32, payload ...byte) {
		head := []byte{0, 0, byte(len(payload)), kind, flags}
		_, _ = c.Write(append(binary.BigEndian.AppendUint32(head, stream), payload...))
	}
	write(frameSettings, 0, 0)
	for {
		var head [9]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		length := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, c, length); err != nil {
			return
		}
		stream := binary.BigEndian.Uint32(head[5:])
		switch {
		case head[3] == frameSettings && head[4]&flagAck == 0:
			write(frameSettings, flagAck, 0)
		case (head[3] == frameData || head[3] == frameHeaders) && head[4]&flagEndStream != 0:
			runs.Add(1)
			if kind == frameReset {
				write(frameReset, 0, stream, 0, 0, 0, refusedStream)
			} else {
				write(frameGoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // no stream was processed, it says
				return
			}
		}
	}
}

// net/http repeats a request on HTTP/2 that the server refuses, though the server may have run it.
func TestHTTP2DoesNotRepeatARequest(t *testing.T) {
	for name, kind := range map[string]byte{"a refused stream": frameReset, "going away": frameGoAway} {
		for _, repeatable := range []bool{false, true} {
			var runs atomic.Int32
			server := refusing(t, kind, &runs)
			base, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			client := server.Client()
			client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
			ctx, cancel := context.WithTimeout(t.Context(), time.Second) // net/http pauses before it repeats once more
			_, err = New(client, base, Options{MaxAnswer: 1 << 20}).Do(ctx, &Request{Body: []byte(`{"create":1}`), Repeatable: repeatable}, nil)
			cancel()
			e, ok := errors.AsType[*fault.Error](err)
			if !ok || !e.Sent || repeatable != (runs.Load() > 1) {
				t.Errorf("%s, repeatable: %v: the server saw the request %d times: %v", name, repeatable, runs.Load(), err)
			}
		}
	}
}
