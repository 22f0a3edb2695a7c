//go:build live

package livetest

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/mail"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// Messages and files are the same on every version and protocol.
func TestLiveMail(t *testing.T) { onEach(t, liveMail) }

func liveMail(t *testing.T, c *orm.Client) {
	f, ctx := newFixture(t, c), t.Context()
	file := must[orm.ID[mail.Attachment]](t)(mail.Attach(ctx, c, f.ann, "hello.txt", strings.NewReader("hello\n")))
	type message struct {
		Body        string                    `odoo:"body"`
		Subject     string                    `odoo:"subject"`
		Subtype     orm.Ref[any]              `odoo:"subtype_id"`
		Model       string                    `odoo:"model"`
		ResID       int64                     `odoo:"res_id"`
		Attachments []orm.ID[mail.Attachment] `odoo:"attachment_ids"`
		Kind        string                    `odoo:"message_type"`
		Partners    []int64                   `odoo:"partner_ids"`
	}
	for _, test := range []struct {
		post    mail.Message
		body    string
		subtype string
	}{
		{mail.Message{Text: "a <b> & c\nd", Subject: "Offer", Attachments: []orm.ID[mail.Attachment]{file}}, "<p>a &lt;b&gt; &amp; c<br>d</p>", "Note"},
		{mail.Message{HTML: "<p>a <b>b</b></p>", Subtype: mail.Comment, PartnerIDs: []int64{int64(f.ann)}}, "<p>a <b>b</b></p>", "Discussions"},
	} {
		id := must[orm.ID[mail.Posted]](t)(mail.Post(ctx, c, f.ann, test.post))
		got := must[message](t)(orm.Get[message](ctx, c, id))
		if got.Body != test.body || got.Subtype.Name != test.subtype || test.post.Subject != "" && got.Subject != test.post.Subject || got.Model != "res.partner" || got.ResID != int64(f.ann) || len(got.Attachments) != len(test.post.Attachments) {
			t.Errorf("posted %+v, read %+v", test.post, got)
		}
		if got.Kind != "comment" || !slices.Equal(got.Partners, test.post.PartnerIDs) {
			t.Errorf("posted %+v, a message of the type %s to %v", test.post, got.Kind, got.Partners)
		}
	}
	type posted struct {
		Messages []orm.ID[mail.Posted] `odoo:"message_ids"`
	}
	if got := must[posted](t)(orm.Get[posted](ctx, c, f.ann)).Messages; len(got) < 2 {
		t.Errorf("the partner has the messages %v", got)
	}
	var content strings.Builder
	if _, err := files.Download(ctx, c, file, orm.Field[mail.Attachment, []byte]("datas"), &content); err != nil || content.String() != "hello\n" {
		t.Errorf("read %q, %v", content.String(), err)
	}
}

func TestLiveMailRefuses(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	f, ctx := newFixture(t, c), t.Context()
	gone := must[orm.ID[Partner]](t)(orm.Create(ctx, c, PartnerValues{Name: orm.Set("gone")}))
	if err := orm.Unlink(ctx, c, []orm.ID[Partner]{gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := mail.Post(ctx, c, gone, mail.Message{Text: "x"}); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("a message on a record that is gone: %v", err)
	}
	if _, err := mail.Attach(ctx, c, gone, "x", strings.NewReader("x")); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("a file of a record that is gone: %v", err)
	}
	countries := must[[]orm.ID[Country]](t)(orm.IDs(ctx, c, orm.AllOf[Country](), orm.Limit(1)))
	if _, err := mail.Post(ctx, c, countries[0], mail.Message{Text: "x"}); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("a model without a chatter: %v", err)
	}
	for want, m := range map[string]mail.Message{"want one of them": {Text: "a", HTML: "b"}, "neither a body nor attachments": {Subject: "x"}} {
		if _, err := mail.Post(ctx, c, f.ann, m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", m, err, want)
		}
	}
	for _, subtype := range []string{"mail.mt_commnet", "base.main_company"} { // Odoo would post a note
		if _, err := mail.Post(ctx, c, f.ann, mail.Message{Text: "x", Subtype: subtype}); !errors.As(err, new(*xmlid.Error)) {
			t.Errorf("the subtype %s: %v", subtype, err)
		}
	}
	// A file that fails half-way leaves no attachment.
	ofAnn := orm.And(orm.Where[mail.Attachment]("res_model", "=", "res.partner"), orm.Where[mail.Attachment]("res_id", "=", int64(f.ann)))
	if _, err := mail.Attach(ctx, c, f.ann, "half.txt", io.MultiReader(strings.NewReader("half"), failingReader{})); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a reader that fails: %v", err)
	}
	if n := must[int](t)(orm.Count(context.Background(), c, ofAnn)); n != 0 {
		t.Errorf("%d attachments are left", n)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, os.ErrClosed }
