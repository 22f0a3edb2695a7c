//go:build live

package livetest

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

func TestLiveGroupFieldsOfUsers(t *testing.T) { onEach(t, liveGroupFieldsOfUsers) }

// The fields in_group_… of res.users are as the method read gives them: search_read of Odoo 17 and 18 leaves them out.
func liveGroupFieldsOfUsers(t *testing.T, c *orm.Client) {
	users := c.Model("res.users")
	var known map[string]struct{}
	if err := users.Call(t.Context(), "fields_get", nil, orm.Args{"attributes": []string{"type"}}, &known); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if strings.HasPrefix(name, "in_group_") {
			names = append(names, name)
		}
	}
	if has := c.Version().Major < 19; has != (len(names) > 0) {
		t.Fatalf("Odoo %d has %d fields", c.Version().Major, len(names))
	}
	columns := []reflect.StructField{{Name: "ID", Type: reflect.TypeFor[int64](), Tag: `odoo:"id"`}}
	for i, name := range names {
		columns = append(columns, reflect.StructField{
			Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[bool](), Tag: reflect.StructTag("odoo:" + strconv.Quote(name))})
	}
	row := reflect.StructOf(columns)
	found, read := reflect.New(reflect.SliceOf(row)), reflect.New(reflect.SliceOf(row))
	where := orm.Expr(orm.Where[struct{}]("id", "=", c.UID()))
	if err := users.Find(t.Context(), found.Interface(), where); err != nil {
		t.Fatal(err)
	}
	if err := users.Call(t.Context(), "read", []int64{c.UID()}, orm.Args{"fields": append(names, "id")}, read.Interface()); err != nil {
		t.Fatal(err)
	}
	if found.Elem().Len() != 1 || !reflect.DeepEqual(found.Elem().Interface(), read.Elem().Interface()) {
		t.Errorf("found %v, read %v", found.Elem(), read.Elem())
	}
}
