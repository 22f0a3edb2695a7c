//go:build live

package livetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
)

// Attachment is like a generated record.
type Attachment struct {
	ID       orm.ID[Attachment] `odoo:"id"`
	Name     string             `odoo:"name"`
	FileSize int64              `odoo:"file_size"`
	Datas    []byte             `odoo:"datas,ondemand"`
}

func (*Attachment) OdooModel() string { return "ir.attachment" }

type AttachmentValues struct {
	Name  orm.Opt[string] `odoo:"name"`
	Datas orm.Opt[[]byte] `odoo:"datas"`
}

func (AttachmentValues) OdooRecord() *Attachment { return nil }

var AttachmentF = struct {
	ID    orm.Rel[Attachment, Attachment]
	Name  orm.Field[Attachment, string]
	Datas orm.Field[Attachment, []byte]
}{"id", "name", "datas"}

func newAttachment(t *testing.T, c *orm.Client) orm.ID[Attachment] {
	t.Helper()
	id := must[orm.ID[Attachment]](t)(orm.Create(t.Context(), c, AttachmentValues{Name: orm.Set("odoogen file")}))
	t.Cleanup(func() {
		if err := orm.Unlink(context.Background(), c, orm.On(id)); err != nil {
			t.Error(err)
		}
	})
	return id
}

// random is a file of random bytes that is never held as a whole: the same each time for the same seed.
func random(seed uint64, size int64) io.Reader {
	var key [32]byte
	key[0] = byte(seed)
	return io.LimitReader(rand.NewChaCha8(key), size)
}

// counted hashes what goes through it, and notes the largest piece.
type counted struct {
	hash.Hash
	n       int64
	largest int
}

func newCounted() *counted { return &counted{Hash: sha256.New()} }

func (c *counted) Write(p []byte) (int, error) {
	c.n, c.largest = c.n+int64(len(p)), max(c.largest, len(p))
	return c.Hash.Write(p)
}

// allocated is how much memory f asks for, freed or not.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestLiveBinaryLarge(t *testing.T) {
	done := map[orm.Protocol]bool{} // one credential is enough for what takes its time
	// Over XML-RPC the whole answer is in memory.
	onEachInJSON(t, func(t *testing.T, c *orm.Client) {
		if !done[c.Protocol()] {
			done[c.Protocol()] = true
			liveBinaryLarge(t, c)
		}
	})
}

// A file of 50 MB goes both ways, in the memory of a few pieces: TotalAlloc only grows, so that it shows a buffer of the
// file however short its life.
func liveBinaryLarge(t *testing.T, c *orm.Client) {
	const size, most = 50 << 20, 4 << 20
	ctx := t.Context()
	id := newAttachment(t, c)
	sent, got := newCounted(), newCounted()
	up := allocated(func() {
		if err := files.Upload(ctx, c, id, AttachmentF.Datas, io.TeeReader(random(1, size), sent), size); err != nil {
			t.Fatal(err)
		}
	})
	down := allocated(func() {
		if n, err := files.Download(ctx, c, id, AttachmentF.Datas, got); n != size || err != nil {
			t.Fatal(n, err)
		}
	})
	if sent.n != size || got.n != size || !bytes.Equal(sent.Sum(nil), got.Sum(nil)) {
		t.Errorf("sent %d bytes, got %d, the same: %v", sent.n, got.n, bytes.Equal(sent.Sum(nil), got.Sum(nil)))
	}
	if up > most || down > most || got.largest > 1<<16 {
		t.Errorf("the upload took %d bytes of memory, the download %d, its largest piece was %d", up, down, got.largest)
	}
	t.Logf("the upload took %d bytes of memory, the download %d, its largest piece was %d", up, down, got.largest)
	if a := must[Attachment](t)(orm.Get[Attachment](ctx, c, id)); a.FileSize != size {
		t.Errorf("Odoo counts %d bytes", a.FileSize)
	}
}

