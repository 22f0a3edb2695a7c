package diff

import (
	"fmt"
	"slices"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file keeps "not visible" apart from "not there".

// sight is what the user of a snapshot could see of the models that are not in it.
type sight struct {
	unseen   snapshot.Unseen
	left     map[string]string // the models that were left out, and why
	pointers map[string]string // the models that fields point to, and one of these fields
}

func newSight(s *snapshot.Schema) sight {
	out := sight{unseen: s.Unseen, left: map[string]string{}, pointers: map[string]string{}}
	for _, m := range s.Unseen.Models {
		out.left[m.Name] = m.Reason
	}
	for _, m := range s.Models {
		for _, f := range m.Fields {
			if f.Relation != "" && out.pointers[f.Relation] == "" {
				out.pointers[f.Relation] = m.Name + "." + f.Name
			}
		}
	}
	return out
}

// model is the reason for which a model that is not in the snapshot may exist, "" if it does not.
func (s sight) model(name string) string {
	if reason, ok := s.left[name]; ok {
		return fmt.Sprintf("Not visible: the snapshot was taken without it (%s). It may still be there.", reason)
	}
	if field, ok := s.pointers[name]; ok {
		return fmt.Sprintf("It is not in the snapshot, and still there: %s points to it. Pull it as well.", field)
	}
	if s.unseen.Catalog {
		return "Unknown: the user of the snapshot cannot list the models, and did not ask for this one."
	}
	return ""
}

// field is the reason for which a field that is not in the snapshot may exist, "" if it does not.
func (s sight) field(m snapshot.Model, name string) string {
	if slices.Contains(m.Hidden, name) {
		return "Not visible: the field is there, for groups that the user of the snapshot is not in."
	}
	if s.unseen.Fields {
		return "Gone, or only for groups that the user of the snapshot is not in: unknown, since this user cannot list the fields."
	}
	return ""
}

// unknown says what the users of both snapshots could not see.
func unknown(before, after *snapshot.Schema) []string {
	var out []string
	for _, s := range []struct {
		name   string
		unseen snapshot.Unseen
	}{{"old", before.Unseen}, {"new", after.Unseen}} {
		note := func(is bool, text string) {
			if is {
				out = append(out, fmt.Sprintf("The user of the %s snapshot %s.", s.name, text))
			}
		}
		note(s.unseen.Catalog, "cannot list the models (ir.model): labels, kinds and modules of models are unknown, and so is which other models there are")
		note(s.unseen.Fields, "cannot list the fields (ir.model.fields): others may see further fields")
		note(s.unseen.Modules, "cannot list the modules (ir.module.module): which are installed is unknown")
		note(s.unseen.Reports, "cannot read the reports (ir.actions.report): which models have is unknown")
		if n := len(s.unseen.Models); n > 0 {
			note(true, fmt.Sprintf("could not see %d of the models that were asked for: they are reported as not visible", n))
		}
	}
	return out
}

// attributes are what a snapshot records: those of an older odoogen lack some.
type attributes struct {
	orders, copies, methods bool
	reports                 []snapshot.Report
}

func attributesOf(s *snapshot.Schema) attributes {
	a := attributes{reports: s.Reports}
	for _, m := range s.Models {
		a.orders = a.orders || m.Order != ""
		a.methods = a.methods || len(m.Methods) > 0
		for _, f := range m.Fields {
			a.copies = a.copies || f.NoCopy
		}
	}
	return a
}

func (a attributes) and(b attributes) attributes {
	both := slices.DeleteFunc(slices.Clone(a.reports), func(r snapshot.Report) bool { return !slices.Contains(b.reports, r) })
	return attributes{a.orders && b.orders, a.copies && b.copies, a.methods && b.methods, both}
}
