//go:build live

package livetest

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
)

// Files of attachments by their access token: whole, unless they are known, and from an offset.
func TestLiveFetch(t *testing.T) { onEach(t, liveFetch) }

func liveFetch(t *testing.T, c *orm.Client) {
	ctx, id := t.Context(), newAttachment(t, c)
	upload := func(text string) {
		if err := files.Upload(ctx, c, id, AttachmentF.Datas, strings.NewReader(text), -1); err != nil {
			t.Fatal(err)
		}
	}
	fetch := func(part files.Part) (files.Content, string, error) {
		var out bytes.Buffer
		content, err := files.Fetch(ctx, c, id, part, &out)
		if content.Size != int64(out.Len()) {
			t.Errorf("%d bytes of %d", content.Size, out.Len())
		}
		return content, out.String(), err
	}
	upload("Hello, Odoo")
	whole, text, err := fetch(files.Part{})
	if err != nil || text != "Hello, Odoo" || whole.Type == "" || whole.ETag == "" || whole.Unchanged {
		t.Fatalf("%+v, %q, %v", whole, text, err)
	}
	if again, text, err := fetch(files.Part{ETag: whole.ETag}); err != nil || text != "" || !again.Unchanged || again.ETag != whole.ETag {
		t.Errorf("a known file: %+v, %q, %v", again, text, err)
	}
	rest, text, err := fetch(files.Part{Offset: 7, ETag: whole.ETag})
	if c.Version().Major < 16 {
		if err == nil || !strings.Contains(err.Error(), "does not send parts") || text != "" {
			t.Errorf("a part: %v, %q", err, text)
		}
	} else {
		if err != nil || text != "Odoo" || rest.ETag != whole.ETag {
			t.Errorf("a part: %+v, %q, %v", rest, text, err)
		}
		if _, text, err := fetch(files.Part{Offset: 70}); !errors.Is(err, files.ErrChanged) || text != "" {
			t.Errorf("behind the end: %q, %v", text, err)
		}
	}
	upload("Hello, Golang")
	if changed, text, err := fetch(files.Part{ETag: whole.ETag}); err != nil || text != "Hello, Golang" || changed.Unchanged || changed.ETag == whole.ETag {
		t.Errorf("a changed file: %+v, %q, %v", changed, text, err)
	}
	if c.Version().Major >= 16 {
		if _, text, err := fetch(files.Part{Offset: 7, ETag: whole.ETag}); !errors.Is(err, files.ErrChanged) || text != "" {
			t.Errorf("the rest of another file: %q, %v", text, err)
		}
	}
	if _, err := files.Fetch(ctx, c, orm.ID[Attachment](1<<30), files.Part{}, io.Discard); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("no record: %v", err)
	}
	if _, err := files.Fetch(ctx, c, orm.ID[Partner](1), files.Part{}, io.Discard); err == nil || !strings.Contains(err.Error(), "is no ir.attachment") {
		t.Errorf("a partner: %v", err)
	}
}

// Pictures in a size, for a web session. Where Odoo would send its placeholder, there is an error.
func TestLiveImage(t *testing.T) { onEach(t, liveImage) }

func liveImage(t *testing.T, c *orm.Client) {
	ctx, f := t.Context(), newFixture(t, c)
	picture := orm.Field[Partner, []byte]("image_1920")
	wide := image.NewNRGBA(image.Rect(0, 0, 400, 200))
	wide.Set(3, 3, color.White)
	var encoded, out bytes.Buffer
	if err := png.Encode(&encoded, wide); err != nil {
		t.Fatal(err)
	}
	if err := files.Upload(ctx, c, f.ann, picture, &encoded, -1); err != nil {
		t.Fatal(err)
	}
	content, err := files.Image(ctx, c, f.ann, picture, 100, 100, &out)
	if c.Protocol() != orm.WebSession {
		if err == nil || !strings.Contains(err.Error(), "need a web session") || out.Len() > 0 {
			t.Errorf("without a session: %v, %d bytes", err, out.Len())
		}
		return
	}
	if err != nil || content.Size != int64(out.Len()) || !strings.HasPrefix(content.Type, "image/") {
		t.Fatalf("%+v, %v", content, err)
	}
	if size, _, err := image.DecodeConfig(&out); err != nil || size.Width != 100 || size.Height != 50 {
		t.Errorf("%d by %d, %v", size.Width, size.Height, err)
	}
	out.Reset()
	if _, err := files.Image(ctx, c, f.ann, picture, 4000, 4000, &out); err != nil {
		t.Error(err)
	}
	if size, _, err := image.DecodeConfig(&out); err != nil || size.Width != 400 || size.Height != 200 {
		t.Errorf("a size that is too large: %d by %d, %v", size.Width, size.Height, err)
	}
	out.Reset()
	if _, err := files.Image(ctx, c, f.cid, picture, 100, 100, &out); !errors.Is(err, files.ErrNoImage) {
		t.Errorf("no image: %v", err)
	}
	if _, err := files.Image(ctx, c, orm.ID[Partner](1<<30), picture, 100, 100, &out); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("no record: %v", err)
	}
	text := newAttachment(t, c)
	if err := files.Upload(ctx, c, text, AttachmentF.Datas, strings.NewReader("no picture"), -1); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Image(ctx, c, text, AttachmentF.Datas, 100, 100, &out); !errors.Is(err, files.ErrNoImage) {
		t.Errorf("a text: %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("%d bytes were written", out.Len())
	}
}
