package odootest_test

import (
	"sync"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// Everything at once, over every protocol: the race detector looks on.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	tag := create(t, s, "x.tag", map[string]any{"name": "a"})
	s.Method("x.tag", "rename", func(call odootest.Call) (any, error) {
		return true, call.Write("x.tag", call.IDs, map[string]any{"name": "b"})
	})
	s.Inject(odootest.On{Method: "rename", Times: 3}, odootest.Latency(time.Millisecond))
	state := s.Snapshot()
	var wait sync.WaitGroup
	for _, way := range []orm.DialOption{orm.Using(orm.JSONRPC), orm.Using(orm.WebSession), orm.APIKey("admin", "admin-key")} {
		for range 3 {
			wait.Go(func() {
				c, err := s.Dial(t.Context(), way)
				if err != nil {
					t.Error(err)
					return
				}
				for range 10 {
					if err := c.Model("x.tag").Call(t.Context(), "rename", []int64{tag}, nil, nil); err != nil {
						t.Error(err)
					}
					var ids []int64
					if err := c.Model("x.tag").Search(t.Context(), &ids, orm.Expr{}); err != nil || len(ids) != 1 {
						t.Error(ids, err)
					}
				}
			})
		}
	}
	wait.Go(func() {
		s.ExpireSessions()
		for range 10 {
			s.Restore(state)
			s.Snapshot()
			s.Calls()
			s.Inject(odootest.On{Method: "nothing"}, odootest.Conflict())
		}
	})
	wait.Wait()
	kw(t, s, "x.tag", "rename", []any{[]any{tag}}, nil).result(t, `true`)
	kw(t, s, "x.tag", "read", []any{[]any{tag}, []any{"name"}}, nil).result(t, `[{"id":1,"name":"b"}]`)
}
