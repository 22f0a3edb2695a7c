package finding

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var found = []Finding{
	{"stale-code", Error, "odoo/res partner,1.go", 7, "differs: 100 %\nfrom\rthis"},
	{"drift", Warning, "", 0, "somewhere\x1b[31m"},
	{"drift", Note, "a.json", 0, "a label"},
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, found); err != nil {
		t.Fatal(err)
	}
	want := "odoo/res partner,1.go:7: differs: 100 % from\\x0dthis\nsomewhere\\x1b[31m\na.json:0: a label\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// A message may hold anything: it starts no command of its own and ends none.
func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := GitHub(&b, found); err != nil {
		t.Fatal(err)
	}
	want := "::error file=odoo/res partner%2C1.go,line=7,title=odoogen%3A stale-code::differs: 100 %25%0Afrom\\x0dthis\n" +
		"::warning title=odoogen%3A drift::somewhere\\x1b[31m\n" +
		"::notice file=a.json,line=0,title=odoogen%3A drift::a label\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// The properties that SARIF 2.1.0 requires of what is used of it (its sections 3.13 to 3.49).
func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, "v1", Rules{"stale-code": "Stale.", "drift": "Drifted."}, found); err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log["version"] != "2.1.0" || !strings.HasSuffix(log["$schema"].(string), "sarif-2.1.0.json") {
		t.Errorf("version %v of %v", log["version"], log["$schema"])
	}
	run := log["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	if driver["name"] != "odoogen" {
		t.Errorf("driver %v", driver)
	}
	rules := driver["rules"].([]any)
	results := run["results"].([]any)
	if len(results) != len(found) {
		t.Fatalf("%d results", len(results))
	}
	for i, r := range results {
		result := r.(map[string]any)
		if text := result["message"].(map[string]any)["text"]; text != found[i].Message {
			t.Errorf("message %q", text)
		}
		rule := rules[int(result["ruleIndex"].(float64))].(map[string]any)
		if rule["id"] != result["ruleId"] || rule["id"] != found[i].Rule || rule["shortDescription"].(map[string]any)["text"] == "" {
			t.Errorf("rule %v of %v", rule, result)
		}
		if level := result["level"]; level != string(found[i].Level) {
			t.Errorf("level %v", level)
		}
	}
	place := results[0].(map[string]any)["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)
	want := map[string]any{
		"artifactLocation": map[string]any{"uri": "odoo/res%20partner,1.go", "uriBaseId": "%SRCROOT%"},
		"region":           map[string]any{"startLine": 7.0},
	}
	if diff := cmp.Diff(want, place); diff != "" {
		t.Error(diff)
	}
	if _, ok := results[1].(map[string]any)["locations"]; ok {
		t.Error("a finding without a place has one")
	}
	region := results[2].(map[string]any)["locations"].([]any)[0].(map[string]any)["physicalLocation"].(map[string]any)["region"]
	if diff := cmp.Diff(map[string]any{"startLine": 1.0}, region); diff != "" {
		t.Errorf("a line that is none:\n%s", diff)
	}
}

func TestNothingFound(t *testing.T) {
	var b bytes.Buffer
	if err := SARIF(&b, "", Rules{}, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"results": []`) {
		t.Errorf("results must be a list: %s", b.String())
	}
}
