package files

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/records"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Download writes the file in a binary field of a record to w as it arrives, without holding it in memory, and gives
// the number of bytes written, also with an error. No file, which to Odoo is the same as an empty one, is 0 bytes.
//
// A record that does not exist is [orm.ErrNoRecord]. A connection that breaks is [orm.ErrCutOff], with the start of the file
// written; it is tried again only if nothing was. [orm.MaxAnswer] limits what comes around the file, not the file,
// and the timeout of the HTTP client limits how long nothing arrives. The server holds the file several times while it
// answers.
//
// Some binary fields do not contain base64, such as raw of ir.attachment, which is text. They have the type [json.RawMessage]
// in generated packages; by their names they are an error.
func Download[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, []byte], w io.Writer, contexts ...orm.Context) (n int64, err error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return 0, fmt.Errorf("files: %w", err)
	}
	return receive(ctx, model, int64(id), string(f), w, contexts)
}

// DownloadFrom is [Download] for a model without bindings, by its name and that of the field.
func DownloadFrom(ctx context.Context, c *orm.Client, name string, id int64, field string, w io.Writer, contexts ...orm.Context) (n int64, err error) {
	model, err := records.Model(c, name)
	if err != nil {
		return 0, fmt.Errorf("files: %w", err)
	}
	return receive(ctx, model, id, field, w, contexts)
}

func receive(ctx context.Context, model orm.Model, id int64, field string, w io.Writer, contexts []orm.Context) (n int64, err error) {
	if field, err = door.FileField(ctx, model, id, field); err != nil {
		return 0, err
	}
	d := &download{FileWriter: transport.FileWriter{To: w}, field: field, most: door.MaxAnswer(model)}
	whole := orm.Context{"bin_size": false, "bin_size_" + field: false}
	raw, err := door.SendFile(ctx, model, door.FileCall{Method: "read", ID: id, Argument: "fields", Value: []string{field}, Delivery: d},
		records.Options(append(slices.Clip(contexts), whole)))
	if err == nil {
		err = d.check(raw, model, id)
	}
	if e, ok := errors.AsType[*orm.DecodeError](err); ok {
		e.Model, e.ID, e.Field = model.Name(), id, field
	}
	return d.Size, err
}

// download is a file on its way from the server.
type download struct {
	transport.FileWriter
	field string
	found bool  // the answer has a file
	most  int64 // bytes that the answer may have around the file
}

// Spent reports that a part of the file has been written.
func (d *download) Spent() bool { return d.Begun }

// Prepare makes the answer lose its file as it arrives.
func (d *download) Prepare(r *transport.Request, _ []string) (transport.Sink, error) {
	d.found = false
	r.Patient = true
	return func(a *transport.Answer, body io.Reader) error {
		x := &extractor{r: bufio.NewReaderSize(body, pieceBase64), d: d}
		err := x.run()
		a.Body = x.rest
		return err
	}, nil
}

// check looks at the result without the file: a list of one record, with true in place of the file.
func (d *download) check(raw json.RawMessage, model orm.Model, id int64) error {
	var found []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &found); err != nil {
		return &orm.DecodeError{Reason: "the answer is not a list of records"}
	}
	if len(found) == 0 {
		return records.Missing(model, id)
	}
	value := string(found[0][d.field])
	switch {
	case len(found) > 1 || string(found[0][codec.NameID]) != "" && string(found[0][codec.NameID]) != strconv.FormatInt(id, 10):
		return &orm.DecodeError{Reason: otherRecords}
	case d.found || value == "false" || value == "null":
		return nil
	}
	return &orm.DecodeError{Reason: fmt.Sprintf("want base64, got %.40q", value)}
}

const otherRecords = "the server sent other records than those asked for"

// extractor reads an answer and takes the file out of it: the text of the field, in a record of the list that is the
// result. The rest it keeps, with true in place of the file. It takes anything for JSON; the protocol, which is given
// the rest, knows better.
type extractor struct {
	r    *bufio.Reader
	d    *download
	rest []byte
	open []opened
	text [2]int // where in the rest the last text is
}

