package orm

import (
	"io"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// intake takes the records of a call off its answer while it arrives.
type intake struct {
	*codec.Stream
	within []string // the keys in the result that lead to the list
}

// newIntake returns the intake for records of a plan, of which the call asks for the fields of the tree.
func newIntake(p *codec.Plan, t *fieldTree) *intake {
	return &intake{Stream: codec.NewStream(p, t.asked(p, codec.Asked{}))}
}

// at is the intake for a list that stands within the result.
func (in *intake) at(keys ...string) *intake {
	in.within = keys
	return in
}

// prepare sets the path to the list, and gives what takes the records.
func (in *intake) prepare(_ *transport.Request, path []string) (transport.Sink, error) {
	in.At(slices.Concat(path, in.within)...)
	return func(a *transport.Answer, body io.Reader) (err error) {
		a.Body, err = in.Receive(body, a.Length)
		return err
	}, nil
}

func (in *intake) spent() bool { return false }
