package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

func TestAnUntestedVersionIsOneWarning(t *testing.T) {
	for series, want := range map[string]string{
		"19.0": "",
		"20.0": "odoogen: warning: Odoo 20.0 is newer than every version that odoogen was tested with\n",
	} {
		var out bytes.Buffer
		var c connection
		for range 2 {
			c.warnUntested(&out, orm.Version{Series: series})
		}
		if out.String() != want {
			t.Errorf("Odoo %s: got %q, want %q", series, out.String(), want)
		}
	}
}

func TestFailedModelsAreAnError(t *testing.T) {
	s := &snapshot.Schema{Unseen: snapshot.Unseen{Models: []snapshot.UnseenModel{
		{Name: "ir.secret", Reason: "this user may not read it"},
	}}}
	if err := failures(s); err != nil {
		t.Errorf("a model that the user cannot read gives %v", err)
	}
	s.Unseen.Models = append(s.Unseen.Models, snapshot.UnseenModel{Name: "x.wreck", Reason: "division by zero", Failed: true})
	if err := failures(s); err == nil || !strings.Contains(err.Error(), "x.wreck") || strings.Contains(err.Error(), "ir.secret") {
		t.Errorf("a model that fails gives %v", err)
	}
}

func TestReportOfWhatIsUnseen(t *testing.T) {
	s := &snapshot.Schema{
		Models: []snapshot.Model{{Name: "res.users", Hidden: []string{"a", "b"}}},
		Unseen: snapshot.Unseen{Modules: true, Fields: true},
	}
	for _, name := range []string{"m1", "m2", "m3", "m4", "m5", "m6", "m7"} {
		s.Unseen.Models = append(s.Unseen.Models, snapshot.UnseenModel{Name: name, Reason: "why"})
	}
	var out bytes.Buffer
	reportUnseen(s, &out)
	for _, want := range []string{"ir.module.module", "ir.model.fields", "2 fields are hidden", "7 models were left out", "  m5: why\n", "and 2 more"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "m6") {
		t.Errorf("more than five models are named:\n%s", out.String())
	}
}
