//go:build live

package livetest

import (
	"reflect"
	"slices"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/properties"
)

// Attributed and discussion are generated records whose properties have a type.
type Attributed struct {
	ID         orm.ID[Attributed] `odoo:"id"`
	Attributes properties.List    `odoo:"attributes"`
}

type discussion struct {
	Attributes properties.List `odoo:"attributes_definition"`
}

const attributes orm.Field[Attributed, properties.List] = "attributes"

func TestLiveProperties(t *testing.T) { onEach(t, liveProperties) }

func liveProperties(t *testing.T, c *orm.Client) {
	if c.Version().Major < 16 {
		return // they came with 16
	}
	ctx := t.Context()
	discussions, messages := testModel(c, "discussion"), testModel(c, "message")
	definitions := properties.List{
		{Name: "size", Label: "Größe", Type: properties.Char},
		{Name: "count", Label: "Count", Type: properties.Integer},
		{Name: "rate", Label: "Rate", Type: properties.Float},
		{Name: "yes", Label: "Yes", Type: properties.Boolean},
		{Name: "day", Label: "Day", Type: properties.Date},
		{Name: "at", Label: "At", Type: properties.Datetime},
		{Name: "kind", Label: "Kind", Type: properties.Selection, Choice: []properties.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{Name: "tags", Label: "Tags", Type: properties.Tags, Choice: []properties.Choice{{Value: "x", Label: "X", Color: 1}, {Value: "y", Label: "Y", Color: 2}}},
		{Name: "owner", Label: "Owner", Type: properties.Many2one, Model: "res.partner"},
		{Name: "others", Label: "Others", Type: properties.Many2many, Model: "res.partner"},
	}
	box := must[int64](t)(discussions.Create(ctx, orm.Args{
		"name": t.Name(), "participants": orm.Link(orm.ID[Anything](c.UID())), "attributes_definition": definitions,
	}))
	remove(t, discussions, box)
	ids := make([]int64, 2)
	for i := range ids {
		ids[i] = must[int64](t)(messages.Create(ctx, orm.Args{"discussion": box, "body": "b"}))
		remove(t, messages, ids[i])
	}
	read := func(id int64) properties.List {
		t.Helper()
		var m Attributed
		if err := messages.Get(ctx, &m, id); err != nil {
			t.Fatal(err)
		}
		return m.Attributes
	}

	first := orm.Reference{Model: "res.partner", ID: 1}
	day, at := orm.Date{Year: 2026, Month: time.January, Day: 31}, time.Date(2026, 1, 31, 12, 30, 0, 0, time.UTC)
	l := read(ids[0])
	for name, set := range map[string]func() (properties.List, error){
		"size":   func() (properties.List, error) { return properties.Set(l, "size", "L") },
		"count":  func() (properties.List, error) { return properties.Set(l, "count", 7) },
		"rate":   func() (properties.List, error) { return properties.Set(l, "rate", 1.5) },
		"yes":    func() (properties.List, error) { return properties.Set(l, "yes", true) },
		"day":    func() (properties.List, error) { return properties.Set(l, "day", day) },
		"at":     func() (properties.List, error) { return properties.Set(l, "at", at) },
		"kind":   func() (properties.List, error) { return properties.Set(l, "kind", "b") },
		"tags":   func() (properties.List, error) { return properties.Set(l, "tags", []string{"y"}) },
		"owner":  func() (properties.List, error) { return properties.Set(l, "owner", first) },
		"others": func() (properties.List, error) { return properties.Set(l, "others", []orm.Reference{first}) },
	} {
		changed, err := set()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l = changed
	}
	if err := messages.Write(ctx, ids[:1], orm.Args{"attributes": l}); err != nil {
		t.Fatal(err)
	}
	l = read(ids[0])
	propertyIs(t, l, "size", "L")
	propertyIs(t, l, "count", 7)
	propertyIs(t, l, "rate", 1.5)
	propertyIs(t, l, "yes", true)
	propertyIs(t, l, "day", day)
	propertyIs(t, l, "at", at)
	propertyIs(t, l, "kind", "b")
	propertyIs(t, l, "tags", []string{"y"})
	propertyIs(t, l, "owner", first)
	propertyIs(t, l, "others", []orm.Reference{first})
	if p, _ := l.Find("kind"); p.Label != "Kind" || p.Type != properties.Selection || len(p.Choice) != 2 || p.Choice[1].Label != "B" {
		t.Errorf("the selection is %+v", p)
	}

	// A change of one property leaves the others.
	l, err := l.Clear("size")
	if err != nil {
		t.Fatal(err)
	}
	if err := messages.Write(ctx, ids[:1], orm.Args{"attributes": l}); err != nil {
		t.Fatal(err)
	}
	l = read(ids[0])
	if v, ok, err := properties.Get[string](l, "size"); ok || err != nil {
		t.Errorf("the size is still %q, %v", v, err)
	}
	propertyIs(t, l, "count", 7)
	propertyIs(t, l, "owner", first)

	for name, where := range map[string]orm.Domain[Attributed]{
		"integer":   orm.Eq(properties.Of[int](attributes, "count"), 7),
		"greater":   orm.Gt(properties.Of[int](attributes, "count"), 6),
		"float":     orm.Le(properties.Of[float64](attributes, "rate"), 1.5),
		"boolean":   orm.Eq(properties.Of[bool](attributes, "yes"), true),
		"date":      orm.Ge(properties.Of[orm.Date](attributes, "day"), day),
		"datetime":  orm.Lt(properties.Of[time.Time](attributes, "at"), at.Add(time.Second)),
		"selection": orm.In(properties.Of[string](attributes, "kind"), "b"),
		"tags":      orm.In(properties.Of[string](attributes, "tags"), "y"),
		"many2one":  orm.Eq(properties.Of[orm.ID[Partner]](attributes, "owner"), 1),
		"many2many": orm.In(properties.Of[orm.ID[Partner]](attributes, "others"), 1),
		"set":       orm.IsSet(properties.Of[string](attributes, "kind")),
	} {
		var found []int64
		if err := messages.Search(ctx, &found, orm.Expr(orm.And(orm.Where[Attributed]("id", "in", ids), where))); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !slices.Equal(found, ids[:1]) {
			t.Errorf("%s: found %v, want %v", name, found, ids[:1])
		}
	}

	other, err := properties.Set(read(ids[1]), "count", 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := messages.Write(ctx, ids[1:], orm.Args{"attributes": other}); err != nil {
		t.Fatal(err)
	}
	if c.Version().Major >= 19 { // where it is measured
		var ordered []int64
		err = messages.Search(ctx, &ordered, orm.Expr(orm.Where[Attributed]("id", "in", ids)), orm.Desc(properties.Of[int](attributes, "count")))
		if want := []int64{ids[1], ids[0]}; err != nil || !slices.Equal(ordered, want) {
			t.Errorf("ordered %v, want %v: %v", ordered, want, err)
		}
	}

	// Definitions are read and changed as values are.
	var d discussion
	if err := discussions.Get(ctx, &d, box); err != nil {
		t.Fatal(err)
	}
	d.Attributes = append(slices.DeleteFunc(d.Attributes, func(p properties.Property) bool { return p.Name == "rate" }),
		properties.Property{Name: "extra", Label: "Extra", Type: properties.Char})
	if err := discussions.Write(ctx, []int64{box}, orm.Args{"attributes_definition": d.Attributes}); err != nil {
		t.Fatal(err)
	}
	l = read(ids[0])
	if _, has := l.Find("rate"); has || l[len(l)-1].Label != "Extra" {
		t.Errorf("after the definitions changed: %+v", l)
	}
	propertyIs(t, l, "count", 7)
}

// propertyIs compares the value of a property.
func propertyIs[T properties.Value](t *testing.T, l properties.List, name string, want T) {
	t.Helper()
	if got, ok, err := properties.Get[T](l, name); err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %v, %v, want %v: %v", name, got, ok, want, err)
	}
}
