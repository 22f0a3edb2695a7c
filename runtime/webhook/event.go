package webhook

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/wire"
)

// Event is a record in a webhook.
type Event[R any] struct {
	Model  string
	ID     int64
	Kinds  Kind   // the kinds of changes that the rule of [Install] is for, 0 if the rule was made otherwise
	Action Action // the server action that sent it
	// Record has the fields of the payload. In a generated record, fields that the payload does not have are zero.
	Record  R
	Payload json.RawMessage // as Odoo sent it
}

// Action is a server action, a record of ir.actions.server.
type Action struct {
	ID   int64
	Name string
}

// Kind is a set of kinds of changes.
type Kind uint8

// The kinds of changes that Odoo sends webhooks for.
const (
	Created Kind = 1 << iota
	Written
	Deleted // sent with the values before the deletion
)

var kindNames = []string{"created", "written", "deleted"}

func (k Kind) String() string {
	var names []string
	for i, name := range kindNames {
		if k&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// kindOf parses what String returns: unknown names are ignored.
func kindOf(text string) (k Kind) {
	for name := range strings.SplitSeq(text, "+") {
		if i := slices.Index(kindNames, name); i >= 0 {
			k |= 1 << i
		}
	}
	return k
}

// envelope is what each payload has.
type envelope struct {
	Model  string `odoo:"_model"`
	ID     int64  `odoo:"_id"`
	Action string `odoo:"_action"`
}

// planFor is the plan of R, which must be a struct that a payload can be read into.
func planFor[R any]() (*codec.Plan, error) {
	p, err := codec.PlanOf(reflect.TypeFor[R]())
	if err != nil {
		return nil, err
	}
	for _, f := range p.Fields {
		if f.Relation != nil {
			return nil, fmt.Errorf("webhooks have the IDs of relations only: field %s cannot be read into %s", f.Name, f.Type)
		}
	}
	return p, nil
}

// decode reads a payload. A payload without a field of a struct of the caller's own is an error: the zero value would be
// mistaken for one of Odoo's.
func decode[R any](p *codec.Plan, payload []byte) (Event[R], error) {
	var head envelope
	e := Event[R]{Payload: payload}
	if err := wire.Unmarshal(payload, &head); err != nil {
		return e, err
	}
	e.Model, e.ID, e.Action = head.Model, head.ID, actionOf(head.Action)
	switch {
	case e.Model == "" || e.ID == 0:
		return e, fmt.Errorf("the body has no _model and _id: it is not a webhook of Odoo")
	case p.Model != "" && p.Model != e.Model:
		return e, fmt.Errorf("%s %d: %s holds records of %s", e.Model, e.ID, p.Type, p.Model)
	}
	if err := wire.Unmarshal(payload, &e.Record); err != nil {
		return e, fmt.Errorf("%s %d: %w", e.Model, e.ID, err)
	}
	if name := lacking(p, payload); name != "" {
		return e, fmt.Errorf("%s %d: the payload has no field %s: add it to the fields of the webhook", e.Model, e.ID, name)
	}
	return e, nil
}

// lacking is the first field of the plan that the payload does not have. Generated records have all fields of the model.
func lacking(p *codec.Plan, payload []byte) string {
	if p.Model != "" {
		return ""
	}
	there := map[*codec.Field]bool{}
	s := codec.NewScanner(payload)
	_ = s.Object(func(key []byte) error { // it has been decoded
		there[p.Field(string(key))] = true
		return s.Skip()
	})
	for i := range p.Fields {
		f := &p.Fields[i]
		if !there[f] && !f.OnDemand && !codec.Is(f.Type, "Opt") {
			return f.Name
		}
	}
	return ""
}

// actionOf parses name(#7).
func actionOf(text string) Action {
	if at := strings.LastIndex(text, "(#"); at >= 0 {
		if id, err := strconv.ParseInt(strings.TrimSuffix(text[at+2:], ")"), 10, 64); err == nil {
			return Action{ID: id, Name: text[:at]}
		}
	}
	return Action{Name: text}
}
