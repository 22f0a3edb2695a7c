package transport

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// serve is a transport to a server.
func serve(t *testing.T, maxAnswer int64, answer http.HandlerFunc) *Transport {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return New(server.Client(), base, Options{MaxAnswer: maxAnswer})
}

func TestTheLimitOfAnAnswerIsExact(t *testing.T) {
	const text = `{"jsonrpc":"2.0","id":1,"result":7}`
	keep := func(a *Answer, body io.Reader) (err error) {
		a.Body, err = io.ReadAll(body)
		return err
	}
	for limit, fits := range map[int64]bool{int64(len(text)): true, int64(len(text)) - 1: false, 1<<63 - 1: true} {
		for _, announced := range []bool{true, false} {
			server := serve(t, limit, func(w http.ResponseWriter, _ *http.Request) {
				if !announced {
					_ = http.NewResponseController(w).Flush()
				}
				_, _ = io.WriteString(w, text)
			})
			for name, sink := range map[string]Sink{"as a whole": nil, "into a sink": keep} {
				a, err := server.Do(t.Context(), &Request{}, sink)
				if fits && (err != nil || string(a.Body) != text) || !fits && !errors.Is(err, fault.TooLarge) {
					t.Errorf("%s, with a limit of %d: %v", name, limit, err)
				}
			}
		}
	}
}
