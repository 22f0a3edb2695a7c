// Package outbox has what an outbox of changes is made of in Odoo: its model, and the code of the automations that write to it.
package outbox

import (
	"fmt"
	"regexp"
	"strings"
)

// The fields of an outbox.
const (
	FieldModel = "x_model" // of the record that has changed
	FieldID    = "x_res"   // its ID
	FieldKind  = "x_kind"
	FieldInfo  = "x_info" // of a row that is not a change
)

// The kinds of rows.
const (
	KindWrite  = "write"  // the record was created or written, or a record that it has
	KindUnlink = "unlink" // the record is being deleted
	KindWatch  = "watch"  // not a change: the outbox is installed for the model
	KindClaim  = "claim"  // not a change: the feed of the model; it sorts before changes
)

const prefix = "x_odoogen_outbox_"

var validName = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`)

// Model gives the model of the outbox with the name.
func Model(name string) (string, error) {
	if !validName.MatchString(name) {
		return "", fmt.Errorf("%q is not a name of an outbox: want a small letter, and up to 31 more small letters and digits", name)
	}
	return prefix + name, nil
}

// Source is a model whose changes are written to an outbox.
type Source struct {
	Outbox string // the model of the outbox
	Model  string // whose records change
	Marks  string // the model whose records are written down: Model, or the one that the field Through leads to
	// Through is a relation of the model: a change of a record is one of the records that it leads to, before or after.
	Through string
	Kind    string
}

// Trigger is the trigger of the automation.
func (s Source) Trigger() string {
	if s.Kind == KindUnlink {
		return "on_unlink"
	}
	return "on_create_or_write"
}

// comment begins the code.
const comment = "# odoogen outbox"

// Marker is in the code of each automation of the outbox with the model, and of no other.
func Marker(model string) string { return "env['" + model + "']" }

// Code is the Python of the automation. It does nothing if the model of the outbox is gone, so that records can still be changed.
//
// The values before a write are in the context: up to Odoo 16 and so in the form of read, later as records.
func (s Source) Code() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nif '%s' in env:\n", comment, s.Outbox)
	if s.Through == "" {
		b.WriteString("    ids = records.ids\n")
	} else {
		fmt.Fprintf(&b, `    ids = []
    for r in records:
        ids += r['%[1]s'].ids
        before = (env.context.get('old_values') or {}).get(r.id, {}).get('%[1]s')
        if before and isinstance(before, (tuple, list)):
            ids += [i for i in before if isinstance(i, int)]
        elif before:
            ids += before.ids
`, s.Through)
	}
	fmt.Fprintf(&b, "    env['%s'].sudo().create([{'%s': '%s', '%s': i, '%s': '%s'} for i in set(ids)])\n",
		s.Outbox, FieldModel, s.Marks, FieldID, FieldKind, s.Kind)
	return b.String()
}

var parts = regexp.MustCompile(`(?s)^# odoogen outbox\nif '(x_\w+)' in env:\n    (?:ids = records\.ids|.*r\['(\w+)'\]\.ids.*)\n.*'x_model': '([\w.]+)'.*'x_kind': '(\w+)'`)

// Parse recognises the code of an automation of a model.
func Parse(model, code string) (s Source, ok bool) {
	found := parts.FindStringSubmatch(code)
	if found == nil {
		return s, false
	}
	s = Source{Outbox: found[1], Model: model, Through: found[2], Marks: found[3], Kind: found[4]}
	return s, strings.TrimSpace(s.Code()) == strings.TrimSpace(code)
}
