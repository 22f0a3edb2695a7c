package orm

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMethodsOnTheWire(t *testing.T) {
	answers := map[string]string{
		"read": `[{"id":3,"name":"c","partner_id":false,"order_line":[]},{"id":1,"name":"a","partner_id":false,"order_line":[]}]`, "copy": `[9]`, "default_get": `{"name":"n","order_line":[[5,0,0],[6,0,[1,2]],[4,3,0]]}`,
		"name_search": `[[1,"A"],[2,false]]`, "name_create": `[5,"New"]`,
		"search": `[1,3]`, "fields_get": `{}`,
	}
	for _, test := range []struct {
		major int
		want  []string
	}{
		{19, []string{
			`sale.order.read [[3,9,1],["id","name","partner_id","order_line"]] {}`,
			`sale.order.copy [[7],{"name":"x"}] {"context":{"lang":"fr_FR"}}`,
			`sale.order.default_get [["id","name","partner_id","order_line"]] {}`,
			`sale.order.name_search ["a",[["name","=","x"]],"ilike",3] {}`,
			`sale.order.name_create ["New"] {}`,
			`sale.order.search [[["id","in",[3,2,1]]],0,null,null] {"context":{"active_test":false}}`,
		}},
		{14, []string{
			`sale.order.read [[3,9,1],["id","name","partner_id","order_line"]] {}`,
			`sale.order.copy [[7],{"name":"x"}] {"context":{"lang":"fr_FR"}}`,
			`sale.order.default_get [["id","name","partner_id","order_line"]] {}`,
			`sale.order.fields_get [] {"allfields":["name"],"attributes":["type","relation","searchable","sortable"]}`,
			`sale.order.name_search ["a",[["name","=","x"]],"ilike",3] {}`,
			`sale.order.name_create ["New"] {}`,
			`sale.order.search [[["id","in",[3,2,1]]],0,null,null] {"context":{"active_test":false}}`,
		}},
	} {
		f := &fakeOdoo{Major: test.major, Object: func(c fakeCall) string { return resultOf(answers[c.Method]) }}
		c := dialFake(t, f)
		ctx := t.Context()
		rows, err1 := Read[sale](ctx, c, []ID[sale]{3, 9, 1})
		copied, err2 := Copy(ctx, c, ID[sale](7), saleValues{Name: Set("x")}, Context{"lang": "fr_FR"})
		defaults, err3 := Defaults[sale](ctx, c)
		found, err4 := NameSearch(ctx, c, "a", Eq(saleF.Name, "x"), "", Limit(3))
		made, err5 := NameCreate[sale](ctx, c, "New")
		existing, err6 := Existing(ctx, c, On(ID[sale](3), 2, 1))
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			t.Fatal(err)
		}
		got := []any{len(rows), rows[0].Name, copied, defaults, found, made, existing}
		want := []any{2, "c", ID[sale](9), sale{Name: "n", Lines: []ID[line]{1, 2, 3}}, []Ref[sale]{{1, "A"}, {2, ""}}, Ref[sale]{5, "New"}, []ID[sale]{3, 1}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		var calls []string
		for _, call := range f.Log() {
			calls = append(calls, call.String())
		}
		if diff := cmp.Diff(test.want, calls); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCopyAnswers(t *testing.T) {
	for answer, want := range map[string]int64{`9`: 9, `[9]`: 9, `[]`: 0, `[1,2]`: 0, `false`: 0, `"x"`: 0} {
		c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(answer))})
		got, err := c.Model("sale.order").Copy(t.Context(), 7, nil)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%s: %d, %v", answer, got, err)
		}
	}
}

func TestDefaultsThatWouldMakeRecords(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`{"order_line":[[0,0,{"name":"x"}]]}`))})
	if _, err := Defaults[sale](t.Context(), c); err == nil || !strings.Contains(err.Error(), "sale.order, field order_line") {
		t.Errorf("got %v", err)
	}
}

func TestNameCreateWithoutAName(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`false`))})
	if _, err := NameCreate[sale](t.Context(), c, "x"); err == nil {
		t.Error("no error")
	}
}

// Odoo 14 leaves the result out when a method returns nothing.
func TestAnswerWithoutAResult(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(`"x":1`)})
	if err := c.Model("sale.order").Call(t.Context(), "action_x", []int64{1}, nil, nil); err != nil {
		t.Error(err)
	}
}

// The shapes are those seen on real servers.
func TestFieldsGetTakesOddShapes(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`{
		"a":{"type":"selection","string":"A","help":false,"readonly":0,"required":1,"store":"True","sortable":"","selection":[[1,"One"],["b","B"],["odd"],"x"],"digits":false},
		"b":{"type":"float","string":"B","readonly":"True","required":false,"digits":[16,2],"aggregator":"sum","related":["x","y"]},
		"c":{"type":"float","digits":3,"group_operator":"avg","readonly":"False","translate":"standard"}}`))})
	got, err := c.Model("x").FieldsGet(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range got {
		f.Raw = nil
		got[name] = f
	}
	want := map[string]FieldInfo{
		"a": {Name: "a", Type: "selection", Label: "A", Required: true, Stored: true, Selection: Labels{{"1", "One"}, {"b", "B"}}},
		"b": {Name: "b", Type: "float", Label: "B", Readonly: true, Digits: 2, Aggregator: "sum"},
		"c": {Name: "c", Type: "float", Digits: 3, Aggregator: "avg", Translated: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
