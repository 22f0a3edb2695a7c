package snapshot

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full has everything that a snapshot can hold.
var full = Schema{
	Format:  Format,
	Server:  Server{Series: "19.0", Version: "19.0-20260101"},
	Modules: []Module{{"base", "19.0.1.3"}, {"sale", "19.0.1.2"}},
	TextIDs: []string{"b.full", "elsewhere"},
	Models: []Model{
		{Name: "a.empty", Kind: Abstract, Fields: []Field{}},
		{
			Name: "b.full", Label: "Full <&> \"label\"", Kind: Transient, Custom: true, Modules: []string{"base", "sale"},
			Fields: []Field{
				{
					Name: "all", Type: "selection", Label: "All", Required: true, Readonly: true, Computed: true, Relation: "b.full", Inverse: "i",
					Currency: "c", ModelField: "m", Definition: "d.e", Related: "r.s", CompanyDependent: true, Translated: true, Custom: true, Size: 64,
					Digits: []int{16, 2}, Help: "Two\nlines, \u2028 \u202e and \x00", Selection: []Choice{{Value: "", Label: "Nothing"}, {Value: "1", Label: "<One>"}, {Value: "a\"b"}},
				},
				{Name: "plain", Type: "char"},
			},
			Reports: []ReportAction{{Name: "sale.report_b", Label: "B <&>"}, {Name: "sale.report_c"}},
			Methods: []Method{
				{Name: "action_x", Source: SourceButton, Label: "Do <X>"},
				{
					Name: "full", Source: SourceDoc, Label: "Full", Module: "sale", OfModel: true, Readonly: true, Returns: "int | None", Doc: "One.\n\nTwo.",
					Params: []Param{
						{Name: "a", Kind: PositionalOnly, Annotation: "str"}, {Name: "b", Optional: true, Default: json.RawMessage(`null`), Doc: "B."},
						{Name: "c", Kind: VarPositional}, {Name: "d", Kind: KeywordOnly, Optional: true}, {Name: "e", Kind: VarKeyword},
					},
				},
			},
		},
	},
	Unseen: Unseen{Modules: true, Catalog: true, Reports: true, Methods: "no <right>", Models: []UnseenModel{{Name: "ir.secret", Reason: "no access"}}},
}

// encoded is its text: a line for each module, field, choice and method.
const encoded = `{
 "format": 1,
 "server": {"series":"19.0","version":"19.0-20260101"},
 "modules": [
  {"name":"base","version":"19.0.1.3"},
  {"name":"sale","version":"19.0.1.2"}
 ],
 "text_ids": ["b.full","elsewhere"],
 "unseen": {"modules":true,"catalog":true,"reports":true,"methods":"no <right>","models":[
  {"name":"ir.secret","reason":"no access"}
 ]},
 "models": [
  {"name":"a.empty","kind":"abstract","fields":[
  ]},
  {"name":"b.full","label":"Full <&> \"label\"","kind":"transient","custom":true,"modules":["base","sale"],"reports":[
   {"name":"sale.report_b","label":"B <&>"},
   {"name":"sale.report_c"}
  ],
  "fields":[
   {"name":"all","type":"selection","label":"All","required":true,"readonly":true,"computed":true,"relation":"b.full","inverse":"i","currency":"c","model_field":"m","definition":"d.e","related":"r.s","company_dependent":true,"translated":true,"custom":true,"size":64,"digits":[16,2],"help":"Two\nlines, \u2028 ` + "\u202e" + ` and \u0000","selection":[
    ["","Nothing"],
    ["1","<One>"],
    ["a\"b",""]
   ]},
   {"name":"plain","type":"char"}
  ],
  "methods":[
   {"name":"action_x","source":"button","label":"Do <X>"},
   {"name":"full","source":"api_doc","label":"Full","module":"sale","of_model":true,"readonly":true,"returns":"int | None","doc":"One.\n\nTwo.","params":[{"name":"a","kind":"positional_only","annotation":"str"},{"name":"b","optional":true,"default":null,"doc":"B."},{"name":"c","kind":"var_positional"},{"name":"d","kind":"keyword_only","optional":true},{"name":"e","kind":"var_keyword"}]}
  ]}
 ]
}
`

func TestEncode(t *testing.T) {
	data, err := full.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(encoded, string(data)); diff != "" {
		t.Error(diff)
	}
	s, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&full, s); diff != "" {
		t.Error(diff)
	}
}

