package introspect

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

func TestLoose(t *testing.T) {
	for text, want := range map[string]loose{
		`false`: "", `true`: "true", `null`: "", `0`: "", `1`: "1", `64`: "64", `2.5`: "2.5", `""`: "", `"x"`: "x", `"False"`: "False",
		`[]`: "", `["a","b"]`: "a.b", `["partner_id"]`: "partner_id", `[1,2]`: "1.2", `{}`: "", `{"a":1}`: "",
	} {
		var l loose
		if err := json.Unmarshal([]byte(text), &l); err != nil || l != want {
			t.Errorf("%s is %q, want %q: %v", text, l, want, err)
		}
	}
}

// The attributes of fields_get in every shape that servers were seen to send.
func TestFieldShapes(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		want   snapshot.Field
	}{
		"booleans":               {`{"type":"char","required":true,"readonly":true,"store":true,"translate":true,"manual":true,"company_dependent":true}`, snapshot.Field{Type: "char", Required: true, Readonly: true, Translated: true, Custom: true, CompanyDependent: true}},
		"all false":              {`{"type":"char","string":false,"help":false,"required":false,"readonly":false,"store":true,"relation":false,"related":false,"translate":false,"size":false,"digits":false,"selection":false}`, snapshot.Field{Type: "char"}},
		"numbers":                {`{"type":"char","required":1,"readonly":0,"store":1}`, snapshot.Field{Type: "char", Required: true}},
		"texts":                  {`{"type":"char","readonly":"1","store":"True","translate":"html_translate"}`, snapshot.Field{Type: "char", Readonly: true, Translated: true}},
		"not stored":             {`{"type":"char","store":false}`, snapshot.Field{Type: "char", Computed: true}},
		"stored is absent":       {`{"type":"char"}`, snapshot.Field{Type: "char", Computed: true}},
		"related as a list":      {`{"type":"char","store":true,"related":["partner_id","name"]}`, snapshot.Field{Type: "char", Related: "partner_id.name"}},
		"related as a text":      {`{"type":"char","store":true,"related":"partner_id.name"}`, snapshot.Field{Type: "char", Related: "partner_id.name"}},
		"digits":                 {`{"type":"float","store":true,"digits":[16,2]}`, snapshot.Field{Type: "float", Digits: []int{16, 2}}},
		"digits as a number":     {`{"type":"float","store":true,"digits":0}`, snapshot.Field{Type: "float"}},
		"digits of another form": {`{"type":"float","store":true,"digits":[16,2,1]}`, snapshot.Field{Type: "float"}},
		"digits by name":         {`{"type":"float","store":true,"digits":"Product Price"}`, snapshot.Field{Type: "float"}},
		"size":                   {`{"type":"char","store":true,"size":64}`, snapshot.Field{Type: "char", Size: 64}},
		"size as a text":         {`{"type":"char","store":true,"size":"64"}`, snapshot.Field{Type: "char", Size: 64}},
		"size as no number":      {`{"type":"char","store":true,"size":"wide"}`, snapshot.Field{Type: "char"}},
		"size as a boolean":      {`{"type":"char","store":true,"size":true}`, snapshot.Field{Type: "char"}},
		"help":                   {`{"type":"char","store":true,"help":"\n  Text.\n "}`, snapshot.Field{Type: "char", Help: "Text."}},
		"relation":               {`{"type":"one2many","store":true,"relation":"a.b","relation_field":"c_id"}`, snapshot.Field{Type: "one2many", Relation: "a.b", Inverse: "c_id"}},
		"monetary":               {`{"type":"monetary","store":true,"currency_field":"currency_id"}`, snapshot.Field{Type: "monetary", Currency: "currency_id"}},
		"reference":              {`{"type":"many2one_reference","store":true,"model_field":"res_model"}`, snapshot.Field{Type: "many2one_reference", ModelField: "res_model"}},
		"properties":             {`{"type":"properties","store":true,"definition_record":"team_id","definition_record_field":"definition"}`, snapshot.Field{Type: "properties", Definition: "team_id.definition"}},
		"half a definition":      {`{"type":"properties","store":true,"definition_record":"team_id"}`, snapshot.Field{Type: "properties"}},
		"label":                  {`{"type":"char","store":true,"string":"Name"}`, snapshot.Field{Type: "char", Label: "Name"}},
		"unknown attributes":     {`{"type":"vector","store":true,"domain":[["a","=",1]],"aggregator":false,"dimensions":3}`, snapshot.Field{Type: "vector"}},
		"nothing":                {`{}`, snapshot.Field{Computed: true}},
	} {
		var raw rawField
		if err := json.Unmarshal([]byte(tc.answer), &raw); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		tc.want.Name = "f"
		if diff := cmp.Diff(tc.want, raw.field("f")); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestChoices(t *testing.T) {
	for text, want := range map[string][]snapshot.Choice{
		`[["draft","Quotation"],["sale","Order"]]`:  {{Value: "draft", Label: "Quotation"}, {Value: "sale", Label: "Order"}},
		`[[1,"One"],[-2,"Minus two"],[1.5,"Half"]]`: {{Value: "1", Label: "One"}, {Value: "-2", Label: "Minus two"}, {Value: "1.5", Label: "Half"}},
		`[[12345678901234567890,"Big"]]`:            {{Value: "12345678901234567890", Label: "Big"}},
		`[[false,"None"],[null,"Never"]]`:           {{Value: "", Label: "None"}},
		`[["a","First"],["a","Second"]]`:            {{Value: "a", Label: "First"}},
		`[["a",false],["b",null],["c",3]]`:          {{Value: "a", Label: ""}, {Value: "b", Label: ""}, {Value: "c", Label: "3"}},
		`[["a"],["b","B"],"c",["d","D",1],{}]`:      {{Value: "b", Label: "B"}},
		`[["z","Z"],["a","A"]]`:                     {{Value: "z", Label: "Z"}, {Value: "a", Label: "A"}}, // in Odoo's order
		`[]`:                                        nil,
		`"_compute_states"`:                         nil,
		`false`:                                     nil,
		`{"a":"A"}`:                                 nil,
		``:                                          nil,
	} {
		if diff := cmp.Diff(want, choices(json.RawMessage(text))); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

func TestFieldsAreSorted(t *testing.T) {
	got := fields(map[string]rawField{"b": {Type: "char"}, "_a": {}, "a_b": {}, "a": {}, "B": {}})
	var names []string
	for _, f := range got {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"B", "_a", "a", "a_b", "b"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestWhatConditionsAndOrdersCanBeAbout(t *testing.T) {
	for answer, want := range map[string]snapshot.Field{
		`{}`: {},
		`{"searchable": true, "sortable": true, "groupable": true}`:      {},
		`{"searchable": false, "sortable": false, "groupable": false}`:   {Unsearchable: true, Unsortable: true, Ungroupable: true},
		`{"searchable": "True", "sortable": "False", "groupable": null}`: {Unsortable: true},
	} {
		var raw rawField
		if err := json.Unmarshal([]byte(answer), &raw); err != nil {
			t.Fatal(err)
		}
		got := raw.field("")
		if got.Unsearchable != want.Unsearchable || got.Unsortable != want.Unsortable || got.Ungroupable != want.Ungroupable {
			t.Errorf("%s: %+v", answer, got)
		}
	}
	var raw rawField
	if err := json.Unmarshal([]byte(`{"searchable": false, "sortable": true}`), &raw); err != nil {
		t.Fatal(err)
	}
	if got := raw.reports(); !slices.Equal(got, []snapshot.Report{snapshot.Searchable, snapshot.Sortable}) {
		t.Errorf("reports %v", got)
	}
}
