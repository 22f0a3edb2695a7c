package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Dump and Restore take the routes of Odoo's database manager, /web/database/backup and /web/database/restore, and not
// the methods dump and restore of the service db. Those carry the database as one base64 string in JSON, which the
// server builds in memory: a dump of 8 MB took 43 MB of an Odoo 14, one of 26 MB took 100 MB of an Odoo 19, and
// limit_memory_hard ends larger ones. The routes sent the same dumps from a file without growing at all.
//
// They need neither a session nor a csrf token, but care: as long as the master password of the server is "admin", they
// make whatever password they are given the new one, before they look at it (14 and 19). That is why Dump and Restore
// have it verified through the service first. They answer an error with a page of HTML and the status 200.
const (
	pathBackup  = "/web/database/backup"
	pathRestore = "/web/database/restore"
)

// DumpFormat is the format of a dump.
type DumpFormat string

// The formats of a dump.
const (
	// DumpZip holds dump.sql, a manifest and the filestore (the attachments).
	DumpZip DumpFormat = "zip"
	// DumpCustom is the custom format of pg_dump: what pg_restore reads, without the filestore. Nothing marks its end,
	// so that a connection to Odoo 14 that is cut off in the middle goes unnoticed: prefer DumpZip.
	DumpCustom DumpFormat = "dump"
)

// Dump writes a dump of the database to w as it arrives, whatever its size: MaxAnswer does not apply. After an error, w
// has an incomplete dump or none. A dump that breaks off is [orm.ErrCutOff]. An error of w is returned unchanged.
//
// The server builds a DumpZip on its disk before it sends the first byte. It needs pg_dump, of a version that is not
// older than that of PostgreSQL. A proxy must let /web/database through.
func (d *Databases) Dump(ctx context.Context, name string, format DumpFormat, w io.Writer) error {
	if format != DumpZip && format != DumpCustom {
		return fmt.Errorf("admin: %q is no format of a dump: want admin.DumpZip or admin.DumpCustom", format)
	}
	if err := d.verify(ctx, "dump"); err != nil {
		return err
	}
	if err := d.mustExist(ctx, name); err != nil {
		return err
	}
	form := url.Values{"master_pwd": {d.master()}, "name": {name}, "backup_format": {string(format)}}.Encode()
	r := &transport.Request{Path: pathBackup, Header: contentType("application/x-www-form-urlencoded"), Body: []byte(form), Patient: true}
	q := door.Call{Page: true, Service: "db", Method: "dump", ReadOnly: true}
	patient := d.server.conn.Patient
	return d.server.conn.Run(ctx, q, func(ctx context.Context) error {
		_, err := patient.Do(ctx, r, func(a *transport.Answer, body io.Reader) error {
			if a.Status != http.StatusOK || a.ContentType() != "application/octet-stream" {
				return managerError(patient, a, body)
			}
			return receive(w, body, format)
		})
		return err
	})
}

func receive(w io.Writer, body io.Reader, format DumpFormat) error {
	seen := &ends{}
	if _, err := io.Copy(io.MultiWriter(w, seen), body); err != nil {
		return err
	}
	return seen.complete(format)
}

// How dumps begin, and how a zip ends: with this record of 22 bytes.
const (
	customBegins = "PGDMP"
	zipBegins    = "PK\x03\x04"
	zipEnds      = "PK\x05\x06"
	zipTail      = 22
)

// ends keeps the first and the last bytes of what is written to it. They show whether a dump is complete: Odoo 14 sends
// no length, and when pg_dump fails, the server sends nothing at all with the status 200.
type ends struct {
	first, last []byte
	size        int64
}

func (e *ends) Write(p []byte) (int, error) {
	e.size += int64(len(p))
	if missing := zipTail - len(e.first); missing > 0 {
		e.first = append(e.first, p[:min(missing, len(p))]...)
	}
	e.last = append(e.last, p[max(0, len(p)-zipTail):]...)
	e.last = e.last[max(0, len(e.last)-zipTail):]
	return len(p), nil
}

func (e *ends) complete(format DumpFormat) error {
	begins := zipBegins
	if format == DumpCustom {
		begins = customBegins
	}
	switch {
	case e.size == 0:
		return &fault.Error{Kind: fault.Malformed, Message: "the dump is empty: pg_dump failed on the server, see its log"}
	case !bytes.HasPrefix(e.first, []byte(begins)):
		return &fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("the server sent %d bytes that are no dump of the format %s", e.size, format)}
	case format == DumpZip && !bytes.HasPrefix(e.last, []byte(zipEnds)):
		return &fault.Error{Kind: fault.CutOff, Message: fmt.Sprintf("the dump breaks off after %d bytes", e.size)}
	}
	return nil
}

