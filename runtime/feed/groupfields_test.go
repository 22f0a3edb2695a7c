package feed_test

import (
	"fmt"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

type groupUser struct {
	ID    orm.ID[groupUser] `odoo:"id"`
	Login string            `odoo:"login"`
	Group bool              `odoo:"in_group_1"`
}

func (*groupUser) OdooModel() string { return "res.users" }

// Odoo 17 and 18 leave the fields of groups out of search_read: they are read again, and a change of them is one of the record.
func TestFieldsThatAreReadAgain(t *testing.T) {
	for _, series := range []string{"16.0", "17.0", "18.0"} {
		t.Run(series, func(t *testing.T) {
			s := &snapshot.Schema{Server: snapshot.Server{Series: series}, Models: []snapshot.Model{{Name: "res.users", Label: "Users", Fields: []snapshot.Field{
				{Name: "id", Type: "integer", Readonly: true}, {Name: "in_group_1", Type: "boolean"}, {Name: "login", Type: "char"}, {Name: "name", Type: "char"},
			}}}}
			server := odootest.New(t, s)
			c, err := server.Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			id, err := server.Create("res.users", map[string]any{"name": "Ada", "login": "ada"})
			if err != nil {
				t.Fatal(err)
			}
			f, err := feed.New[groupUser](c, orm.Where[groupUser]("login", "=", "ada"), feed.Whole())
			if err != nil {
				t.Fatal(err)
			}
			poll := func() (out []string) {
				for batch, err := range f.Batches(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					for _, change := range batch.Changes {
						out = append(out, fmt.Sprint(change.Kind, change.Record.Group))
					}
					if err := batch.Commit(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				return out
			}
			for _, want := range []string{"[created false]", "[]", "[changed true]", "[]"} {
				if got := fmt.Sprint(poll()); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if want == "[]" {
					if err := c.Model("res.users").Write(t.Context(), []int64{id}, orm.Args{"in_group_1": true}); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}
