package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

const attachmentModel = "ir.attachment"

var (
	// ErrChanged means that the file is not the one of the ETag of [Part].
	ErrChanged = errors.New("files: the file has changed")
	// ErrNoImage means that the field has no image.
	ErrNoImage = errors.New("files: the field has no image")
)

// Content describes a file that was fetched.
type Content struct {
	Size      int64  // bytes written, also with an error
	Type      string // media type
	Name      string // of the file; "" where the server does not send it, as Odoo 14
	ETag      string // of these bytes: see [Part]
	Unchanged bool   // the file has the ETag of Part, and was not sent
}

// Part is what to fetch of a file. The zero value is all of it.
type Part struct {
	// ETag is that of an earlier [Content]. Without an Offset, a file that still has it is not sent. With an Offset, a file
	// that has another one is [ErrChanged].
	ETag string
	// Offset is the first byte, to go on with a file of which a part was fetched. Before Odoo 16 it is an error.
	Offset int64
}

// Fetch writes the file of an attachment to w as it arrives. It needs no web session: the address has an access token, which Odoo stores in the
// attachment. Unlike [Download] it can leave out a file that is known, or the start of one, and the server sends the file
// without encoding it.
func Fetch[M any](ctx context.Context, c *orm.Client, id orm.ID[M], part Part, w io.Writer) (Content, error) {
	model, err := records.ModelOf[M](c)
	if err == nil && model.Name() != attachmentModel {
		err = fmt.Errorf("%s is no %s: see Download", model.Name(), attachmentModel)
	}
	if err == nil {
		err = part.check(c)
	}
	if err != nil {
		return Content{}, fmt.Errorf("files: %w", err)
	}
	var tokens []string
	err = model.Call(ctx, "generate_access_token", []int64{int64(id)}, nil, &tokens)
	switch {
	case errors.Is(err, orm.ErrMissing):
		return Content{}, records.Missing(model, int64(id))
	case err != nil:
		return Content{}, err
	case len(tokens) != 1:
		return Content{}, fmt.Errorf("files: %s %d has %d access tokens", attachmentModel, id, len(tokens))
	}
	page := &door.Page{
		Model: attachmentModel, Method: "content", Path: fmt.Sprintf("web/content/%d", id), Query: url.Values{"access_token": tokens}, To: w,
		Public: true, Ask: part.header(), Takes: part.takes,
	}
	return fetched(ctx, c, page)
}

func (p Part) check(c *orm.Client) error {
	switch {
	case p.Offset < 0:
		return fmt.Errorf("the offset %d is negative", p.Offset)
	case p.Offset > 0 && !odoofacts.ContentRange.InSeries(c.Version().Series):
		return fmt.Errorf("the server does not send parts of files (Odoo %s)", c.Version().Series)
	}
	return nil
}

func (p Part) header() http.Header {
	header := http.Header{}
	switch {
	case p.Offset > 0:
		header.Set("Range", fmt.Sprintf("bytes=%d-", p.Offset))
	case p.ETag != "":
		header.Set("If-None-Match", p.ETag)
	}
	return header
}

// takes reports whether an answer has what was asked for.
func (p Part) takes(status int, header http.Header) bool {
	if p.Offset == 0 {
		return status == http.StatusOK || status == http.StatusNotModified && p.ETag != ""
	}
	from := fmt.Sprintf("bytes %d-", p.Offset)
	return status == http.StatusPartialContent && strings.HasPrefix(header.Get("Content-Range"), from) && (p.ETag == "" || p.ETag == header.Get("ETag"))
}

// Image writes a picture in a field, made to fit into a width and a height in pixels, which needs a web session. Odoo keeps the proportions, and makes no
// picture larger. Clients with a key read the sizes that Odoo stores, as image_128, with [Download].
//
// Odoo answers with the picture of a camera where there is no image, no record or no permission. Here these are [ErrNoImage],
// [orm.ErrNoRecord] and [orm.ErrAccess].
func Image[M any](ctx context.Context, c *orm.Client, id orm.ID[M], f orm.Field[M, []byte], width, height int, w io.Writer) (Content, error) {
	model, err := records.ModelOf[M](c)
	if err == nil && (width <= 0 || height <= 0) {
		err = fmt.Errorf("an image of %d by %d pixels", width, height)
	}
	if err == nil && c.Protocol() != orm.WebSession {
		err = fmt.Errorf("images in a size need a web session, and the client uses %s", c.Protocol())
	}
	if err != nil {
		return Content{}, fmt.Errorf("files: %w", err)
	}
	field, err := door.FileField(ctx, model, int64(id), string(f))
	if err != nil {
		return Content{}, err
	}
	if err := mustHaveFile(ctx, model, int64(id), field); err != nil {
		return Content{}, err
	}
	page := &door.Page{
		Model: model.Name(), Method: "image", Path: fmt.Sprintf("web/image/%s/%d/%s/%dx%d", model.Name(), id, field, width, height), To: w, Takes: isPicture,
	}
	content, err := fetched(ctx, c, page)
	if errors.Is(err, orm.ErrMalformed) {
		err = fmt.Errorf("%w: %s %d, %s: %w", ErrNoImage, model.Name(), id, field, err)
	}
	return content, err
}

// mustHaveFile reads whether the field has a file, which fails as a read does.
func mustHaveFile(ctx context.Context, model orm.Model, id int64, field string) error {
	var found []map[string]any
	err := model.Call(ctx, "read", []int64{id}, orm.Args{"fields": []string{field}}, &found, orm.Context{"bin_size": true})
	switch {
	case errors.Is(err, orm.ErrMissing), err == nil && len(found) == 0:
		return records.Missing(model, id)
	case err == nil && (found[0][field] == false || found[0][field] == nil):
		return fmt.Errorf("%w: %s %d, %s", ErrNoImage, model.Name(), id, field)
	}
	return err
}

// isPicture reports whether an answer is an image that is not the placeholder, which Odoo names from 16 on.
func isPicture(status int, header http.Header) bool {
	return status == http.StatusOK && strings.HasPrefix(header.Get("Content-Type"), "image/") && fileName(header) != "placeholder.png"
}

func fetched(ctx context.Context, c *orm.Client, page *door.Page) (Content, error) {
	err := door.Fetch(ctx, c, page)
	if e, ok := errors.AsType[*orm.Error](err); ok && page.Ask.Get("Range") != "" && (e.Status == http.StatusPartialContent || e.Status == http.StatusRequestedRangeNotSatisfiable) {
		err = fmt.Errorf("%w, or has no byte at the offset: %w", ErrChanged, err)
	}
	kind, _, _ := mime.ParseMediaType(page.Header.Get("Content-Type"))
	return Content{
		Size: page.Size, Type: kind, Name: fileName(page.Header), ETag: page.Header.Get("ETag"), Unchanged: page.Status == http.StatusNotModified,
	}, err
}

func fileName(header http.Header) string {
	_, parameters, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	return parameters["filename"]
}
