package odootest

import (
	"context"
	"net/http"
	"net/http/httptest"

	orm "github.com/odoogen/odoogen/runtime"
)

// Backstage is a client for seeding a test with typed values, and for looking at what came of it: it acts as the first user,
// with full access; its calls are not logged, and faults do not apply to them.
//
//	id, err := orm.Create(ctx, server.Backstage(), odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
func (s *Server) Backstage() *orm.Client {
	c, err := s.Dial(context.Background(), orm.Using(orm.WebSession), orm.HTTPClient(&http.Client{Transport: stagedoor{s}}))
	if err != nil {
		panic(err) // there is no network in between, and the password is right
	}
	return c
}

// backstage is the first user, with all rights.
func (s *Server) backstage() *user {
	u := *s.users[0]
	u.super = true
	return &u
}

// stagedoor hands requests to the server without a connection.
type stagedoor struct{ server *Server }

type backstageKey struct{}

func isBackstage(ctx context.Context) bool { return ctx.Value(backstageKey{}) != nil }

// RoundTrip answers a request.
func (d stagedoor) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.server.http.Handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), backstageKey{}, true)))
	return w.Result(), nil
}