func TestEncodeNothing(t *testing.T) {
	data, err := (&Schema{Format: Format}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&Schema{Format: Format, Models: []Model{}}, s); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeErrors(t *testing.T) {
	model := func(text string) string { return `{"format":1,"models":[` + text + `]}` }
	for text, want := range map[string]string{
		``:                        "not a snapshot of odoogen",
		`<html>`:                  "not a snapshot of odoogen",
		`[]`:                      "not a snapshot of odoogen",
		`{"format":"1"}`:          "not a snapshot of odoogen",
		`{"format":1}{"format":1`: "not a snapshot of odoogen",
		`null`:                    "it has no format number",
		`{}`:                      "it has no format number",
		`{"format":0}`:            "it has no format number",
		`{"format":-1}`:           "it has no format number",
		`{"format":2}`:            "the snapshot has format 2, and this odoogen reads up to 1: use the newer odoogen",
		`{"format":2,"models":7}`: "the snapshot has format 2",
		`{"format":1,"models":7}`: "a broken snapshot",

		model(`{"name":"a"},{"name":"a"}`):                           `the model "a" is listed twice`,
		model(`{"label":"A"}`):                                       `the model "" is listed twice or has no name`,
		model(`{"name":"a","fields":[{"name":"b"},{"name":"b"}]}`):   `the field "b" of a is listed twice`,
		model(`{"name":"a","fields":[{"type":"char"}]}`):             `the field "" of a is listed twice or has no name`,
		model(`{"name":"a","methods":[{"name":"b"},{"name":"b"}]}`):  `the method "b" of a is listed twice`,
		model(`{"name":"a","methods":[{"name":"b","params":[{}]}]}`): `a.b: the parameter "" is listed twice or has no name`,
		model(`{"name":"a","methods":[{"name":"b","params":[{"name":"x","kind":"var_keyword"},{"name":"y","kind":"var_keyword"}]}]}`): `a.b: the parameter "y" is the second of the kind var_keyword`,
		model(`{"name":"a","methods":[{"name":"b","params":[{"name":"x","kind":"any"}]}]}`):                                           `a.b: the parameter "x" has the unknown kind "any"`,
		`{"format":1,"server":{"series":"19; rm -rf /"}}`:                                                                             `series: "19; rm -rf /" is not a version of Odoo`,
		`{"format":1,"server":{"series":"-5"}}`:                                                                                       `series: "-5" is not a version of Odoo`,
		`{"format":1,"server":{"series":"9223372036854775808.0"}}`:                                                                    `is not a version of Odoo`,
		`{"format":1,"server":{"series":"13.0"}}`:                                                                                     `version 13.0 of Odoo is not supported: 14 is the oldest`,
		model(`{"name":"a","fields":[{"name":"b","selection":["draft"]}]}`):                                                           `"draft" is not a choice: want ["value","label"]`,
		model(`{"name":"a","fields":[{"name":"b","selection":[["draft"]]}]}`):                                                         `["draft"] is not a choice`,
		model(`{"name":"a","fields":[{"name":"b","selection":[["a","b","c"]]}]}`):                                                     `["a","b","c"] is not a choice`,
		model(`{"name":"a","fields":[{"name":"b","selection":[[1,"One"]]}]}`):                                                         `[1,"One"] is not a choice`,
		model(`{"name":"a","fields":[{"name":"b","selection":[{"Value":"a"}]}]}`):                                                     `{"Value":"a"} is not a choice`,
		model(`{"name":"a","fields":[{"name":"b","selection":[null]}]}`):                                                              `null is not a choice`,
		model(`{"name":"a","fields":[{"name":"b","digits":16}]}`):                                                                     "a broken snapshot",
		model(`{"name":"a","fields":[{"name":"b","selection":{"draft":"Quotation"}}]`):                                                "not a snapshot of odoogen",
	} {
		if _, err := Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %s", text, err, want)
		}
	}
}

func TestFiles(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, DefaultFile)
	_, err := ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "odoogen pull") || !strings.Contains(err.Error(), file) {
		t.Errorf("without a file the error is %v", err)
	}
	if err := full.WriteFile(file); err != nil {
		t.Fatal(err)
	}
	s, err := ReadFile(file)
	if diff := cmp.Diff(&full, s); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if err := os.WriteFile(file, []byte(`{"format":9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(file); err == nil || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("of a newer file the error is %v", err)
	}
	if err := full.WriteFile(filepath.Join(folder, "none", "x.json")); err == nil {
		t.Error("no error in a folder that is not there")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
}

// Whatever it is, it is an error or a snapshot that comes out as it went in.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(encoded))
	f.Add([]byte(`{"format":1,"models":[{"name":"a","fields":[{"name":"b","selection":[["","\ud800"]],"digits":null}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			return
		}
		first, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(first)
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		second, err := again.Encode()
		if diff := cmp.Diff(string(first), string(second)); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func TestFieldCount(t *testing.T) {
	if n := full.FieldCount(); n != 2 {
		t.Errorf("%d fields", n)
	}
}

// A snapshot that could not be read again does not replace one that can.
func TestWriteFileRefusesWhatCannotBeRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "odoogen.schema.json")
	good := &Schema{Format: Format, Server: Server{Series: "19.0"}}
	if err := good.WriteFile(file); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := *good
	bad.Models = []Model{{Name: "a", Methods: []Method{{Name: "f", Params: []Param{{Name: "a"}, {Name: "a"}}}}}}
	if err := bad.WriteFile(file); err == nil || !strings.Contains(err.Error(), "was not written") {
		t.Error(err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file became %s, %v", after, err)
	}
}
