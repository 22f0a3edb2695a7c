package upgrade

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/usage"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// NewConfig is the configuration for the new snapshot, with the new names of everything that was certainly renamed.
func NewConfig(c generator.Config, r *diff.Report, after *snapshot.Schema) generator.Config {
	return c.Fit(after, r.CertainRenames())
}

// Settings are what in the configuration has another name now: "mail.channel → discuss.channel".
func Settings(c generator.Config, r *diff.Report, after *snapshot.Schema) []string {
	return c.Outdated(after, r.CertainRenames())
}

// renames are the names of things in the new bindings.
type renames struct {
	sure  map[string]string // old address → new address
	after map[string]*ir.Model
}

func newRenames(r *diff.Report, plan *ir.Package) *renames {
	n := &renames{sure: r.CertainRenames(), after: map[string]*ir.Model{}}
	for _, m := range slices.Concat(plan.References, plan.Models) {
		n.after[m.Odoo] = m
	}
	return n
}

// moved is a use with the new names; ok is false if they are not certain, or the same.
func (n *renames) moved(u usage.Use) (usage.Use, bool) {
	to := u
	known := false
	if model, ok := n.sure[u.Model]; ok {
		to.Model, known = model, true
	}
	names, _ := u.FieldNames()
	for _, name := range names {
		if field, ok := n.sure[u.Model+"/"+name]; ok && u.Field != "" {
			_, to.Field, _ = strings.Cut(field, "/")
			known = true
		}
		if choice, ok := n.sure[u.Model+"/"+name+"="+u.Choice]; ok && u.HasChoice {
			_, to.Choice, _ = strings.Cut(choice, "=")
			known = true
		}
	}
	if method, ok := n.sure[u.Model+"."+u.Method+"()"]; ok && u.Method != "" {
		to.Method = strings.TrimSuffix(strings.TrimPrefix(method, to.Model+"."), "()")
		known = true
	}
	return to, known
}

// instead is what to write in place of a use's code, and whether that can be done without a look at it.
func (n *renames) instead(u usage.Use) (code string, fixable bool) {
	to, ok := n.moved(u)
	if !ok {
		return "", false
	}
	if u.Text {
		to.Field = n.anyName(to)
		code = nameIn(to, u)
	} else {
		code = n.identifier(to)
	}
	if code == u.Code {
		return "", false
	}
	return code, code != "" && u.Exact
}

// anyName is the field in tags and descriptors of the new bindings, which can have several names on several servers.
func (n *renames) anyName(u usage.Use) string {
	if m := n.after[u.Model]; m != nil && u.Field != "" {
		for _, c := range m.Columns {
			if isSameField(c.Odoo, u) {
				return c.Odoo
			}
		}
	}
	return u.Field
}

// isSameField reports whether a field of the new bindings has one of the names of the field of a use.
func isSameField(field string, u usage.Use) bool {
	names, _ := u.FieldNames()
	return slices.ContainsFunc(names, usage.Use{Field: field}.IsField)
}

// nameIn is the new name of what a text names.
func nameIn(u, old usage.Use) string {
	switch {
	case old.Method != "":
		return u.Method
	case old.Report != "":
		return u.Report
	case old.HasChoice:
		return u.Choice
	case old.Field != "":
		return u.Field
	}
	return u.Model
}

// identifier is the Go name of a symbol in the new bindings; "" if they have none.
func (n *renames) identifier(u usage.Use) string {
	m := n.after[u.Model]
	if m == nil {
		return ""
	}
	if u.Method != "" {
		return methodIdentifier(m, u)
	}
	if u.Report != "" {
		return reportIdentifier(m, u)
	}
	switch u.Part {
	case bindings.Record:
		return m.Record
	case bindings.Values:
		return m.Values
	case bindings.Client:
		return m.Client
	case bindings.NewClient:
		return m.NewClient
	case bindings.Descriptors:
		return m.Fields
	case bindings.RecordField, bindings.ValuesField, bindings.Descriptor:
		for _, c := range m.Columns {
			if isSameField(c.Odoo, u) {
				return c.Go
			}
		}
		return ""
	}
	return selectionIdentifier(m, u)
}

func reportIdentifier(m *ir.Model, u usage.Use) string {
	for _, r := range m.Reports {
		if r.Value == u.Report {
			return r.Const
		}
	}
	return ""
}

func methodIdentifier(m *ir.Model, u usage.Use) string {
	for _, method := range m.Methods {
		if method.Odoo != u.Method {
			continue
		}
		switch u.Part {
		case bindings.MethodWith:
			return method.With
		case bindings.MethodArgs:
			return method.Args
		}
		return method.Go
	}
	return ""
}

func selectionIdentifier(m *ir.Model, u usage.Use) string {
	for _, s := range m.Selections {
		if !isSameField(s.Field, u) {
			continue
		}
		if u.Part == bindings.Selection {
			return s.Type
		}
		for _, c := range s.Choices {
			if c.Value == u.Choice {
				return c.Const
			}
		}
	}
	return ""
}
