// Package actions reads the actions that business methods answer with, and opens wizards.
//
//	answer, err := invoices.ActionRegisterPayment(ctx, orm.On(id))
//	action, ok := actions.Of(answer)
//	wizard, err := actions.Follow(ctx, c, action, odoo.AccountPaymentRegisterValues{Amount: orm.Set(50.0)})
package actions

import (
	"bytes"
	"encoding/json"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Type is what an [Action] does.
type Type string

// The types of actions.
const (
	Window Type = "ir.actions.act_window"       // shows records of ResModel: the form of a wizard, often
	Close  Type = "ir.actions.act_window_close" // closes the wizard
	Client Type = "ir.actions.client"           // runs the part of the web client that Tag names
	Report Type = "ir.actions.report"           // prints the report ReportName
	URL    Type = "ir.actions.act_url"          // opens URL
	Server Type = "ir.actions.server"           // runs code on the server
)

// Action is what Odoo's pages are to do next. What an action does not have is zero.
type Action struct {
	Type     Type
	ID       int64  // in ir.actions.actions
	Name     string // its title
	ResModel string // the model of what is shown: that of a wizard, if the action opens one
	ResID    int64  // the one record that is shown
	ViewMode string // "form", "list,form"
	Target   string // "new" for a dialog, "current", ...
	Domain   json.RawMessage
	Context  orm.Context // what the wizard is made in: active_ids, defaults

	Tag        string          // of a [Client]
	Params     json.RawMessage // of a [Client]
	URL        string          // of a [URL]
	ReportName string          // of a [Report]
	ReportType string          // of a [Report]: "qweb-pdf"

	Raw json.RawMessage // all of it
}

// Of returns the action in the result of a method, or the zero Action and false if the result is not an action.
func Of(r orm.Result) (Action, bool) {
	a, err := Parse(r.Raw)
	return a, err == nil && a.Type != ""
}

// Parse reads an action. Odoo's false, and null, are the zero Action; any other answer that is no action is an error.
func Parse(raw json.RawMessage) (Action, error) {
	if r := (orm.Result{Raw: raw}); r.IsNone() {
		return Action{}, nil
	}
	var wire map[string]json.RawMessage
	if json.Unmarshal(raw, &wire) != nil || !strings.HasPrefix(text(wire["type"]), "ir.actions.") {
		return Action{}, &orm.DecodeError{Reason: "want an action, got " + shortened(raw)}
	}
	context, err := actionContext(wire["context"])
	if err != nil {
		return Action{}, err
	}
	return Action{
		Type: Type(text(wire["type"])), ID: number(wire["id"]), Name: text(wire["name"]), ResModel: text(wire["res_model"]),
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
func actionContext(raw json.RawMessage) (orm.Context, error) {
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
	return nil, &orm.DecodeError{Reason: "the context of the action is no dictionary of plain values: " + shortened(raw)}
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
