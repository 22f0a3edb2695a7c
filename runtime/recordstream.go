package orm

import (
	"io"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// recordStream takes the records of a call off its answer while it arrives.
type recordStream struct {
	*codec.Stream
	within []string // the keys in the result that lead to the list
}

// newRecordStream returns the stream of records of a plan, of which the call asks for the fields of the tree.
func newRecordStream(p *codec.Plan, t *fieldTree) *recordStream {
	return &recordStream{Stream: codec.NewStream(p, t.asked(p, codec.Asked{}))}
}

// at is the stream of a list that stands within the result.
func (in *recordStream) at(keys ...string) *recordStream {
	in.within = keys
	return in
}

// Prepare sets the path to the list, and gives what takes the records.
func (in *recordStream) Prepare(_ *transport.Request, path []string) (transport.Sink, error) {
	in.At(slices.Concat(path, in.within)...)
	return func(a *transport.Answer, body io.Reader) (err error) {
		a.Body, err = in.Receive(body, a.Length)
		return err
	}, nil
}

// Spent is false: records that arrive again take the place of the first ones.
func (in *recordStream) Spent() bool { return false }
