package fidelity

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	orm "github.com/odoogen/odoogen/runtime"
)

// tape is an HTTP transport that keeps the bytes of the last answer: the very ones that the client decoded.
type tape struct {
	next http.RoundTripper
	last []byte
}

// echoKey marks the context of a call that is not sent. Its value, a *[]byte, receives the body.
type echoKey struct{}

// RoundTrip is that of an http.RoundTripper.
func (t *tape) RoundTrip(req *http.Request) (*http.Response, error) {
	if body, ok := req.Context().Value(echoKey{}).(*[]byte); ok {
		var err error
		*body, err = io.ReadAll(req.Body)
		return answer([]byte(`{"jsonrpc": "2.0", "result": true}`)), err
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	t.last, err = io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(t.last))
	return resp, err
}

func answer(body []byte) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(body)),
	}
}

// records are those of the last answer, as encoding/json reads them.
func (t *tape) records() ([]map[string]any, error) {
	var a struct {
		Result []map[string]any `json:"result"`
	}
	err := unmarshal(t.last, &a)
	return a.Result, err
}

// encode gives the JSON that the client sends for records: it makes a call that goes no further than the tape.
func encode(ctx context.Context, m orm.Model, records any) ([]map[string]any, error) {
	var body []byte
	err := m.Call(context.WithValue(ctx, echoKey{}, &body), "echo", nil, orm.Args{"records": records}, nil)
	if err != nil {
		return nil, err
	}
	return sentRecords(body)
}

// sentRecords finds the records among the named arguments of a call, which stand apart in a web session's and last in a
// JSON-RPC's.
func sentRecords(body []byte) ([]map[string]any, error) {
	type named struct {
		Records []map[string]any `json:"records"`
	}
	var sent struct {
		Params struct {
			Kwargs named             `json:"kwargs"`
			Args   []json.RawMessage `json:"args"`
		} `json:"params"`
	}
	if err := unmarshal(body, &sent); err != nil || len(sent.Params.Args) == 0 {
		return sent.Params.Kwargs.Records, err
	}
	var kwargs named
	err := unmarshal(sent.Params.Args[len(sent.Params.Args)-1], &kwargs)
	return kwargs.Records, err
}

// unmarshal keeps the text of numbers, and accepts the three that Python writes and JSON does not have.
func unmarshal(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(quoteNonNumbers(data)))
	d.UseNumber()
	return d.Decode(into)
}

// quoteNonNumbers puts NaN, Infinity and -Infinity, where they stand outside texts, into quotes.
func quoteNonNumbers(data []byte) []byte {
	if !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Infinity")) {
		return data
	}
	var out []byte
	inText := false
	for i := 0; i < len(data); i++ {
		switch {
		case inText && data[i] == '\\':
			out = append(out, data[i])
			i++
		case data[i] == '"':
			inText = !inText
		case !inText:
			if word := nonNumber(data[i:]); word != "" {
				out = append(out, '"')
				out = append(out, word...)
				out = append(out, '"')
				i += len(word) - 1
				continue
			}
		}
		out = append(out, data[i])
	}
	return out
}

func nonNumber(data []byte) string {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(data, []byte(word)) {
			return word
		}
	}
	return ""
}
