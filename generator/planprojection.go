package generator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// projections plans the structs of the configuration. What the snapshot does not have is an error, with the place in the
// configuration: a field that Odoo has lost breaks the generation, not the program.
func (p *planner) projections() error {
	var errs []error
	for _, projection := range p.config.Projections {
		w := &projecting{planner: p, at: projection}
		w.record(projection.Name, projection.Model, projection.Line, projection.Fields)
		errs = append(errs, w.errs...)
		p.pkg.Projections = append(p.pkg.Projections, w.types...)
	}
	return errors.Join(errs...)
}

// projecting is the planning of one projection.
type projecting struct {
	*planner
	at    Projection
	types []ir.Projection
	errs  []error
}

func (w *projecting) errorf(line int, format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf("%s:%d: the projection %s: %s", w.at.File, line, w.at.Name, fmt.Sprintf(format, args...)))
}

// record plans the struct for a model, and those for its relations.
func (w *projecting) record(typeName, model string, line int, fields []ProjectedField) {
	i := slices.IndexFunc(w.schema.Models, func(m snapshot.Model) bool { return m.Name == model })
	if i < 0 {
		w.errorf(line, "the snapshot has no model %s; odoogen pull --models brings more in", model)
		return
	}
	m := w.schema.Models[i]
	w.names.claim(packageScope, typeName, claim{what: "the projection " + w.at.Name + " of " + w.at.File})
	w.targets[model] = true
	out := ir.Projection{Type: typeName}
	title := clean(model, labelLength)
	out.Doc = wrap(fmt.Sprintf("%s holds the fields of %s that %s lists.", typeName, title, ConfigFile))
	at := len(w.types)
	w.types = append(w.types, out)
	if !slices.ContainsFunc(fields, func(f ProjectedField) bool { return f.Name == "id" }) {
		fields = append([]ProjectedField{{Name: "id", Line: line}}, fields...)
	}
	seen := map[string]bool{}
	for _, f := range fields {
		i := slices.IndexFunc(m.Fields, func(has snapshot.Field) bool { return has.Name == f.Name })
		switch {
		case i < 0:
			w.errorf(f.Line, "%s has no field %s%s", model, f.Name, similar(f.Name, m.Fields))
		case seen[f.Name]:
			w.errorf(f.Line, "the field %s is there twice", f.Name)
		default:
			out.Columns = append(out.Columns, w.column(typeName, m, m.Fields[i], f))
		}
		seen[f.Name] = true
	}
	w.types[at] = out
}

func (w *projecting) column(typeName string, m snapshot.Model, f snapshot.Field, asked ProjectedField) ir.ProjectedColumn {
	t, _ := w.typeOf(m.Name, f)
	name := w.names.of(m.Name+"/"+f.Name, goName(f.Name))
	w.names.claim(structScope(typeName), name, claim{what: "the field " + f.Name + " of the projection " + w.at.Name})
	if f.Conflict != "" {
		w.errorf(asked.Line, "%s.%s has types that differ: %s", m.Name, f.Name, f.Conflict)
	}
	out := ir.ProjectedColumn{Odoo: f.AnyName(), Go: name, Options: asked.Options, Doc: fieldDoc(f, w.binaryFacts(m.Name, f)...)}
	isRelation := t.shape == toOne || t.shape == toMany
	if limits := strings.Contains(asked.Options, ir.LimitOption) || strings.Contains(asked.Options, ir.OrderOption); limits && (t.shape != toMany || asked.Fields == nil) {
		w.errorf(asked.Line, "%s.%s: limit and order are for a relation to many with fields", m.Name, f.Name)
	}
	if asked.Fields != nil {
		if !isRelation {
			w.errorf(asked.Line, "%s.%s is a %s: only a relation has fields", m.Name, f.Name, f.Type)
			return out
		}
		sub := typeName + name
		out.Type = local(sub)
		out.Type.Slice = t.shape == toMany
		if f.In != "" {
			out.Type = orm("Opt", out.Type)
		}
		w.record(sub, f.Relation, asked.Line, asked.Fields)
		return out
	}
	target := m.Name
	if isRelation {
		target = f.Relation
		w.targets[target] = true
	}
	field := ir.Field{Odoo: f.Name}
	t.fill(&field, "", w.names.model(target), w.choiceType(m.Name, f.AnyName()), w.ids(target))
	if out.Type = field.Record; f.In != "" {
		out.Type = orm("Opt", out.Type)
	}
	return out
}

// choiceType is the type of a selection, which only models that are generated have.
func (w *projecting) choiceType(model, field string) string {
	for _, m := range w.pkg.Models {
		for _, s := range m.Selections {
			if m.Odoo == model && s.Field == field {
				return s.Type
			}
		}
	}
	return "string"
}

// similar names the field that may be meant: a name that is spelled nearly so, or else the one with the most of its words.
func similar(name string, fields []snapshot.Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = clean(f.Name, labelLength)
	}
	if hint := spelling.Hint(name, slices.Values(names)); hint != "" {
		return hint
	}
	best, most := "", 0
	for _, other := range names {
		if n := sharedWords(name, other); n > most {
			best, most = other, n
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// sharedWords is the number of words of a field's name that another name contains.
func sharedWords(name, other string) (n int) {
	for word := range strings.SplitSeq(strings.TrimSuffix(name, "_id"), "_") {
		if len(word) > 2 && strings.Contains(other, word) {
			n++
		}
	}
	return n
}
