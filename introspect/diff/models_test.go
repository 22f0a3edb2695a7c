package diff

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are fields of type char.
func texts(names ...string) []field {
	var out []field
	for _, n := range names {
		out = append(out, field{Name: n, Type: "char"})
	}
	return out
}

// onlyModels are the lines about models.
func onlyModels(r *Report) []string {
	return slices.DeleteFunc(lines(r), func(l string) bool { return !strings.HasPrefix(l, "model ") })
}

func TestModelsThatMove(t *testing.T) {
	others := []model{{Name: "a", Fields: texts("a1", "a2")}, {Name: "b", Fields: texts("b1", "b2")}, {Name: "c", Fields: texts("c1")}}
	lot := texts("ref", "expiry", "life", "weight")
	points := func(to string) model {
		return model{Name: "p", Fields: []field{{Name: "lot_id", Type: "many2one", Relation: to}, {Name: "lots", Type: "many2many", Relation: to}}}
	}
	for _, tc := range []struct {
		name     string
		old, new []model
		want     []string
	}{
		{"renamed, as its fields and what points to it show",
			[]model{{Name: "stock.production.lot", Label: "Lot", Fields: lot}, points("stock.production.lot")},
			[]model{{Name: "stock.lot", Label: "Lot/Serial", Fields: lot}, points("stock.lot")},
			[]string{"model stock.production.lot>stock.lot renamed: readers, writers", "model stock.production.lot>stock.lot label: Lot>Lot/Serial: safe"}},
		{"nothing in common",
			[]model{{Name: "uom.category", Fields: texts("x")}},
			[]model{{Name: "pos.note", Fields: texts("y")}},
			[]string{"model pos.note added: safe", "model uom.category removed: readers, writers"}},
		{"merged",
			[]model{{Name: "hr.expense.sheet", Fields: lot}, {Name: "hr.expense", Fields: texts("name")}},
			[]model{{Name: "hr.expense", Fields: append(texts("name"), lot...)}},
			[]string{"model hr.expense.sheet>hr.expense merged: readers, writers"}},
		{"split",
			[]model{{Name: "sale.order", Fields: append(texts("name"), lot...)}},
			[]model{{Name: "sale.order", Fields: texts("name")}, {Name: "shipping.parcel", Fields: lot}},
			[]string{"model sale.order>shipping.parcel split: safe"}},
		{"the surer one first",
			[]model{{Name: "old.one", Label: "One", Fields: lot}, {Name: "old.two", Label: "Two", Fields: texts("t1", "t2", "t3")}},
			[]model{{Name: "new.one", Label: "One", Fields: lot}, {Name: "new.two", Label: "Two", Fields: texts("t1", "t2", "t3")}},
			[]string{"model old.one>new.one renamed: readers, writers", "model old.two>new.two renamed: readers, writers"}},
		{"a wizard is no table",
			[]model{{Name: "x.assign", Kind: "transient", Fields: texts("q")}},
			[]model{{Name: "x.assigned", Fields: texts("q")}},
			[]string{"model x.assign removed: readers, writers", "model x.assigned added: safe"}},
	} {
		r := Compare(schema(append(tc.old, others...)...), schema(append(tc.new, others...)...))
		if diff := cmp.Diff(tc.want, onlyModels(r)); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
		for _, c := range r.Changes {
			matched := c.Action == Renamed || c.Action == Merged || c.Action == Split
			if matched != (c.Match != nil) || matched && (c.Match.Confidence <= 0 || c.Match.Confidence > 1 || len(c.Match.Evidence) == 0) {
				t.Errorf("%s: the match of %s is %+v", tc.name, line(c), c.Match)
			}
		}
	}
}

func TestFieldsThatMove(t *testing.T) {
	tax := field{Name: "tax_id", Type: "many2many", Relation: "account.tax", Label: "Taxes"}
	taxes := tax
	taxes.Name = "tax_ids"
	other := field{Name: "colour", Type: "integer", Label: "Colour Index"}
	for _, tc := range []struct {
		name     string
		old, new []field
		want     []string
	}{
		{"another ending", []field{tax}, []field{taxes}, []string{"field m tax_id>tax_ids renamed: readers, writers"}},
		{"nothing in common", []field{tax}, []field{other}, []string{"field m tax_id removed: readers, writers", "field m colour added: safe"}},
		{"of another type too", []field{{Name: "user_id", Type: "many2one", Relation: "res.users", Label: "Assignee"}}, []field{{Name: "user_ids", Type: "many2many", Relation: "res.users", Label: "Assignees"}},
			[]string{"field m user_id>user_ids renamed: readers, writers", "field m user_id>user_ids type: many2one>many2many: readers, writers", "field m user_id>user_ids label: Assignee>Assignees: safe"}},
		{"to another model", []field{tax}, []field{{Name: "tag_ids", Type: "many2many", Relation: "res.tag", Label: "Tags"}}, []string{"field m tax_id removed: readers, writers", "field m tag_ids added: safe"}},
		{"what follows a rename", []field{{Name: "money", Type: "monetary", Label: "Money", Currency: "currency"}, {Name: "currency", Type: "many2one", Relation: "res.currency", Label: "Currency"}},
			[]field{{Name: "money", Type: "monetary", Label: "Money", Currency: "currency_id"}, {Name: "currency_id", Type: "many2one", Relation: "res.currency", Label: "Currency"}},
			[]string{"field m currency>currency_id renamed: readers, writers", "field m money currency: currency>currency_id: safe"}},
	} {
		r := Compare(schema(model{Name: "m", Fields: tc.old}), schema(model{Name: "m", Fields: tc.new}))
		if diff := cmp.Diff(tc.want, lines(r)); diff != "" {
			t.Errorf("%s:\n%s", tc.name, diff)
		}
	}
}
