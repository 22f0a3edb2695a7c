package schema_test

import (
	"errors"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
	"github.com/odoogen/odoogen/runtime/schema"
)

func TestCheckLooksBehindMirrors(t *testing.T) {
	for _, major := range []int{14, 15} {
		f := &fakeodoo.Server{Major: major, Object: func(c fakeodoo.Call) string {
			switch c.Model + "." + c.Method {
			case "ir.model.fields.search_read":
				return fakeodoo.Result(`[{"id":1,"model":"res.users","name":"login","ttype":"char","relation":false,"required":false,"store":true,"state":"base"},
					{"id":2,"model":"res.users","name":"x_there","ttype":"char","relation":false,"required":false,"store":false,"state":"base"},{"id":2,"model":"res.users","name":"x_gone","ttype":"char","relation":false,"required":false,"store":false,"state":"base"}]`)
			case "res.users.fields_get":
				return fakeodoo.Result(`{"login":{"type":"char","store":true},"x_there":{"type":"char"}}`)
			}
			return fakeodoo.Fault("builtins.ValueError", "Invalid field")
		}}
		c, err := orm.Dial(t.Context(), fakeodoo.Start(t, f), orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret"))
		if err != nil {
			t.Fatal(err)
		}
		err = schema.Check(t.Context(), c, "res.users ResUsers\n login char\n x_gone char ~\n x_there char ~\n")
		var e *schema.Error
		if !errors.As(err, &e) || len(e.Differences) != 1 || e.Differences[0].String() != "res.users.x_gone: gone" {
			t.Errorf("Odoo %d: %v", major, err)
		}
	}
}
