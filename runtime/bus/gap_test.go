package bus

import (
	"errors"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// A connection that was lost for longer than the server keeps notifications is an error.
func TestGap(t *testing.T) {
	for _, c := range []struct {
		series string
		last   int64 // 0: nothing was received
		away   time.Duration
		gap    bool
	}{
		{"14.0", 7, 90 * time.Second, false}, {"14.0", 7, 110 * time.Second, true}, {"14.0", 0, 60 * time.Second, true}, {"14.0", 0, 40 * time.Second, false},
		{"18.0", 7, 110 * time.Second, true},
		{"19.0", 7, 23 * time.Hour, false}, {"19.0", 7, 25 * time.Hour, true}, {"19.0", 0, 60 * time.Second, true},
	} {
		schema, err := snapshot.Decode(generated.Snapshot)
		if err != nil {
			t.Fatal(err)
		}
		schema.Server.Series = c.series
		client, err := odootest.New(t, schema).Dial(t.Context(), orm.Using(orm.WebSession))
		if err != nil {
			t.Fatal(err)
		}
		l, err := newListener(client, nil)
		if err != nil {
			t.Fatal(err)
		}
		var errs []error
		l.yield = func(_ Notification, err error) bool { errs = append(errs, err); return true }
		if err := l.connect(WebSocket); err != nil || len(errs) != 0 {
			t.Errorf("%+v: the first connection: %v, %v", c, err, errs)
		}
		l.history.base = c.last
		l.worked.Store(time.Now().Add(-c.away).UnixNano())
		if err := l.connect(WebSocket); err != nil || (len(errs) == 1) != c.gap || c.gap && !errors.Is(errs[0], ErrGap) {
			t.Errorf("%+v: %v, %v", c, err, errs)
		}
	}
}
