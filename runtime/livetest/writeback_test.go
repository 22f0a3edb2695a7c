//go:build live

package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
)

// goTypes are the Go types that the generator gives to the field types of Odoo.
var goTypes = map[string]reflect.Type{
	"char": reflect.TypeFor[string](), "text": reflect.TypeFor[string](), "html": reflect.TypeFor[string](),
	"selection": reflect.TypeFor[choice](), "boolean": reflect.TypeFor[bool](), "integer": reflect.TypeFor[int64](),
	"many2one_reference": reflect.TypeFor[int64](), "float": reflect.TypeFor[float64](), "monetary": reflect.TypeFor[float64](),
	"date": reflect.TypeFor[orm.Date](), "datetime": reflect.TypeFor[time.Time](), "binary": reflect.TypeFor[[]byte](),
	"many2one": reflect.TypeFor[orm.Ref[Anything]](), "one2many": reflect.TypeFor[[]orm.ID[Anything]](),
	"many2many": reflect.TypeFor[[]orm.ID[Anything]](), "reference": reflect.TypeFor[orm.Reference](),
	"json": reflect.TypeFor[json.RawMessage](), "properties": reflect.TypeFor[json.RawMessage](),
	"properties_definition": reflect.TypeFor[json.RawMessage](),
}

// choice is like a generated selection.
type choice string

// Anything is a record of any model.
type Anything struct{}

type fieldInfo struct {
	Type     string `json:"type"`
	ReadOnly any    `json:"readonly"` // not always a bool
	Store    any    `json:"store"`
}

func TestLiveWriteBackIsLossFree(t *testing.T) {
	// The first way writes all there is back, the others what shows that they do the same.
	models := []string{"res.partner", "sale.order", "res.users", "ir.attachment", "product.product"}
	kinds := []string{"char", "text", "selection", "boolean", "integer", "float", "many2one", "one2many", "many2many", "html", "date", "datetime", "binary"}
	for i, w := range ways(t) {
		if i > 0 {
			models, kinds = models[:2], kinds[:9]
		}
		options := append(slices.Clone(w.options), orm.Database(env(t, "ODOO_FULL_DB")))
		if strings.Contains(w.name, "key") || w.name == "JSON-2" {
			options = append(options, orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_FULL_API_KEY")))
		}
		t.Run(w.name, func(t *testing.T) {
			c := dialLive(t, options...)
			written := map[string]int{}
			for _, model := range models {
				writeBack(t, c, model, written)
			}
			for _, kind := range kinds {
				if written[kind] == 0 {
					t.Errorf("no field of the type %s was written back", kind)
				}
			}
			t.Log(written)
		})
	}
}

// writeBack copies a record, and writes to the copy what is read of it: all fields of a type at once.
func writeBack(t *testing.T, c *orm.Client, model string, written map[string]int) {
	t.Helper()
	m := c.Model(model)
	ctx := t.Context()
	var ids, copies []int64
	if err := m.Search(ctx, &ids, orm.Expr{}, orm.Limit(1)); err != nil || len(ids) == 0 {
		t.Fatal(m.Name(), ids, err)
	}
	override := map[string]any{}
	if m.Name() == "res.users" {
		override["login"] = "odoogen-copy"
	}
	var answer json.RawMessage
	if err := m.Call(ctx, "copy", ids, orm.Args{"default": override}, &answer); err != nil {
		t.Fatal(m.Name(), err)
	}
	var one int64
	if json.Unmarshal(answer, &one) == nil {
		copies = []int64{one}
	} else if err := json.Unmarshal(answer, &copies); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var user struct {
			Partner orm.Ref[Partner] `odoo:"partner_id"` // copied with the user, but not deleted with it
		}
		ctx, err := context.Background(), error(nil)
		if m.Name() == "res.users" {
			err = m.Get(ctx, &user, copies[0])
		}
		if err = errors.Join(err, m.Unlink(ctx, copies)); user.Partner.ID != 0 {
			err = errors.Join(err, orm.Unlink(ctx, c, orm.On(user.Partner.ID)))
		}
		if err != nil {
			t.Error(err)
		}
	})
	var fields map[string]fieldInfo
	if err := m.Call(ctx, "fields_get", nil, orm.Args{"attributes": []string{"type", "readonly", "store"}}, &fields); err != nil {
		t.Fatal(err)
	}
	byType := map[string][]string{}
	for name, f := range fields {
		if f.Store == true && f.ReadOnly == false && goTypes[f.Type] != nil && name != "password" && name != "state" && name != "db_datas" {
			byType[f.Type] = append(byType[f.Type], name)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		names := byType[kind]
		slices.Sort(names)
		if sameAfterWrite(t, m, copies[0], kind, names) {
			written[kind] += len(names)
			continue
		}
		for _, name := range names { // one of them is what Odoo does not let be written
			if sameAfterWrite(t, m, copies[0], kind, []string{name}) {
				written[kind]++
			}
		}
	}
}

// sameAfterWrite reports whether Odoo took what it had sent. What it took must be the same afterwards.
func sameAfterWrite(t *testing.T, m orm.Model, id int64, kind string, names []string) bool {
	t.Helper()
	shape := make([]reflect.StructField, len(names))
	for i, name := range names {
		shape[i] = reflect.StructField{Name: "F" + string(rune('A'+i/26)) + string(rune('A'+i%26)), Type: goTypes[kind], Tag: reflect.StructTag(`odoo:"` + name + `"`)}
	}
	typ := reflect.StructOf(shape)
	read := func() reflect.Value {
		record := reflect.New(typ)
		if err := m.Get(t.Context(), record.Interface(), id); err != nil {
			t.Fatalf("%s %s: %v", m.Name(), kind, err)
		}
		return record.Elem()
	}
	before := read()
	values := orm.Args{}
	for i, name := range names {
		value := before.Field(i).Interface()
		if list, ok := value.([]orm.ID[Anything]); ok {
			value = orm.Commands(orm.Replace(list...))
		}
		values[name] = value
	}
	if err := m.Write(t.Context(), []int64{id}, values); err != nil {
		if _, ok := errors.AsType[*orm.Error](err); !ok {
			t.Errorf("%s %s: %v", m.Name(), kind, err)
		}
		if len(names) == 1 {
			t.Logf("%s.%s: %v", m.Name(), names[0], err)
		}
		return false
	}
	if diff := cmp.Diff(before.Interface(), read().Interface()); diff != "" {
		t.Errorf("%s %s: what was written back differs:\n%s", m.Name(), kind, diff)
	}
	return true
}