// opened is a list or an object that is open, and at which of its members the answer is.
type opened struct{ isObject, atField, atResult bool }

func (x *extractor) run() error {
	for {
		c, err := x.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err == nil && c == '"' && x.isFile():
			err = x.file()
		case err == nil && c == '"':
			err = x.string()
		case err == nil:
			if err = x.keep(c); err == nil {
				err = x.follow(c)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (x *extractor) keep(c byte) error {
	if int64(len(x.rest)) >= x.d.most {
		return &fault.Error{Kind: fault.TooLarge, Sent: true, Message: fmt.Sprintf("the answer is larger than %d bytes", x.d.most)}
	}
	x.rest = append(x.rest, c)
	return nil
}

// follow keeps track of where in the answer it is.
func (x *extractor) follow(c byte) error {
	switch c {
	case '{', '[':
		if len(x.open) == codec.MaxDepth {
			return &fault.Error{Kind: fault.Malformed, Sent: true, Message: fmt.Sprintf("the answer is nested more than %d deep", codec.MaxDepth)}
		}
		x.open = append(x.open, opened{isObject: c == '{'})
	case '}', ']':
		x.open = x.open[:max(0, len(x.open)-1)]
	case ':', ',':
		if len(x.open) == 0 {
			break
		}
		top, key := &x.open[len(x.open)-1], string(x.rest[x.text[0]:x.text[1]])
		top.atField, top.atResult = c == ':' && key == x.d.field, c == ':' && key == "result"
	}
	return nil
}

// isFile reports whether the text that begins is the file: in [{field: …}], or in {"result": [{field: …}]}.
func (x *extractor) isFile() bool {
	n := len(x.open)
	if n != 2 && (n != 3 || !x.open[0].atResult) {
		return false
	}
	record, list := x.open[n-1], x.open[n-2]
	return record.atField && record.isObject && !list.isObject && !x.d.found
}

// string keeps a text that is not the file.
func (x *extractor) string() error {
	if err := x.keep('"'); err != nil {
		return err
	}
	x.text[0] = len(x.rest)
	for escaped := false; ; {
		c, err := x.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = x.keep(c)
		}
		switch {
		case err != nil:
			return err
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			x.text[1] = len(x.rest) - 1
			return nil
		}
	}
}

// file decodes the text up to its end.
func (x *extractor) file() error {
	x.d.found = true
	x.rest = append(x.rest, "true"...)
	sink := &base64Sink{to: x.d}
	for {
		if _, err := x.r.Peek(1); err == io.EOF {
			return &fault.Error{Kind: fault.CutOff, Sent: true, Message: "the answer ends within the file"}
		} else if err != nil {
			return err
		}
		span, _ := x.r.Peek(x.r.Buffered())
		if i := bytes.IndexByte(span, '"'); i >= 0 {
			span = span[:i]
		}
		if i := bytes.IndexByte(span, '\\'); i >= 0 {
			span = span[:i]
		}
		if err := sink.put(span...); err != nil {
			return err
		}
		_, _ = x.r.Discard(len(span))
		if x.r.Buffered() == 0 {
			continue
		}
		switch c, _ := x.r.ReadByte(); c {
		case '"':
			return sink.flush()
		case '\\':
			if err := x.escape(sink); err != nil {
				return err
			}
		}
	}
}

// escape takes an escape sequence within the file. Encoders may escape slashes, and break base64 into lines.
func (x *extractor) escape(sink *base64Sink) error {
	var e [5]byte
	if _, err := io.ReadFull(x.r, e[:1]); err != nil {
		return nil //nolint:nilerr // the next look at the answer meets the same error
	}
	switch e[0] {
	case 'n', 'r', 't':
		return nil
	case '/':
		return sink.put('/')
	case 'u':
		if _, err := io.ReadFull(x.r, e[1:]); err != nil {
			return nil //nolint:nilerr // as above
		}
		r, err := strconv.ParseUint(string(e[1:]), 16, 16)
		switch {
		case err == nil && (r == '\n' || r == '\r' || r == '\t'):
			return nil
		case err == nil && r < 0x80:
			return sink.put(byte(r))
		}
	}
	return errNotBase64()
}
