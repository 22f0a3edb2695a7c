// Package mail posts messages on records and attaches files to them: the chatter of Odoo's module mail.
//
//	file, err := mail.Attach(ctx, c, orderID, "offer.pdf", pdf)
//	…
//	_, err = mail.Post(ctx, c, orderID, mail.Message{
//		Text:        "The signed offer",
//		Subtype:     mail.Comment, // followers are notified
//		Attachments: []orm.ID[mail.Attachment]{file},
//	})
package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/internal/records"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// Attachment is the model of files, ir.attachment. Convert its IDs for bindings of your own:
// orm.ID[odoo.IrAttachment](id).
type Attachment struct{}

// OdooModel is ir.attachment.
func (*Attachment) OdooModel() string { return "ir.attachment" }

// Posted is the model of messages, mail.message.
type Posted struct{}

// OdooModel is mail.message.
func (*Posted) OdooModel() string { return "mail.message" }

// content is the field with the content of a file.
const content orm.Field[Attachment, []byte] = "datas"

type subtype struct{}

func (*subtype) OdooModel() string { return "mail.message.subtype" }

// The subtypes of messages that every database has.
const (
	Note    = "mail.mt_note"    // an internal note, the default
	Comment = "mail.mt_comment" // a message that the followers of the record receive
)

// Message is what [Post] posts.
type Message struct {
	// Text or HTML is the body. Text is escaped, and its line breaks stay. Of HTML Odoo keeps what it considers safe. Both
	// mean the same on every version; of Odoo itself, 14 reads every body as HTML and 19 escapes it.
	Text string
	HTML string

	Subject string
	// Subtype is the external ID of a subtype: [Note] if it is empty, on every version.
	Subtype string
	// PartnerIDs are partners to notify in addition to the followers that the subtype notifies.
	PartnerIDs []int64
	// Attachments are files of the message, see [Attach].
	Attachments []orm.ID[Attachment]
}

// Attach stores what r holds as a file of a record, under its name, and gives the ID of the attachment. If the content cannot be
// sent, the attachment is deleted again. Limits of size are those of [files.Upload].
func Attach[M any](ctx context.Context, c *orm.Client, id orm.ID[M], name string, r io.Reader) (orm.ID[Attachment], error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return 0, err
	}
	if name == "" {
		return 0, errors.New("mail.Attach: a file needs a name")
	}
	if err := records.MustExist(ctx, model, int64(id)); err != nil {
		return 0, err
	}
	attachments := c.Model("ir.attachment")
	file, err := attachments.Create(ctx, orm.Args{"name": name, "res_model": model.Name(), "res_id": int64(id)})
	if err != nil {
		return 0, err
	}
	if err := files.Upload(ctx, c, orm.ID[Attachment](file), content, r, -1); err != nil {
		return 0, errors.Join(err, attachments.Unlink(context.WithoutCancel(ctx), []int64{file}))
	}
	return orm.ID[Attachment](file), nil
}

// Post posts a message on a record and gives its ID. A model without a chatter is [orm.ErrNotFound], a record that does not
// exist [orm.ErrNoRecord].
func Post[M any](ctx context.Context, c *orm.Client, id orm.ID[M], m Message) (orm.ID[Posted], error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return 0, err
	}
	body, err := m.body()
	if err != nil {
		return 0, err
	}
	if err := checkSubtype(ctx, c, m.Subtype); err != nil {
		return 0, err
	}
	if err := records.MustExist(ctx, model, int64(id)); err != nil {
		return 0, err
	}
	args := orm.Args{"body": body, "body_is_html": true, "subtype_xmlid": m.Subtype, "message_type": "comment"}
	if m.Subtype == "" {
		args["subtype_xmlid"] = Note
	}
	if m.Subject != "" {
		args["subject"] = m.Subject
	}
	if len(m.PartnerIDs) > 0 {
		args["partner_ids"] = m.PartnerIDs
	}
	if len(m.Attachments) > 0 {
		args["attachment_ids"] = m.Attachments
	}
	var answer json.RawMessage
	if err := model.Call(ctx, "message_post", []int64{int64(id)}, args, &answer); err != nil {
		return 0, err
	}
	return postedID(answer)
}

// checkSubtype refuses a subtype that does not exist: Odoo would post a note.
func checkSubtype(ctx context.Context, c *orm.Client, xmlID string) error {
	if xmlID == "" || xmlID == Note || xmlID == Comment {
		return nil
	}
	if _, err := xmlid.Lookup[subtype](ctx, c, xmlID); err != nil {
		return fmt.Errorf("mail.Post: the subtype: %w", err)
	}
	return nil
}

// body is the message as HTML.
func (m Message) body() (string, error) {
	switch {
	case m.Text != "" && m.HTML != "":
		return "", errors.New("mail.Post: the message has Text and HTML: want one of them")
	case m.HTML != "":
		return m.HTML, nil
	case m.Text == "" && len(m.Attachments) == 0:
		return "", errors.New("mail.Post: the message has neither a body nor attachments")
	}
	return strings.ReplaceAll(html.EscapeString(m.Text), "\n", "<br>"), nil
}

// postedID reads the response of message_post: an ID until Odoo 18, a list of one from 19 on.
func postedID(answer json.RawMessage) (orm.ID[Posted], error) {
	var list []orm.ID[Posted]
	var id orm.ID[Posted]
	switch {
	case json.Unmarshal(answer, &id) == nil && id > 0:
		return id, nil
	case json.Unmarshal(answer, &list) == nil && len(list) == 1:
		return list[0], nil
	}
	return 0, fmt.Errorf("mail.Post: the message is posted, and its ID is unknown: message_post responded with %.40s", answer)
}
