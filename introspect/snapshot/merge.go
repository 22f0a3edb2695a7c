package snapshot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Source is a snapshot among several, and what it is called in comments and errors: "17.0".
type Source struct {
	Label string
	*Schema
}

// Same has, by the address of a field ("sale.order.line/tax_ids"), the other names that the field has in some snapshots.
type Same map[string][]string

// Merge puts snapshots of several servers together. A field, choice, method or model that only some of them have says so;
// attributes in which they differ are those that are safe for all. Where no attribute is safe for all, the field or method
// has a Conflict.
func Merge(sources []Source, same Same) (*Schema, error) {
	sources = slices.Clone(sources)
	slices.SortStableFunc(sources, func(a, b Source) int { return -CompareSeries(a.Server.Series, b.Server.Series) })
	m := merger{canonical: map[string]string{}}
	for _, address := range slices.Sorted(maps.Keys(same)) {
		if err := m.declare(sources, address, same[address]); err != nil {
			return nil, err
		}
	}
	newest := sources[0]
	out := &Schema{Format: Format, Server: newest.Server, Reports: newest.Reports, Unseen: newest.Unseen}
	models := map[string][]part[Model]{}
	for i := len(sources) - 1; i >= 0; i-- {
		s := sources[i]
		out.Servers = append(out.Servers, s.Server)
		out.Modules = union(out.Modules, s.Modules, func(m Module) string { return m.Name })
		out.TextIDs = union(out.TextIDs, s.TextIDs, func(name string) string { return name })
		out.Reports = slices.DeleteFunc(slices.Clone(out.Reports), func(r Report) bool { return !s.Knows(r) })
	}
	for _, s := range sources {
		for _, model := range s.Models {
			models[model.Name] = append(models[model.Name], part[Model]{s.Label, model})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(models)) {
		out.Models = append(out.Models, m.model(models[name], len(sources)))
	}
	m.textIDs(out, sources)
	return out, nil
}

// part is what one of the snapshots has of a thing. Parts are sorted, the newest first.
type part[T any] struct {
	label string
	it    T
}

// merger knows which names are those of one field.
type merger struct {
	canonical map[string]string // "sale.order.line/tax_id" → tax_ids
}

// declare notes the names of a field.
func (m merger) declare(sources []Source, address string, others []string) error {
	model, field, ok := strings.Cut(address, "/")
	if !ok || len(others) == 0 {
		return fmt.Errorf("same: %s: want the other names of a field, such as sale.order.line/tax_ids: [tax_id]", address)
	}
	names := append([]string{field}, others...)
	found := map[string]bool{}
	for _, s := range sources {
		has := s.FieldsAmong(model, names)
		for _, name := range has {
			found[name] = true
		}
		if len(has) > 1 {
			return fmt.Errorf("same: %s: %s has the fields %s: they are not one field", address, s.Label, strings.Join(has, " and "))
		}
	}
	for _, name := range names {
		if !found[name] {
			return fmt.Errorf("same: %s: no snapshot has a field %s of %s", address, name, model)
		}
		if _, twice := m.canonical[model+"/"+name]; twice {
			return fmt.Errorf("same: %s: the field %s is in another entry", address, name)
		}
		m.canonical[model+"/"+name] = field
	}
	return nil
}

func (m merger) model(parts []part[Model], sources int) Model {
	out := parts[0].it
	out.In = only(parts, sources)
	fields, methods, reports := map[string][]part[Field]{}, map[string][]part[Method]{}, map[string][]part[ReportAction]{}
	for _, p := range parts {
		out.Custom = out.Custom && p.it.Custom
		out.Modules = union(out.Modules, p.it.Modules, func(name string) string { return name })
		out.Hidden = union(out.Hidden, p.it.Hidden, func(name string) string { return name })
		for _, f := range p.it.Fields {
			if odoofacts.NamedByIDs(f.Name) {
				continue // means something else in each database
			}
			name := cmp.Or(m.canonical[out.Name+"/"+f.Name], f.Name)
			fields[name] = append(fields[name], part[Field]{p.label, f})
		}
		for _, method := range p.it.Methods {
			methods[method.Name] = append(methods[method.Name], part[Method]{p.label, method})
		}
		for _, report := range p.it.Reports {
			reports[report.Name] = append(reports[report.Name], part[ReportAction]{p.label, report})
		}
	}
	out.Fields, out.Methods, out.Reports = nil, nil, nil
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		out.Fields = append(out.Fields, mergedField(fields[name], len(parts)))
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		out.Methods = append(out.Methods, mergedMethod(methods[name], len(parts)))
	}
	for _, name := range slices.Sorted(maps.Keys(reports)) {
		report := reports[name][0].it
		report.In = only(reports[name], len(parts))
		out.Reports = append(out.Reports, report)
	}
	slices.SortFunc(out.Fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// mergedField is the field that parts have, of so many models.
func mergedField(parts []part[Field], models int) Field {
	out := parts[0].it
	if out.Name != "id" && out.Name != "display_name" { // abstract models of some versions list neither
		out.In = only(parts, models)
	}
	out.Selection = mergedChoices(parts)
	unwritable := false
	for _, p := range parts {
		f := p.it
		if f.Name != out.Name && !slices.Contains(out.Older, f.Name) {
			out.Older = append(out.Older, f.Name)
		}
		unwritable = unwritable || f.Computed && f.Readonly
		out.Required = out.Required || f.Required
		out.Readonly = out.Readonly && f.Readonly
		out.Computed = out.Computed || f.Computed
		out.Unsearchable = out.Unsearchable || f.Unsearchable
		out.Unsortable = out.Unsortable || f.Unsortable
		out.Ungroupable = out.Ungroupable || f.Ungroupable
		out.Custom = out.Custom && f.Custom
		if out.Default != f.Default {
			out.Default = ""
		}
	}
	out.Readonly = out.Readonly || unwritable
	out.Conflict = differences(parts, Field.kind)
	return out
}

// kind is what values of the field are, in words: fields of different kinds have no Go type in common.
func (f Field) kind() string {
	if f.Relation != "" {
		return fmt.Sprintf("%s to %s", odoofacts.ShapeOf(f.Type), f.Relation)
	}
	return string(odoofacts.ShapeOf(f.Type))
}

// mergedChoices are the choices that any of the snapshots has, those of the newest first.
func mergedChoices(parts []part[Field]) []Choice {
	var out []Choice
	with := map[string][]part[Choice]{}
	selections := 0 // that have choices
	for _, p := range parts {
		if len(p.it.Selection) > 0 {
			selections++
		}
		for _, c := range p.it.Selection {
			if with[c.Value] == nil {
				out = append(out, c)
			}
			with[c.Value] = append(with[c.Value], part[Choice]{p.label, c})
		}
	}
	for i, c := range out {
		out[i].In = only(with[c.Value], selections)
	}
	return out
}

// mergedMethod is the method that parts have, of so many models. A button alone does not say what its method takes.
func mergedMethod(parts []part[Method], models int) Method {
	known := slices.DeleteFunc(slices.Clone(parts), func(p part[Method]) bool { return p.it.Source == SourceButton })
	if len(known) == 0 {
		known = parts
	}
	out := known[0].it
	out.In = only(parts, models)
	out.Label = cmp.Or(parts[0].it.Label, out.Label)
	out.Params = slices.Clone(out.Params)
	for _, p := range known {
		out.Readonly = out.Readonly && p.it.Readonly
		if out.Returns != p.it.Returns {
			out.Returns = ""
		}
		for _, param := range p.it.Params {
			i := slices.IndexFunc(out.Params, func(has Param) bool { return has.Name == param.Name })
			switch {
			case i < 0:
				out.Params = append(out.Params, param)
			case out.Params[i].Annotation != param.Annotation:
				out.Params[i].Annotation = ""
			}
		}
	}
	out.Conflict = differences(known, Method.call)
	return out
}

// call is how the method must be called, in words: what it is called on, and the arguments that it requires.
func (m Method) call() string {
	on := "on records"
	if m.OfModel {
		on = "on the model"
	}
	var required []string
	for _, p := range m.Params {
		if !p.Optional && p.Kind != VarPositional && p.Kind != VarKeyword {
			required = append(required, strings.TrimSpace(string(p.Kind)+" "+p.Name))
		}
	}
	return fmt.Sprintf("%s with (%s)", on, strings.Join(required, ", "))
}

// differences says what each snapshot has, the oldest first, if they differ: "char on 14.0; json on 15.0, 16.0".
func differences[T any](parts []part[T], what func(T) string) string {
	var kinds []string
	labels := map[string][]string{}
	for _, p := range slices.Backward(parts) {
		kind := what(p.it)
		if labels[kind] == nil {
			kinds = append(kinds, kind)
		}
		labels[kind] = append(labels[kind], p.label)
	}
	if len(kinds) < 2 {
		return ""
	}
	for i, kind := range kinds {
		kinds[i] = kind + " on " + strings.Join(labels[kind], ", ")
	}
	return strings.Join(kinds, "; ")
}

// only lists the labels of the parts, the oldest first, if there are fewer than all.
func only[T any](parts []part[T], all int) string {
	if len(parts) == all {
		return ""
	}
	var labels []string
	for _, p := range slices.Backward(parts) {
		labels = append(labels, p.label)
	}
	return strings.Join(labels, ", ")
}

// textIDs makes a conflict of models whose ids are numbers on some servers and texts on others: of their id, and of the
// relations to them.
func (m merger) textIDs(out *Schema, sources []Source) {
	conflicts := map[string]string{}
	for _, model := range out.Models {
		var parts []part[bool]
		for _, s := range sources {
			if slices.ContainsFunc(s.Models, func(has Model) bool { return has.Name == model.Name }) {
				parts = append(parts, part[bool]{s.Label, slices.Contains(s.TextIDs, model.Name)})
			}
		}
		conflict := differences(parts, func(text bool) string {
			if text {
				return "a text"
			}
			return "a number"
		})
		if conflict != "" {
			conflicts[model.Name] = "an id of " + model.Name + ", " + conflict
		}
	}
	for _, model := range out.Models {
		for i := range model.Fields {
			f := &model.Fields[i]
			if f.Name == "id" {
				f.Conflict = conflicts[model.Name]
			} else if f.Conflict == "" {
				f.Conflict = conflicts[f.Relation]
			}
		}
	}
}

// union adds what is new by its name, and sorts.
func union[T any](to, from []T, name func(T) string) []T {
	to = slices.Clone(to)
	for _, x := range from {
		if !slices.ContainsFunc(to, func(has T) bool { return name(has) == name(x) }) {
			to = append(to, x)
		}
	}
	slices.SortFunc(to, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
	return to
}

// CompareSeries orders series by their numbers; what is none comes last.
func CompareSeries(a, b string) int {
	v, errA := odoofacts.Parse(a)
	w, errB := odoofacts.Parse(b)
	switch {
	case errA != nil && errB != nil:
		return 0
	case errA != nil:
		return 1
	case errB != nil:
		return -1
	}
	return v.Compare(w)
}