func TestLiveBinarySmall(t *testing.T) { onEach(t, liveBinarySmall) }

func liveBinarySmall(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	id := newAttachment(t, c)
	var w bytes.Buffer
	if n, err := files.Download(ctx, c, id, AttachmentF.Datas, &w); n != 0 || err != nil {
		t.Errorf("no file: %d bytes, %v", n, err)
	}
	for _, size := range []int64{1, 2, 3, 100_000} {
		w.Reset()
		want, _ := io.ReadAll(random(uint64(size), size))
		if err := files.Upload(ctx, c, id, AttachmentF.Datas, random(uint64(size), size), -1); err != nil {
			t.Fatal(err)
		}
		n, err := files.Download(ctx, c.With(orm.Context{"bin_size": true}), id, AttachmentF.Datas, &w)
		if n != size || err != nil || !bytes.Equal(w.Bytes(), want) {
			t.Errorf("%d bytes: %d came back, %v", size, n, err)
		}
		a, err := orm.Get[Attachment](ctx, c, id, orm.Include(AttachmentF.Datas))
		if err != nil || !bytes.Equal(a.Datas, want) {
			t.Errorf("%d bytes: read %d, %v", size, len(a.Datas), err)
		}
	}
	if err := files.Upload(ctx, c, id, AttachmentF.Datas, strings.NewReader(""), 0); err != nil {
		t.Error(err)
	}
	if n, err := files.Download(ctx, c, id, AttachmentF.Datas, io.Discard); n != 0 || err != nil {
		t.Errorf("an empty file: %d bytes, %v", n, err)
	}
}

// The field raw is the content as text: it is never taken for base64, not even where it looks like it.
func TestLiveBinaryRawIsText(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		id, ctx := newAttachment(t, c), t.Context()
		attachments, ids := c.Model("ir.attachment"), []int64{int64(id)}
		for _, content := range []string{"12345678", "deadbeef", "true", "née"} {
			if err := orm.Write(ctx, c, orm.On(id), AttachmentValues{Datas: orm.Set([]byte(content))}); err != nil {
				t.Fatal(err)
			}
			var text []struct {
				Raw   json.RawMessage `odoo:"raw"`
				Datas []byte          `odoo:"datas"`
			}
			if err := attachments.Read(ctx, &text, ids); err != nil || len(text) != 1 || string(text[0].Datas) != content {
				t.Fatal(text, err)
			}
			var raw string
			if err := json.Unmarshal(text[0].Raw, &raw); err != nil || raw != content {
				t.Errorf("raw of %q is %s", content, text[0].Raw)
			}
			var bytes []struct {
				Raw []byte `odoo:"raw"`
			}
			if err := attachments.Read(ctx, &bytes, ids); err == nil || !strings.Contains(err.Error(), `use "datas"`) {
				t.Errorf("raw of %q was read into bytes: %q, %v", content, bytes, err)
			}
		}
		_, err := attachments.Create(ctx, orm.Args{"name": "odoogen raw", "raw": []byte("hello")})
		if err == nil || !strings.Contains(err.Error(), `use "datas"`) {
			t.Errorf("bytes were written to raw: %v", err)
		}
	})
}

// A picture is a binary field of its own; Odoo makes smaller ones of it.
func TestLiveBinaryPicture(t *testing.T) { onEach(t, liveBinaryPicture) }

func liveBinaryPicture(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	picture := orm.Field[Partner, []byte]("image_1920")
	var company, back bytes.Buffer
	if n, err := files.Download(t.Context(), c, 1, picture, &company); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	if err := files.Upload(t.Context(), c, f.ann, picture, bytes.NewReader(company.Bytes()), -1); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Download(t.Context(), c, f.ann, picture, &back); err != nil || !bytes.Equal(back.Bytes(), company.Bytes()) {
		t.Errorf("%d bytes of %d came back, %v", back.Len(), company.Len(), err)
	}
}

