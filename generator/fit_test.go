package generator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// A model and a field of it have other names: every setting that names one of them follows, and is reported as outdated.
func TestSettingsFollowRenames(t *testing.T) {
	id := snapshot.Field{Name: "id", Type: "integer"}
	s := &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{
		{
			Name: "discuss.channel",
			Fields: []snapshot.Field{
				id, {Name: "kind", Type: "selection", Selection: []snapshot.Choice{{Value: "chat"}}}, {Name: "title", Type: "char"},
			},
			Methods: []snapshot.Method{{Name: "post", Source: snapshot.SourceDoc}},
		},
		{Name: "discuss.old", Fields: []snapshot.Field{id}},
		{Name: "res.partner", Fields: []snapshot.Field{{Name: "channel_id", Type: "many2one", Relation: "discuss.channel"}, id}},
	}}
	renamed := map[string]string{
		"mail.channel": "discuss.channel", "mail.channel/name": "discuss.channel/title", "mail.old": "discuss.old", "mail.unused": "discuss.unused",
	}
	config := func(channel, old, name string) generator.Config {
		c := generator.DefaultConfig()
		c.Models = []string{channel, "!" + old, "res.*"}
		c.Fields = map[string][]string{channel: {"*", "!" + name}}
		c.Methods = map[string][]string{channel: {"post"}}
		c.Rename = map[string]string{
			channel: "Channel", channel + "/" + name: "Name", channel + "/kind": "Sort", channel + "/kind=chat": "Talk", channel + "/post()": "Say",
		}
		c.Types = map[string]string{channel + "/" + name: "net/netip.Addr", "monetary": "encoding/json.Number"}
		c.Projections = generator.Projections{{Name: "Row", Model: "res.partner", Fields: []generator.ProjectedField{
			{Name: "channel_id", Fields: []generator.ProjectedField{{Name: name}}},
		}}}
		return c
	}
	want := config("discuss.channel", "discuss.old", "title")
	want.AutoRename = true
	before := config("mail.channel", "mail.old", "name")
	if diff := cmp.Diff(want, before.Fit(s, renamed)); diff != "" {
		t.Errorf("the settings for the new snapshot (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config("mail.channel", "mail.old", "name"), before); diff != "" {
		t.Errorf("Fit changes its receiver:\n%s", diff)
	}
	outdated := []string{"mail.channel → discuss.channel", "mail.channel/name → discuss.channel/title", "mail.old → discuss.old"}
	if diff := cmp.Diff(outdated, before.Outdated(s, renamed)); diff != "" {
		t.Errorf("outdated (-want +got):\n%s", diff)
	}
}

// Each section of the configuration counts on its own.
func TestOutdatedSettings(t *testing.T) {
	renamed := map[string]string{"a": "b", "a/f": "b/g"}
	fields := []generator.ProjectedField{{Name: "f"}}
	for name, c := range map[string]generator.Config{
		"models":      {Models: []string{"a"}},
		"methods":     {Methods: map[string][]string{"a": {"m"}}},
		"rename":      {Rename: map[string]string{"a/other": "X"}},
		"projections": {Projections: generator.Projections{{Model: "a"}}},
	} {
		if diff := cmp.Diff([]string{"a → b"}, c.Outdated(&snapshot.Schema{}, renamed)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, c := range map[string]generator.Config{
		"fields":      {Fields: map[string][]string{"a": {"f"}}},
		"rename":      {Rename: map[string]string{"a/f": "X"}},
		"types":       {Types: map[string]string{"a/f": "net/netip.Addr"}},
		"projections": {Projections: generator.Projections{{Model: "a", Fields: fields}}},
	} {
		got := c.Outdated(&snapshot.Schema{}, renamed)
		if len(got) == 0 || got[len(got)-1] != "a/f → b/g" {
			t.Errorf("%s of a field: %q", name, got)
		}
	}
	if got := (generator.Config{Models: []string{"c"}}).Outdated(&snapshot.Schema{}, renamed); len(got) > 0 {
		t.Errorf("a configuration without old names gives %q", got)
	}
}
