package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/stock"
	orm "github.com/odoogen/odoogen/runtime"
)

// serveUntilTheEnd gives what the command prints.
func serveUntilTheEnd(t *testing.T, s *serving, log io.Writer) *bufio.Reader {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := s.run(ctx, w, log)
		w.CloseWithError(errors.Join(err, io.EOF))
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		r.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return bufio.NewReader(r)
}

func writeFile(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// safeBuffer is written to by the server's goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	csv := writeFile(t, filepath.Join(dir, "res.partner.csv"), []byte("id,name\ndemo.azure,Azure Interior\n"))
	users := writeFile(t, filepath.Join(dir, "users.json"), []byte(`[{"login": "bob", "password": "pw", "keys": ["k"], "rights": {"res.partner": ["read"]}}]`))
	log := &safeBuffer{}
	out := serveUntilTheEnd(t, &serving{address: "127.0.0.1:0", database: "shop", users: users, seeds: []string{csv}, verbose: true}, log)
	first, err := out.ReadString('\n')
	if err != nil || !strings.HasPrefix(first, "Odoo 19.0 with ") {
		t.Fatal(first, err)
	}
	second, err := out.ReadString('\n')
	if err != nil || !strings.HasPrefix(second, "database shop, 1 user of ") {
		t.Fatal(second, err)
	}
	_, address, _ := strings.Cut(strings.TrimSpace(first), " at ")
	for _, secret := range []orm.DialOption{orm.Password("bob", "pw"), orm.APIKey("bob", "k")} {
		c, err := orm.Dial(t.Context(), address, secret)
		if err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Name string `odoo:"name"`
		}
		if err := c.Model("res.partner").Find(t.Context(), &rows, orm.Expr{}); err != nil || len(rows) != 1 || rows[0].Name != "Azure Interior" {
			t.Errorf("%v: %v, %v", c.Protocol(), rows, err)
		}
		if _, err := c.Model("res.partner").Create(t.Context(), orm.Args{"name": "x"}); !errors.Is(err, orm.ErrAccess) {
			t.Errorf("%v: %v", c.Protocol(), err)
		}
	}
	for _, want := range []string{"web session session.authenticate", "JSON-2 res.partner.search_read bob", "odoo.exceptions.AccessError"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in\n%s", want, log)
		}
	}
}

// serveSeries serves a stock Odoo and gives its address.
func serveSeries(t *testing.T, series string) string {
	t.Helper()
	out := serveUntilTheEnd(t, &serving{address: "127.0.0.1:0", database: "shop", series: series}, io.Discard)
	first, err := out.ReadString('\n')
	if err != nil || !strings.HasPrefix(first, "Odoo "+series+".0") {
		t.Fatal(first, err)
	}
	_, address, _ := strings.Cut(strings.TrimSpace(first), " at ")
	return address
}

func TestServePrintsNamesOnOneLine(t *testing.T) {
	for name, want := range map[string]string{
		"res.partner": "res.partner", "x\x1b[2J": `x\x1b[2J`, "a\n::error::b": "a ::error::b", "é": "é", "\u202e": `\u202e`,
		strings.Repeat("x", 300): strings.Repeat("x", 200),
	} {
		if got := short(name); got != want {
			t.Errorf("%q is printed as %s, want %s", name, got, want)
		}
	}
}

func TestServeHosts(t *testing.T) {
	out := serveUntilTheEnd(t, &serving{address: "127.0.0.1:0", database: "shop", hosts: []string{"odoo"}}, io.Discard)
	first, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, address, _ := strings.Cut(strings.TrimSpace(first), " at ")
	for host, want := range map[string]int{"odoo": http.StatusOK, "evil.example": http.StatusMisdirectedRequest} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/web/version", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %s", host, answer.Status)
		}
	}
}

// A consumer's program, for each version of Odoo.
func TestConsumerOfEachSeries(t *testing.T) {
	for _, series := range stock.Series {
		t.Run(series, func(t *testing.T) {
			t.Parallel()
			address := serveSeries(t, series)
			testscript.Run(t, scriptParams(t, "testdata/series", func(env *testscript.Env) error {
				env.Vars = append(env.Vars, "ODOO_URL="+address, "ODOO_DB=shop", "ODOO_USER=admin", "ODOO_PASSWORD=admin")
				return nil
			}))
		})
	}
}