func TestLiveBinaryErrors(t *testing.T) { onEach(t, liveBinaryErrors) }

func liveBinaryErrors(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	id := newAttachment(t, c)
	n, err := files.Download(ctx, c, orm.ID[Attachment](1<<30), AttachmentF.Datas, io.Discard)
	if n != 0 || !errors.Is(err, orm.ErrNoRecord) && !errors.Is(err, orm.ErrMissing) {
		t.Errorf("no record: %d, %v", n, err)
	}
	err = files.Upload(ctx, c, orm.ID[Attachment](1<<30), AttachmentF.Datas, io.LimitReader(strings.NewReader("x"), 1), 1)
	if !errors.Is(err, orm.ErrNoRecord) && !errors.Is(err, orm.ErrMissing) {
		t.Errorf("an upload to no record: %v", err)
	}
	if err := files.Upload(ctx, c, id, AttachmentF.Datas, strings.NewReader("hello"), 9); err == nil {
		t.Error("a file that is too short is no error")
	}
	if err := files.Upload(ctx, c, id, AttachmentF.Datas, strings.NewReader("hello"), 3); err == nil {
		t.Error("a file that is too long is no error")
	}
	if n, err := files.Download(ctx, c, id, AttachmentF.Datas, io.Discard); n != 0 || err != nil {
		t.Errorf("a failed upload left %d bytes, %v", n, err)
	}
	_, err = files.DownloadFrom(ctx, c, "ir.attachment", int64(id), "no_such_field", io.Discard)
	if e, ok := errors.AsType[*orm.Error](err); !ok || e.Method != "read" || e.Class != "builtins.ValueError" {
		t.Errorf("no such field: %v", err)
	}
	_, err = files.DownloadFrom(ctx, c, "ir.attachment", int64(id), "file_size", io.Discard)
	if _, ok := errors.AsType[*orm.DecodeError](err); !ok && err != nil {
		t.Errorf("a number: %v", err)
	}
}

// Odoo 19 refuses requests of more than 128 MiB, 14, 17 and 18 take a file of 97 MiB.
func TestLiveBinaryTooLarge(t *testing.T) { onEach(t, liveBinaryTooLarge) }

func liveBinaryTooLarge(t *testing.T, c *orm.Client) {
	if c.Version().Major < 19 {
		return
	}
	const size = 97 << 20
	id := newAttachment(t, c)
	err := files.Upload(t.Context(), c, id, AttachmentF.Datas, random(2, size), size)
	if !errors.Is(err, orm.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if n, err := files.Download(t.Context(), c, id, AttachmentF.Datas, io.Discard); n != 0 || err != nil {
		t.Errorf("%d bytes arrived, %v", n, err)
	}
}

// The parameters of a client action are an object.
func TestLiveBinaryThatIsNoFile(t *testing.T) { onEach(t, liveBinaryThatIsNoFile) }

func liveBinaryThatIsNoFile(t *testing.T, c *orm.Client) {
	type action struct {
		ID     int64           `odoo:"id"`
		Params json.RawMessage `odoo:"params"`
	}
	m := c.Model("ir.actions.client")
	args := orm.Args{"name": "odoogen", "tag": "odoogen", "params": map[string]any{"a": []int{1}}}
	id := must[int64](t)(m.Create(t.Context(), args))
	t.Cleanup(func() {
		if err := m.Unlink(context.Background(), []int64{id}); err != nil {
			t.Error(err)
		}
	})
	var got action
	var params bytes.Buffer // XML-RPC has other white space
	if err := errors.Join(m.Get(t.Context(), &got, id), json.Compact(&params, got.Params)); err != nil || params.String() != `{"a":[1]}` {
		t.Errorf("read %s, %v", got.Params, err)
	}
	if _, err := files.DownloadFrom(t.Context(), c, "ir.actions.client", id, "params", io.Discard); err == nil || !strings.Contains(err.Error(), "not base64") {
		t.Errorf("a download gives %v", err)
	}
}
