package admin

import (
	"context"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

// The fakes answer /jsonrpc with what a test says.
type (
	fakeOdoo = fakeodoo.Server
	fakeCall = fakeodoo.Call
)

var (
	resultOf    = fakeodoo.Result
	answerAll   = fakeodoo.Always
	startServer = fakeodoo.Start
)

// dial is orm.Dial over /jsonrpc, all that the fakes understand.
func dial(ctx context.Context, address string, options ...orm.DialOption) (*orm.Client, error) {
	return orm.Dial(ctx, address, append([]orm.DialOption{orm.Using(orm.JSONRPC)}, options...)...)
}

// dialFake logs in to a fake server.
func dialFake(t *testing.T, f *fakeOdoo, options ...orm.DialOption) *orm.Client {
	t.Helper()
	options = append([]orm.DialOption{orm.Database("acme"), orm.Password("bot", "s3cret")}, options...)
	c, err := dial(t.Context(), startServer(t, f), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
