package orm

import (
	"io"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// recordStream decodes the records of a response while it arrives.
type recordStream struct {
	*codec.Stream
	within []string // the path of keys to the list in the result
}

// newRecordStream returns a stream for records of a plan. The call requests the fields of the tree.
func newRecordStream(p *codec.Plan, t *fieldTree) *recordStream {
	return &recordStream{Stream: codec.NewStream(p, t.asked(p, codec.Asked{}))}
}

// at returns the stream for a list at a path within the result.
func (in *recordStream) at(keys ...string) *recordStream {
	in.within = keys
	return in
}

// Prepare sets the path to the list, and returns the sink for the records.
func (in *recordStream) Prepare(_ *transport.Request, path []string) (transport.Sink, error) {
	in.At(slices.Concat(path, in.within)...)
	return func(a *transport.Answer, body io.Reader) (err error) {
		a.Body, err = in.Receive(body, a.Length)
		return err
	}, nil
}

// Spent is false: records that arrive again replace the earlier ones.
func (in *recordStream) Spent() bool { return false }
