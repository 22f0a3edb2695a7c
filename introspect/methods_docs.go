package introspect

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// docMethod is a method in the form of Odoo's module api_doc.
type docMethod struct {
	Signature  string        `json:"signature"`
	Parameters orderedParams `json:"parameters"`
	Return     docReturn     `json:"return"`
	API        []string      `json:"api"`
	Doc        string        `json:"doc"`
	Model      string        `json:"model"` // the model that introduced it: "core" is the ORM, "base" the parent of all models
	Module     string        `json:"module"`
}

type docReturn struct {
	Annotation string `json:"annotation"`
	Doc        string `json:"doc"`
}

type docParam struct {
	name       string
	Kind       string          `json:"kind"`
	Default    json.RawMessage `json:"default"`
	Annotation string          `json:"annotation"`
	Doc        string          `json:"doc"`
}

// orderedParams are parameters in the order of the JSON object, which is the order of the signature.
type orderedParams []docParam

// UnmarshalJSON reads an object.
func (o *orderedParams) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		p := docParam{}
		if err := d.Decode(&p); err != nil {
			return err
		}
		p.name, _ = key.(string)
		*o = append(*o, p)
	}
	return nil
}

// pullDocs reads the documentation of the models, a few at a time. Models without documentation are listed in the report.
func (p *pull) pullDocs(ctx context.Context, report *MethodReport) (map[string]map[string]docMethod, error) {
	first := slices.IndexFunc(p.Models, func(m snapshot.Model) bool { return m.Kind != snapshot.Abstract })
	if first < 0 {
		return nil, nil
	}
	var err error
	if p.Unseen.Methods, err = docsRefused(ctx, p.c, p.Models[first].Name); p.Unseen.Methods != "" || err != nil {
		if err == nil && p.options.Methods == MethodsDocs {
			err = noDocs(p.Unseen.Methods)
		}
		return nil, err
	}
	docs := map[string]map[string]docMethod{}
	var mu sync.Mutex
	err = each(ctx, p.options, p.Models, func(ctx context.Context, m snapshot.Model) error {
		if m.Kind == snapshot.Abstract {
			return nil // its methods come with the models that inherit it
		}
		var page struct{ Methods map[string]docMethod }
		raw, err := p.c.Model(m.Name).Documentation(ctx)
		if err == nil {
			err = json.Unmarshal(raw, &page)
		}
		reason, failed := refusal(err)
		if err != nil && !failed {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if failed {
			report.Failed = append(report.Failed, snapshot.UnseenModel{Name: m.Name, Reason: reason})
		} else {
			docs[m.Name] = page.Methods
		}
		return nil
	})
	sortUnseen(report.Failed)
	return docs, err
}

// noDocs is the error for MethodsDocs if there is no documentation.
func noDocs(reason string) error {
	return fmt.Errorf("the server gives no documentation of methods: %s; use --methods buttons for the buttons of the views, or --methods auto for what the server has", reason)
}

// docsRefused returns the reason why this user cannot read the documentation of a model that the user can read, "" if the
// user can.
func docsRefused(ctx context.Context, c *orm.Client, model string) (reason string, err error) {
	_, err = c.Model(model).Documentation(ctx)
	switch {
	case errors.Is(err, orm.ErrAccess):
		return snapshot.NoDocsRight, nil
	case errors.Is(err, orm.ErrNotFound):
		return snapshot.NoDocsModule, nil
	case errors.Is(err, orm.ErrAccessDenied):
		return snapshot.NoDocsKey, nil
	}
	if _, ofThisModel := refusal(err); ofThisModel {
		return "", nil
	}
	return "", err
}

// method converts the documentation of a method.
func (d docMethod) method(name string) snapshot.Method {
	m := snapshot.Method{Name: name, Source: snapshot.SourceDoc, Module: d.Module, Returns: oneLine(d.Return.Annotation), Doc: plainText(d.Doc)}
	for _, api := range d.API {
		m.OfModel = m.OfModel || api == "model"
		m.Readonly = m.Readonly || api == "readonly"
	}
	if returned := plainText(d.Return.Doc); returned != "" {
		m.Doc = strings.TrimPrefix(m.Doc+"\n\nIt returns "+returned, "\n\n")
	}
	for _, p := range d.Parameters {
		m.Params = append(m.Params, p.param(d.Signature))
	}
	return m
}

func (p docParam) param(signature string) snapshot.Param {
	out := snapshot.Param{Name: p.name, Default: p.Default, Annotation: oneLine(p.Annotation), Doc: plainText(p.Doc)}
	if p.Kind != "POSITIONAL_OR_KEYWORD" {
		out.Kind = snapshot.ParamKind(strings.ToLower(p.Kind))
	}
	// A default that cannot be written in JSON is only in the signature.
	head := p.name + "="
	out.Optional = p.Default != nil || strings.Contains(signature, "("+head) || strings.Contains(signature, ", "+head)
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// blocks are the elements of HTML that start a paragraph.
var blocks = map[string]bool{
	"p": true, "div": true, "li": true, "ul": true, "ol": true, "pre": true, "blockquote": true, "tr": true, "table": true,
	"dl": true, "dt": true, "dd": true, "h1": true, "h2": true, "h3": true, "h4": true, "br": true, "hr": true,
}

// plainText returns the text of HTML: each paragraph on one line, with an empty line between paragraphs. It accepts invalid
// HTML.
func plainText(html string) string {
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var paragraphs []string
	var text strings.Builder
	flush := func() {
		if p := oneLine(text.String()); p != "" {
			paragraphs = append(paragraphs, p)
		}
		text.Reset()
	}
	for {
		token, err := d.Token()
		if err != nil {
			flush()
			return strings.Join(paragraphs, "\n\n")
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			if blocks[strings.ToLower(token.Name.Local)] {
				flush()
			}
		case xml.EndElement:
			if blocks[strings.ToLower(token.Name.Local)] {
				flush()
			}
		}
	}
}
