package odootest

import (
	"encoding/base64"
	"unicode/utf8"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// The field raw of ir.attachment is the content of datas as text, where [odoofacts.RawIsText].

const attachmentModel = "ir.attachment"

// bindContent connects raw to datas.
func (c *catalog) bindContent() {
	m := c.models[attachmentModel]
	if v, err := odoofacts.Parse(c.series); m == nil || err != nil || !odoofacts.RawIsText.In(v) {
		return
	}
	if raw := m.fields["raw"]; raw != nil {
		raw.content = m.fields["datas"]
	}
}

// contentText is base64 content as text. What is not UTF-8 is decoded as Latin-1, as Odoo 14 does.
func contentText(stored any) any {
	encoded, _ := stored.(string)
	content, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case err != nil || len(content) == 0:
		return nil
	case utf8.Valid(content):
		return string(content)
	}
	text := make([]rune, len(content))
	for i, b := range content {
		text[i] = rune(b)
	}
	return string(text)
}

// toContent takes the text of raw, which Odoo 14 and 15 refuse in create, and 19 in write.
func (t *tx) toContent(v any) (any, error) {
	switch {
	case t.creating && t.major <= 15:
		return nil, fail(classType, "a bytes-like object is required, not 'str'")
	case !t.creating && t.modern():
		return nil, fail(classType, "`bin_data` must be bytes or bytearray")
	}
	return base64.StdEncoding.EncodeToString([]byte(str(v))), nil
}
