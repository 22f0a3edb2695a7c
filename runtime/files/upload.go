// Package files sends and receives the files in binary fields of records, without holding them in memory.
//
//	err := files.Upload(ctx, c, id, odoo.IrAttachmentF.Datas, file, -1)
//	n, err := files.Download(ctx, c, id, odoo.IrAttachmentF.Datas, w)
package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Upload sets a binary field of a record to what r holds, which it sends as it reads. size is the number of bytes, or -1
// if it is not known; a file that turns out shorter or longer than its size is an error and not written.
//
// Odoo wants to know the size beforehand. Of an [io.Seeker], such as a file, it is found out; what another reader of
// unknown size holds is put into a temporary file first.
//
// A reader that cannot seek can be sent once only: it is never sent again after a failure, and for it one small call
// makes sure beforehand that the session is alive and the record exists. After an error of Upload, r is at an undefined
// place.
//
// From version 17 on, Odoo refuses requests larger than 128 MiB: a file of 96 MiB. On the web session and JSON-2, its
// system parameter web.max_file_upload_size (bytes) sets another limit. A proxy before the server may have a smaller one
// (nginx: client_max_body_size). The error is [orm.ErrTooLarge].
func Upload[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, []byte], r io.Reader, size int64, opts ...orm.WriteOption) error {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return send(ctx, model, int64(id), string(f), r, size, opts)
}

// UploadTo is [Upload] for a model without bindings, by its name and that of the field.
func UploadTo(ctx context.Context, c *orm.Client, name string, id int64, field string, r io.Reader, size int64, opts ...orm.WriteOption) error {
	model, err := records.Model(c, name)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return send(ctx, model, id, field, r, size, opts)
}

func send(ctx context.Context, model orm.Model, id int64, field string, r io.Reader, size int64, opts []orm.WriteOption) error {
	field, err := door.FileField(ctx, model, id, field)
	if err != nil {
		return err
	}
	u, err := newUpload(r, size)
	if err != nil {
		return err
	}
	defer u.discard()
	if !u.repeats {
		if err := checkSession(ctx, model, id, opts); err != nil {
			return err
		}
	}
	values := orm.Args{field: u.mark}
	_, err = door.SendFile(ctx, model, door.FileCall{Method: "write", ID: id, Argument: "vals", Value: values, Mark: u.mark, Delivery: u}, opts)
	return err
}

// checkSession makes sure that the next call finds a session, and the record.
func checkSession(ctx context.Context, model orm.Model, id int64, opts []orm.WriteOption) error {
	var found []struct {
		ID int64 `odoo:"id"`
	}
	err := model.Invoke(ctx, &found, []int64{id}, orm.Invocation{
		Method: "read", Args: []orm.Argument{{Name: "fields", Value: []string{codec.NameID}}}, ReadOnly: true,
	}, opts...)
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return records.Missing(model, id)
	case len(found) > 1 || found[0].ID != id:
		return &orm.DecodeError{Model: model.Name(), Reason: otherRecords}
	}
	return nil
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
		u.start, u.repeats = start, err == nil // a pipe is an os.File too, and cannot
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

// Spent reports that the file has been sent and cannot be read again.
func (u *upload) Spent() bool { return u.file != nil && u.file.started && !u.repeats }

// Prepare puts the file in the place of its mark.
func (u *upload) Prepare(r *transport.Request, _ []string) (transport.Sink, error) {
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
