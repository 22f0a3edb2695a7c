package orm

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Download writes the file in a binary field of a record to w as it arrives, without holding it in memory, and gives
// the number of bytes written, also beside an error. No file, which to Odoo is the same as an empty one, is 0 bytes.
//
// A record that does not exist is [ErrNoRecord]. A connection that breaks is [ErrCutOff], with the start of the file
// written; it is tried again only if nothing was. [MaxAnswer] holds for what comes around the file, not for the file,
// and the timeout of the HTTP client for how long nothing arrives. The server holds the file several times while it
// answers.
//
// Some binary fields do not contain base64, such as raw of ir.attachment, which is text. They have the type [json.RawMessage]
// in generated packages; by their names they are an error.
func Download[M any](ctx context.Context, c *Client, id ID[M], f Field[M, []byte], w io.Writer, contexts ...Context) (n int64, err error) {
	return modelOf[M](c).Download(ctx, int64(id), string(f), w, contexts...)
}

// Upload sets a binary field of a record to what r holds, which it sends as it reads. size is the number of bytes, or -1
// if it is not known; a file that turns out shorter or longer than its size is an error and not written.
//
// Odoo wants to know the size beforehand. Of an [io.Seeker], such as a file, it is found out; what another reader of
// unknown size holds is put into a temporary file first.
//
// A reader that can't seek can be sent once only: it is never sent again after a failure, and for it one small call
// makes sure beforehand that the session is alive and the record exists. Where Upload has failed, r has been read to
// somewhere.
//
// From version 17 on, Odoo refuses requests larger than 128 MiB: a file of 96 MiB. On the web session and JSON-2, its
// system parameter web.max_file_upload_size (bytes) sets another limit. A proxy before the server may have a smaller one
// (nginx: client_max_body_size). The error is [ErrTooLarge].
func Upload[M any](ctx context.Context, c *Client, id ID[M], f Field[M, []byte], r io.Reader, size int64, opts ...WriteOption) error {
	return modelOf[M](c).Upload(ctx, int64(id), string(f), r, size, opts...)
}

// Download is [Download] by the names of model and field.
func (m Model) Download(ctx context.Context, id int64, field string, w io.Writer, contexts ...Context) (n int64, err error) {
	if id == 0 {
		return 0, errors.Join(m.err, errNoID)
	}
	if err := m.checkBase64(field); err != nil {
		return 0, err
	}
	d := &download{field: field, to: w, most: m.c.transport.MaxAnswer()}
	r := &call{method: "read", ids: []int64{id}, args: []arg{{"fields", []string{field}}}, delivery: d}
	o := collect(append(contexts[:len(contexts):len(contexts)], Context{"bin_size": false, "bin_size_" + field: false}))
	var raw json.RawMessage
	if err = m.call(ctx, r, o, &raw); err == nil {
		err = d.check(raw, m.name, id)
	}
	if e, ok := errors.AsType[*DecodeError](err); ok {
		e.Model, e.ID, e.Field = m.name, id, field
	}
	return d.n, err
}

// Upload is [Upload] by the names of model and field.
func (m Model) Upload(ctx context.Context, id int64, field string, r io.Reader, size int64, opts ...WriteOption) error {
	if id == 0 {
		return errors.Join(m.err, errNoID)
	}
	if err := m.checkBase64(field); err != nil {
		return err
	}
	u, err := newUpload(r, size)
	if err != nil {
		return err
	}
	defer u.discard()
	if !u.repeats {
		if err := m.wake(ctx, id, collect(opts)); err != nil {
			return err
		}
	}
	values := Args{field: u.mark}
	return m.call(ctx, &call{method: "write", ids: []int64{id}, args: []arg{{"vals", values}}, delivery: u}, collect(opts), nil)
}

var errNoID = errors.New("orm: 0 is not the id of a record")

// wake makes sure that the next call finds a session, and the record.
func (m Model) wake(ctx context.Context, id int64, o callOptions) error {
	var found []struct {
		ID int64 `odoo:"id"`
	}
	r := &call{method: "read", ids: []int64{id}, args: []arg{{"fields", []string{"id"}}}}
	if err := m.call(ctx, r, o, &found); err != nil {
		return err
	}
	if len(found) == 0 {
		return &noRecordError{fmt.Sprintf("%s %d", m.name, id)}
	}
	return m.checkIDs([]int64{found[0].ID}, id)
}

// A piece of a file on its way, in bytes and in base64.
const (
	pieceBytes  = 24 << 10
	pieceBase64 = pieceBytes / 3 * 4
)

