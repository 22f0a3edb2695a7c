package orm

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/odoogen/odoogen/runtime/internal/transport"
)

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

// Upload is [Upload] by the names of model and field.
func (m Model) Upload(ctx context.Context, id int64, field string, r io.Reader, size int64, opts ...WriteOption) error {
	field, err := m.fileField(ctx, id, field)
	if err != nil {
		return err
	}
	u, err := newUpload(r, size)
	if err != nil {
		return err
	}
	defer u.discard()
	if !u.repeats {
		if err := m.checkSession(ctx, id, collect(opts)); err != nil {
			return err
		}
	}
	values := Args{field: u.mark}
	return m.call(ctx, &call{method: "write", ids: []int64{id}, args: []arg{{"vals", values}}, delivery: u}, collect(opts), nil)
}

// checkSession makes sure that the next call finds a session, and the record.
func (m Model) checkSession(ctx context.Context, id int64, o callOptions) error {
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
