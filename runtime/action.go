package orm

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Result is the answer of a method that does not say what it returns. Many methods of Odoo answer with true, with
// nothing, or with an [Action] for its pages to run next, depending on the records.
type Result struct {
	Raw           json.RawMessage // what Odoo sent
	model, method string
}

// IsNone tells that the method returned nothing, or False.
func (r Result) IsNone() bool { return len(r.Raw) == 0 || r.is("null") || r.is("false") }

// IsTrue tells that the method returned True.
func (r Result) IsTrue() bool { return r.is("true") }

func (r Result) is(text string) bool { return strings.TrimSpace(string(r.Raw)) == text }

// Decode reads the answer into what dest points to, as the fields of records are read: a struct with odoo tags, a slice
// of ids, a map, a number, and so on.
func (r Result) Decode(dest any) error { return decodeInto(r.Raw, r.model, dest) }

// Action is the action that the method answered with. Without one it is the zero Action, and false.
func (r Result) Action() (Action, bool) {
	a, err := ParseAction(r.Raw)
	return a, err == nil && a.Type != ""
}

// ActionType is what an [Action] does.
type ActionType string

// The types of actions.
const (
	ActionWindow ActionType = "ir.actions.act_window"       // shows records of ResModel: the form of a wizard, often
	ActionClose  ActionType = "ir.actions.act_window_close" // closes the wizard
	ActionClient ActionType = "ir.actions.client"           // runs the part of the web client that Tag names
	ActionReport ActionType = "ir.actions.report"           // prints the report ReportName
	ActionURL    ActionType = "ir.actions.act_url"          // opens URL
	ActionServer ActionType = "ir.actions.server"           // runs code on the server
)

// Action is what Odoo's pages are to do next. What an action does not have is zero.
type Action struct {
	Type     ActionType
	ID       int64  // in ir.actions.actions
	Name     string // its title
	ResModel string // the model of what is shown: that of a wizard, if the action opens one
	ResID    int64  // the one record that is shown
	ViewMode string // "form", "list,form"
	Target   string // "new" for a dialog, "current", ...
	Domain   json.RawMessage
	Context  Context // what the wizard is made in: active_ids, defaults

	Tag        string          // of an ActionClient
	Params     json.RawMessage // of an ActionClient
	URL        string          // of an ActionURL
	ReportName string          // of an ActionReport
	ReportType string          // of an ActionReport: "qweb-pdf"

	Raw json.RawMessage // all of it
}

// ParseAction reads an action. Odoo's false, and null, are the zero Action; any other answer that is no action is an
// error.
func ParseAction(raw json.RawMessage) (Action, error) {
	if r := (Result{Raw: raw}); r.IsNone() {
		return Action{}, nil
	}
	var wire map[string]json.RawMessage
	if json.Unmarshal(raw, &wire) != nil || !strings.HasPrefix(text(wire["type"]), "ir.actions.") {
		return Action{}, &DecodeError{Reason: "want an action, got " + shortened(raw)}
	}
	context, err := actionContext(wire["context"])
	if err != nil {
		return Action{}, err
	}
	return Action{
		Type: ActionType(text(wire["type"])), ID: number(wire["id"]), Name: text(wire["name"]), ResModel: text(wire["res_model"]),
		ResID: number(wire["res_id"]), ViewMode: text(wire["view_mode"]), Target: text(wire["target"]), Domain: wire["domain"],
		Context: context, Tag: text(wire["tag"]), Params: wire["params"], URL: text(wire["url"]),
		ReportName: text(wire["report_name"]), ReportType: text(wire["report_type"]), Raw: raw,
	}, nil
}

func text(raw json.RawMessage) (s string) {
	_ = json.Unmarshal(raw, &s) // false, and whatever else it is, is no text
	return s
}

func number(raw json.RawMessage) (n int64) {
	_ = json.Unmarshal(raw, &n) // likewise
	return n
}

func shortened(raw []byte) string {
	const most = 80
	if len(raw) > most {
		return string(raw[:most]) + "…"
	}
	return string(raw)
}

// actionContext reads the context of an action: an object, or a Python dictionary in a text.
func actionContext(raw json.RawMessage) (Context, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	value, err := plainJSON(raw)
	if source, ok := value.(string); ok && source != "" {
		value, err = codec.ParsePython(source)
	}
	switch value := value.(type) {
	case map[string]any:
		if err == nil {
			return value, nil
		}
	case nil, bool, string:
		if err == nil {
			return nil, nil // an empty one
		}
	}
	return nil, &DecodeError{Reason: "the context of the action is no dictionary of plain values: " + shortened(raw)}
}

// plainJSON reads JSON with its whole numbers as such, for they may be ids.
func plainJSON(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return withNumbers(v), err
}

func withNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64() // JSON has no number that is none, but for its size
		return f
	case []any:
		for i := range v {
			v[i] = withNumbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = withNumbers(v[key])
		}
	}
	return v
}
