package odootest

import (
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// This file has message_post of the models with a chatter: those whose snapshot has message_ids, where it has mail.message, too.

const (
	messages       = "mail.message"
	messageIDs     = "message_ids"
	messagePosting = "message_post"
)

var messagePost = method{true, optional("body", "subject", "message_type", "email_from", "author_id", "parent_id", "subtype_xmlid",
	"subtype_id", "partner_ids", "attachments", "attachment_ids", "body_is_html"), (*tx).messagePost}

// hasChatter reports whether messages can be posted on the records of a model.
func (s *Server) hasChatter(model string) bool {
	m, ok := s.store.models[model]
	return ok && s.store.models[messages] != nil && m.fields[messageIDs] != nil
}

// messagePost makes a record of mail.message. Nobody is notified.
func (t *tx) messagePost(m *model, a arguments) (any, error) {
	records, err := t.need(m, a.ids)
	if err == nil {
		err = t.obey(m, "write", records)
	}
	if err != nil {
		return nil, err
	}
	if len(records) != 1 {
		return nil, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
	}
	values := map[string]any{"body": t.messageBody(a), "model": m.name, "res_id": records[0].id, "message_type": "notification"}
	for _, name := range []string{"subject", "message_type", "parent_id", "subtype_id"} {
		if v, given := a.named[name]; given {
			values[name] = v
		}
	}
	if xmlid := a.text("subtype_xmlid"); xmlid != "" {
		_, id := t.withXMLID(xmlid)
		if id == 0 {
			return nil, noXMLID(xmlid)
		}
		values["subtype_id"] = id
	}
	for _, name := range []string{"partner_ids", "attachment_ids"} {
		if ids, ok := a.named[name].([]any); ok {
			values[name] = []any{[]any{int64(6), int64(0), ids}}
		}
	}
	// A snapshot may have a part of the fields.
	maps.DeleteFunc(values, func(name string, _ any) bool { return t.models[messages].fields[name] == nil })
	id, err := t.create(t.models[messages], values)
	if err != nil || !t.does(odoofacts.PostGivesList) {
		return id, err
	}
	return []int64{id}, nil
}

// messageBody is the body as HTML. Without body_is_html, later versions escape it.
func (t *tx) messageBody(a arguments) string {
	body := a.text("body")
	if isHTML, _ := a.named["body_is_html"].(bool); !isHTML && t.does(odoofacts.MessageBodyEscaped) {
		body = html.EscapeString(body)
	}
	blocks := []string{"<p", "<div", "<ul", "<ol", "<table", "<h", "<blockquote", "<pre"}
	if body == "" || slices.ContainsFunc(blocks, func(tag string) bool { return strings.HasPrefix(body, tag) }) {
		return body
	}
	return "<p>" + body + "</p>"
}
