package orm

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// bomb is an answer of 128 MiB that is small on the wire.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":null,"result":"`)
	chunk := bytes.Repeat([]byte("a"), 1<<20)
	for range 128 {
		_, _ = w.Write(chunk)
	}
	_, _ = io.WriteString(w, `"}`)
	_ = w.Close()
	return b.Bytes()
})

// bombing answers requests whose path and body have one of the texts with the bomb, and passes on the others.
func bombing(next http.Handler, status int, texts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, text := range texts {
			if !strings.Contains(r.URL.Path+" "+string(body), text) {
				continue
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write(bomb())
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// Before a login, a server decides on few megabytes of the client's memory, however its answer is packed.
func TestAnswersBeforeTheLoginAreSmall(t *testing.T) {
	const version = `"version"`
	t.Logf("the bomb has %d bytes", len(bomb()))
	for name, c := range map[string]struct {
		texts []string
		way   int
		db    string
		works bool
	}{
		"version":                        {[]string{version}, 0, "acme", true}, // a page gives it
		"all versions":                   {[]string{version, "/web/version", "version_info"}, 0, "acme", false},
		"version, by a page":             {[]string{"version_info", "/web/version"}, 2, "acme", false},
		"databases":                      {[]string{`"list"`, "/web/database/list"}, 0, "", false},
		"databases, by a page":           {[]string{"/web/database/list"}, 2, "", false},
		"login by JSON-RPC":              {[]string{`"authenticate"`}, 0, "acme", false},
		"login by web session":           {[]string{"/web/session/authenticate"}, 2, "acme", false},
		"login by JSON-2":                {[]string{"context_get"}, 3, "acme", false},
		"the cookie of the database":     {[]string{"/web "}, 2, "acme", true},
		"reasons of a login that failed": {[]string{"authenticate", `"db_exist"`, `"list"`, "/web/database/list"}, 0, "acme", false},
	} {
		w := allWays[c.way]
		r := newRig(t, w)
		address := startServer(t, bombing(r.odoo, http.StatusOK, c.texts...))
		login := Password("bot", faultSecret)
		if w.kind == JSON2 {
			login = APIKey("bot", faultSecret)
		}
		before := allocated()
		_, err := Dial(t.Context(), address, Database(c.db), login, Using(w.kind))
		if held := allocated() - before; held > 96<<20 {
			t.Errorf("%s: %d MB were allocated", name, held>>20)
		}
		if c.works != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An answer that reports an error by its status is read as far as it can say something. Others are bounded by MaxAnswer.
func TestAnswersOfCallsAreBounded(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		login := Password("bot", faultSecret)
		if w.kind == JSON2 {
			login = APIKey("bot", faultSecret)
		}
		for status, want := range map[int]error{200: ErrTooLarge, 500: ErrMalformed, 502: ErrUnavailable, 429: ErrRateLimit} {
			c, err := Dial(t.Context(), startServer(t, bombing(r.odoo, status, "bump")), Database("acme"), login, Using(w.kind), Retries(0), MaxAnswer(16<<20))
			if err != nil {
				t.Fatal(err)
			}
			before := allocated()
			err = c.Model("res.partner").Call(t.Context(), "bump", nil, nil, nil)
			if held := allocated() - before; !errors.Is(err, want) || held > 96<<20 {
				t.Errorf("%s, %d: %d MB were allocated: %v", w.name, status, held>>20, err)
			}
			if e, ok := errors.AsType[*Error](err); !ok || e.MaybeDone() != (status != 429) {
				t.Errorf("%s, %d: %v", w.name, status, err)
			}
		}
	}
}