// RestoreOptions say what the restored database is to be.
type RestoreOptions struct {
	// Copy gives it a dbuuid of its own, for a copy that lives beside the original. Without it, the database is the
	// original, moved.
	Copy bool
	CopyOptions
}

// Restore makes a database from a dump of either format, which is sent while it is read and never held in memory. When r
// is an [io.Seeker], such as a file, its length is announced, which proxies like better; otherwise it is sent in chunks.
//
// An error of the server after the database was created leaves an incomplete one behind.
func (d *Databases) Restore(ctx context.Context, name string, r io.Reader, o RestoreOptions) error {
	if err := d.canNeutralize(ctx, "restore", o.CopyOptions); err != nil {
		return err
	}
	if err := d.verify(ctx, "restore"); err != nil {
		return err
	}
	if err := d.mustNotExist(ctx, name); err != nil {
		return err
	}
	form, kind, err := d.restoreForm(name, o)
	if err != nil {
		return err
	}
	length, err := remaining(r)
	if err != nil {
		return fmt.Errorf("admin: the length of the dump: %w", err)
	}
	if length >= 0 {
		length += int64(len(form.head) + len(form.tail))
	}
	body := io.MultiReader(strings.NewReader(form.head), r, strings.NewReader(form.tail))
	request := &transport.Request{
		Path: pathRestore, Header: contentType(kind), Stream: &transport.Stream{Reader: body, Length: length}, Patient: true,
	}
	q := door.Call{Page: true, Service: "db", Method: "restore"}
	return d.server.conn.Run(ctx, q, func(ctx context.Context) error {
		_, err := d.server.conn.Patient.Do(ctx, request, d.restored)
		return err
	})
}

// restored looks at the answer: Odoo's pages go on to the manager after a restore.
func (d *Databases) restored(a *transport.Answer, body io.Reader) error {
	to, err := url.Parse(a.Header.Get("Location"))
	if err == nil && a.Status == http.StatusSeeOther && strings.HasSuffix(to.Path, "/web/database/manager") {
		return nil
	}
	return managerError(d.server.conn.Patient, a, body)
}

// form is a multipart form, less the file between its two parts.
type form struct{ head, tail string }

func (d *Databases) restoreForm(name string, o RestoreOptions) (f form, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := [][2]string{{"master_pwd", d.master()}, {"name", name}, {"copy", strconv.FormatBool(o.Copy)}}
	if o.Neutralize {
		fields = append(fields, [2]string{"neutralize_database", "true"})
	}
	for _, field := range fields {
		err = errors.Join(err, w.WriteField(field[0], field[1]))
	}
	_, failed := w.CreateFormFile("backup_file", "dump")
	f.head = b.String()
	b.Reset()
	err = errors.Join(err, failed, w.Close())
	f.tail = b.String()
	return f, w.FormDataContentType(), err
}

// remaining is how much a reader has left, -1 if that is unknown.
func remaining(r io.Reader) (int64, error) {
	s, ok := r.(io.Seeker)
	if !ok {
		return -1, nil
	}
	here, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1, nil //nolint:nilerr // a pipe is a file that cannot seek
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = s.Seek(here, io.SeekStart)
	}
	return end - here, err
}

// Where the database manager's page has the error, and what it says before it.
var (
	pageAlert  = regexp.MustCompile(`(?s)<div class="alert alert-danger">(.*?)</div>`)
	pageTag    = regexp.MustCompile(`<[^>]*>`)
	pagePrefix = regexp.MustCompile(`^Database (backup|restore) error: `)
)

// managerError is what the database manager's page says, or else that the answer is not Odoo's.
func managerError(t *transport.Transport, a *transport.Answer, body io.Reader) (err error) {
	const longest = 1 << 20 // a page has some 60 kB
	if a.Body, err = io.ReadAll(io.LimitReader(body, longest)); err != nil {
		return err
	}
	found := pageAlert.FindSubmatch(a.Body)
	if found == nil {
		return protocol.NotOdoo(t, a)
	}
	text := html.UnescapeString(pageTag.ReplaceAllString(string(found[1]), ""))
	return &fault.Error{Message: pagePrefix.ReplaceAllString(strings.TrimSpace(text), "")}
}

func contentType(kind string) http.Header {
	h := http.Header{}
	h.Set("Content-Type", kind)
	return h
}
