package orm

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// intake takes the records of a call off its answer while it arrives.
type intake struct {
	*codec.Stream
	within []string // the keys in the result that lead to the list
}

func newIntake(p *codec.Plan) *intake { return &intake{Stream: codec.NewStream(p)} }

// at is the intake for a list that stands within the result.
func (in *intake) at(keys ...string) *intake {
	in.within = keys
	return in
}

// records reads the list that an answer has left, and sets the slice dest to all records of the answer.
func (in *intake) records(left json.RawMessage, model string, dest reflect.Value) ([]int64, error) {
	ids, err := in.Records(left, dest)
	return ids, located(err, model)
}

// receive reads an answer and takes its records.
func (in *intake) receive(w *wire, resp *http.Response) (*answer, error) {
	if resp.ContentLength > w.maxAnswer {
		return nil, w.tooLarge()
	}
	left, err := in.Receive(&limitedBody{resp.Body, w.maxAnswer}, resp.ContentLength)
	if errors.Is(err, errTooMuch) {
		err = w.tooLarge()
	}
	return &answer{resp.StatusCode, resp.Header, left}, err
}

var errTooMuch = errors.New("too large")

// limitedBody is a body that fails when it is longer than the limit.
type limitedBody struct {
	io.Reader
	left int64
}

func (l *limitedBody) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return n, errTooMuch
	}
	return n, err
}
