package orm

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

type wide struct {
	ID    int64           `odoo:"id"`
	Name  string          `odoo:"name"`
	Total float64         `odoo:"amount_total"`
	Terms json.RawMessage `odoo:"needed_terms,ondemand"`
}

func (*wide) OdooModel() string { return "account.move" }

// failsOn is a server that fails to read some fields.
func failsOn(names ...string) func(fakeCall) string {
	return func(call fakeCall) string {
		named := string(call.Named["fields"]) + string(call.Named["specification"]) + call.String()
		for _, name := range names {
			if strings.Contains(named, `"`+name+`"`) {
				return faultOf("builtins.TypeError", "keys must be str, not frozendict")
			}
		}
		fields := []string{`"id":7`}
		for _, member := range []string{`"name":"x"`, `"amount_total":1.5`, `"needed_terms":{}`} {
			if name, _, _ := strings.Cut(member, ":"); strings.Contains(named, name) {
				fields = append(fields, member)
			}
		}
		return resultOf(`[{` + strings.Join(fields, ",") + `}]`)
	}
}

func TestEverythingLeavesOutWhatTheServerFailsToRead(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: failsOn("needed_terms")})
	check := func(door string, got wide, err error) {
		t.Helper()
		unread, ok := errors.AsType[*UnreadError](err)
		if !ok || !slices.Equal(unread.Fields, []string{"needed_terms"}) || unread.Model != "account.move" || !strings.Contains(err.Error(), "frozendict") {
			t.Errorf("%s: %v", door, err)
		}
		if got.ID != 7 || got.Name != "x" || got.Total != 1.5 || got.Terms != nil {
			t.Errorf("%s gives %+v beside the error", door, got)
		}
	}
	found, err := Find[wide](t.Context(), c, Domain[wide]{}, Everything())
	check("Find", append(found, wide{})[0], err)
	read, err := Read[wide](t.Context(), c, []ID[wide]{7}, Everything())
	check("Read", append(read, wide{})[0], err)
	got, err := Get[wide](t.Context(), c, ID[wide](7), Everything())
	check("Get", got, err)
	for _, err := range All[wide](t.Context(), c, Domain[wide]{}, Everything()) {
		if unread, ok := errors.AsType[*UnreadError](err); !ok || unread.Fields[0] != "needed_terms" {
			t.Errorf("All: %v", err)
		}
	}
}

// A fault that is in no field is reported as it came, and so is one of a read that does not ask for everything.
func TestFaultsThatAreInNoField(t *testing.T) {
	for name, test := range map[string]struct {
		fails []string
		opts  []FindOption
	}{
		"of all fields":  {[]string{"id", "name", "amount_total", "needed_terms"}, []FindOption{Everything()}},
		"not everything": {[]string{"name"}, nil},
	} {
		_, err := Find[wide](t.Context(), dialFake(t, &fakeOdoo{Object: failsOn(test.fails...)}), Domain[wide]{}, test.opts...)
		if _, ok := errors.AsType[*UnreadError](err); ok || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDefaultsGiveTheRestBesideTheError(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`{"name":"x","amount_total":"zero"}`))})
	got, err := Defaults[wide](t.Context(), c)
	failed, ok := errors.AsType[*DecodeError](err)
	if !ok || failed.Field != "amount_total" || failed.Model != "account.move" || got.Name != "x" || got.Total != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}
