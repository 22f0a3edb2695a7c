package odootest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// closing is a gateway before the server that closes /jsonrpc with a status, or drops the connection if it is 0. seen counts
// the requests for /jsonrpc.
func closing(t *testing.T, s *odootest.Server, status int, seen *atomic.Int32) string {
	t.Helper()
	to, err := url.Parse(s.URL)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.URL.Path, "/jsonrpc"):
			proxy.ServeHTTP(w, r)
		case status == 0:
			seen.Add(1)
			panic(http.ErrAbortHandler)
		default:
			seen.Add(1)
			http.Error(w, "closed", status)
		}
	}))
	t.Cleanup(gateway.Close)
	return gateway.URL
}

// Gateways close /jsonrpc in every way. What does not need it works, and says nothing of it.
func TestAGatewayThatClosesJSONRPC(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		s := odootest.New(t, small(series))
		for _, status := range []int{0, 401, 403, 404, 405, 410, 503} {
			for name, options := range map[string][]orm.DialOption{
				"web session": {orm.Password("admin", "admin"), orm.Using(orm.WebSession)},
				"password":    {orm.Password("admin", "admin")},
				"JSON-2":      {orm.APIKey("admin", "admin-key"), orm.Using(orm.JSON2)},
				"key":         {orm.APIKey("admin", "admin-key")},
			} {
				if series != "19.0" && (name == "JSON-2" || name == "key") {
					continue
				}
				for _, named := range []bool{true, false} {
					var seen atomic.Int32
					all := options
					if named {
						all = append([]orm.DialOption{orm.Database("demo")}, options...)
					}
					c, err := orm.Dial(t.Context(), closing(t, s, status, &seen), all...)
					if err != nil {
						t.Errorf("%s, %d, %s: %v", series, status, name, err)
						continue
					}
					if _, err := c.Model("x.tag").Count(t.Context(), orm.Expr{}); err != nil {
						t.Errorf("%s, %d, %s: %v", series, status, name, err)
					}
					if len(options) > 1 && seen.Load() > 0 {
						t.Errorf("%s, %d, %s: %d requests to /jsonrpc", series, status, name, seen.Load())
					}
				}
			}
		}
		var seen atomic.Int32
		address := closing(t, s, 403, &seen)
		_, err := orm.Dial(t.Context(), address, orm.Database("nope"), orm.Password("admin", "admin"), orm.Using(orm.WebSession))
		if err == nil || seen.Load() > 0 || !errors.Is(err, orm.ErrNoDatabase) {
			t.Errorf("%s: an unknown database: %v", series, err)
		}
		_, err = orm.Dial(t.Context(), address, orm.Database("nope"), orm.Password("admin", "admin"))
		if !errors.Is(err, orm.ErrNoDatabase) || !strings.HasSuffix(err.Error(), `has no database "nope"; it has demo`) {
			t.Errorf("%s: an unknown database, by any protocol: %v", series, err)
		}
	}
}
