package orm

import (
	"errors"
	"testing"
)

func TestVerifySchemaLooksBehindMirrors(t *testing.T) {
	for _, major := range []int{14, 15} {
		f := &fakeOdoo{Major: major, Object: func(c fakeCall) string {
			switch c.Model + "." + c.Method {
			case "ir.model.fields.search_read":
				return resultOf(`[{"id":1,"model":"res.users","name":"login","ttype":"char","relation":false,"required":false,"store":true,"state":"base"},
					{"id":2,"model":"res.users","name":"x_there","ttype":"char","relation":false,"required":false,"store":false,"state":"base"},{"id":2,"model":"res.users","name":"x_gone","ttype":"char","relation":false,"required":false,"store":false,"state":"base"}]`)
			case "res.users.fields_get":
				return resultOf(`{"login":{"type":"char","store":true},"x_there":{"type":"char"}}`)
			}
			return faultOf("builtins.ValueError", "Invalid field")
		}}
		err := dialFake(t, f).VerifySchema(t.Context(), "res.users ResUsers\n login char\n x_gone char ~\n x_there char ~\n")
		var e *SchemaError
		if !errors.As(err, &e) || len(e.Differences) != 1 || e.Differences[0].String() != "res.users.x_gone: gone" {
			t.Errorf("Odoo %d: %v", major, err)
		}
	}
}
