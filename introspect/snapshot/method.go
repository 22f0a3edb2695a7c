package snapshot

import "encoding/json"

// Method is a public method of a model that is none of the ORM's own: create, write, read and so on are in the runtime.
type Method struct {
	Name     string       `json:"name"`
	Source   MethodSource `json:"source"`
	Label    string       `json:"label,omitempty"`    // of its button, if the model's views have one
	Module   string       `json:"module,omitempty"`   // the module that introduced it; known from SourceDoc only
	OfModel  bool         `json:"of_model,omitempty"` // called on the model, not on records
	Readonly bool         `json:"readonly,omitempty"` // changes nothing
	Returns  string       `json:"returns,omitempty"`  // Python's annotation, or the author's prose; "" is unknown
	Doc      string       `json:"doc,omitempty"`      // plain text; paragraphs are separated by an empty line
	Params   []Param      `json:"params,omitempty"`   // in the method's order; none are known from SourceButton
	Shadows  string       `json:"shadows,omitempty"`  // of SourceConfig: the server's signature, where it is another one

	// Of a merged schema:
	In       string `json:"-"` // the snapshots that have the method; "" for all of those that have the model
	Conflict string `json:"-"` // how differently the method must be called; "" if it need not
}

// MethodSource is where a method was found.
type MethodSource string

// The sources of methods. What the configuration says goes before what Odoo documents, and that before the buttons.
const (
	SourceDoc    MethodSource = "api_doc" // the documentation of Odoo 19's module api_doc: all methods, with their signatures
	SourceButton MethodSource = "button"  // the buttons of the model's views: names and labels; no signature
	SourceConfig MethodSource = "config"  // signatures in odoogen.yaml
)

// Param is a parameter of a method.
type Param struct {
	Name       string          `json:"name"`
	Kind       ParamKind       `json:"kind,omitempty"`       // PositionalOrKeyword if empty
	Optional   bool            `json:"optional,omitempty"`   // has a default
	Default    json.RawMessage `json:"default,omitempty"`    // in JSON; empty where there is none, or Odoo does not report it
	Annotation string          `json:"annotation,omitempty"` // Python's, or the author's prose; "" is unknown
	Doc        string          `json:"doc,omitempty"`
}

// ParamKind says how an argument may be given.
type ParamKind string

// The kinds of parameters, as Python's module inspect has them.
const (
	PositionalOrKeyword ParamKind = ""
	PositionalOnly      ParamKind = "positional_only"
	VarPositional       ParamKind = "var_positional" // *args
	KeywordOnly         ParamKind = "keyword_only"
	VarKeyword          ParamKind = "var_keyword" // **kwargs
)

var paramKinds = []ParamKind{PositionalOrKeyword, PositionalOnly, VarPositional, KeywordOnly, VarKeyword}

// MethodCount is the number of methods of all models.
func (s *Schema) MethodCount() int {
	n := 0
	for _, m := range s.Models {
		n += len(m.Methods)
	}
	return n
}

// The reasons for Unseen.Methods, on Odoo 19 and later; before, no user gets any documentation.
const (
	NoDocsModule = "Odoo's module api_doc is not installed"
	NoDocsRight  = "this user is not in the group Technical Documentation"
	NoDocsKey    = "over JSON-RPC the documentation wants an API key"
	NoDocsAsked  = "all models were pulled: --methods docs reads the signatures too"
)