// upload is a file on its way to the server.
type upload struct {
	mark    string // the place of the file in the arguments of the call
	from    io.Reader
	start   int64 // where in from, if it can be repeated
	size    int64
	repeats bool
	file    *base64Source // of the last attempt
	spool   *os.File
}

func newUpload(r io.Reader, size int64) (*upload, error) {
	u := &upload{mark: rand.Text(), from: r, size: size}
	if s, ok := r.(io.Seeker); ok {
		start, err := s.Seek(0, io.SeekCurrent)
		u.start, u.repeats = start, err == nil // a pipe is an os.File too, and can't
	}
	switch {
	case size >= 0:
		return u, nil
	case u.repeats:
		return u, u.measure()
	}
	return u, u.fill()
}

// measure finds out the size of what can be sought in.
func (u *upload) measure() error {
	end, err := u.from.(io.Seeker).Seek(0, io.SeekEnd)
	if err == nil {
		u.size = max(0, end-u.start)
		err = u.rewind()
	}
	return err
}

// fill puts a file of unknown size into a temporary one.
func (u *upload) fill() (err error) {
	if u.spool, err = os.CreateTemp("", "odoo-upload-"); err != nil {
		return fmt.Errorf("orm: a place for the file: %w", err)
	}
	if u.size, err = io.Copy(u.spool, u.from); err != nil {
		u.discard()
		return fmt.Errorf("orm: reading the file: %w", err)
	}
	u.from, u.repeats = u.spool, true
	return nil
}

// discard deletes the temporary file, if there is one.
func (u *upload) discard() {
	if u.spool != nil {
		_ = u.spool.Close()
		_ = os.Remove(u.spool.Name())
	}
}

func (u *upload) rewind() error {
	if !u.repeats {
		return nil
	}
	if _, err := u.from.(io.Seeker).Seek(u.start, io.SeekStart); err != nil {
		return fmt.Errorf("orm: back to the start of the file: %w", err)
	}
	return nil
}

func (u *upload) spent() bool { return u.file != nil && u.file.started && !u.repeats }

// prepare puts the file in the place of its mark.
func (u *upload) prepare(r *transport.Request, _ []string) (transport.Sink, error) {
	if err := u.rewind(); err != nil {
		return nil, err
	}
	before, after, ok := bytes.Cut(r.Body, []byte(u.mark))
	if !ok {
		return nil, errors.New("orm: the message has no place for the file")
	}
	u.file = &base64Source{from: u.from, left: u.size}
	r.Stream = &transport.Stream{
		Reader: io.MultiReader(bytes.NewReader(before), u.file, bytes.NewReader(after)),
		Length: int64(len(before)+len(after)) + (u.size+2)/3*4,
	}
	r.Patient = true
	return nil, nil
}

// base64Source turns a file of a known size into base64.
type base64Source struct {
	from    io.Reader
	left    int64
	started bool
	ready   []byte // what has been encoded and not yet been taken
	raw     [pieceBytes]byte
	coded   [pieceBase64]byte
	err     error // of the file
}

func (s *base64Source) Read(p []byte) (int, error) {
	if len(s.ready) == 0 {
		if err := s.fill(); errors.Is(err, io.EOF) {
			return 0, io.EOF
		} else if err != nil {
			return 0, fmt.Errorf("orm: reading the file: %w", err)
		}
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// fill encodes the next piece. The last one is not given away before the file has proved to end there.
func (s *base64Source) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.started && s.left == 0 {
		return io.EOF
	}
	s.started = true
	piece := s.raw[:min(s.left, pieceBytes)]
	n, err := io.ReadFull(s.from, piece)
	s.left -= int64(n)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		s.err = errors.New("it is shorter than its size")
	case err != nil:
		s.err = err
	case s.left == 0:
		s.ready = base64.StdEncoding.AppendEncode(s.coded[:0], piece)
		s.err = s.atEnd()
	default:
		s.ready = base64.StdEncoding.AppendEncode(s.coded[:0], piece)
	}
	switch {
	case s.err != nil:
		s.ready = nil
		return s.err
	case len(s.ready) == 0: // an empty file
		return io.EOF
	}
	return nil
}

func (s *base64Source) atEnd() error {
	n, err := io.ReadFull(s.from, s.raw[:1])
	switch {
	case n > 0:
		return errors.New("it is longer than its size")
	case err != io.EOF:
		return err
	}
	return nil
}
