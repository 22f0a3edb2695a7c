package golden_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The folder upgrade holds a program against the bindings of a real Odoo 14, and those that it gets from a real Odoo 19:
// snapshots of a few models, pulled from the servers of .ci/odoo, what the upgrade does to the program (impact.txt), and
// what --fix makes of it (fixed).

const upgradeFolder = "upgrade"

func upgradeSchema(t *testing.T, version string) *snapshot.Schema {
	t.Helper()
	s, err := snapshot.ReadFile(filepath.Join(upgradeFolder, version+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// upgradeConfig is the configuration of the program, which was written for the old snapshot.
func upgradeConfig(t *testing.T) generator.Config {
	t.Helper()
	c := readConfig(t, upgradeFolder)
	c.Out = filepath.Join(upgradeFolder, "odoo14")
	return c
}

func TestUpgradeBindings(t *testing.T) {
	config := upgradeConfig(t)
	for _, version := range []string{"14", "19"} {
		s := upgradeSchema(t, version)
		if version == "19" {
			config = upgrade.NewConfig(config, diff.Compare(upgradeSchema(t, "14"), s), s)
		}
		result, err := generator.Generate(s, config)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for name, data := range result.Files {
			got[name] = string(data)
		}
		folder := filepath.Join(upgradeFolder, "odoo"+version)
		if *update {
			rewrite(t, folder, got)
		}
		if difference := cmp.Diff(readFolder(t, folder), got); difference != "" {
			t.Errorf("%s differs (-want +got); go test ./golden -update rewrites it:\n%s", folder, difference)
		}
	}
}

// assess assesses the program.
func assess(t *testing.T) (*upgrade.Code, *upgrade.Impact) {
	t.Helper()
	code, err := upgrade.Load(upgrade.Options{Dir: upgradeFolder, Patterns: []string{"./consumer"}})
	if err != nil {
		t.Fatal(err)
	}
	before, after := upgradeSchema(t, "14"), upgradeSchema(t, "19")
	impact, err := code.Assess(diff.Compare(before, after), upgrade.Sides{Before: before, After: after, Server: after}, upgradeConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	return code, impact
}

// compareFile compares a text with a file, or writes it.
func compareFile(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); difference != "" {
		t.Errorf("%s differs (-want +got); go test ./golden -update rewrites it:\n%s", file, difference)
	}
}

func TestUpgradeImpact(t *testing.T) {
	_, impact := assess(t)
	root, err := filepath.Abs(upgradeFolder)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range impact.Findings {
		fmt.Fprintln(&b, changeLine(f.Change))
		for _, a := range f.Uses {
			file, err := filepath.Rel(root, a.Use.Pos.Filename)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "  %s:%d:%d: %s %s", file, a.Use.Pos.Line, a.Use.Pos.Column, a.Use.How, a.Use.Code)
			if a.Fixable {
				fmt.Fprintf(&b, " → %s", a.Instead)
			}
			if a.Error != "" {
				b.WriteString(" (does not compile)")
			}
			b.WriteByte('\n')
		}
	}
	compareFile(t, filepath.Join(upgradeFolder, "impact.txt"), b.String())
}

// changeLine is a change without what may be worded otherwise one day.
func changeLine(c diff.Change) string {
	line := fmt.Sprintf("%s %s: %s", c.Subject, c.Action, c.Model.Any())
	for _, part := range []diff.Names{c.Field, c.Choice, c.Method} {
		if part.Old != part.New {
			line += fmt.Sprintf(" %s → %s", part.Old, part.New)
		} else if part.Old != "" {
			line += " " + part.Old
		}
	}
	if c.Property != "" {
		line += fmt.Sprintf(" (%s: %s → %s)", c.Property, c.Was, c.Is)
	}
	return line
}

// The Go compiler refuses, with the new bindings, the lines that were said to stop compiling, and no other.
func TestUpgradePredictsTheCompiler(t *testing.T) {
	_, impact := assess(t)
	predicted := map[string]bool{}
	for _, f := range impact.Findings {
		for _, a := range f.Uses {
			if a.Error != "" {
				predicted[place(a.Use.Pos.Filename, a.Use.Pos.Line)] = true
			}
		}
	}
	for _, p := range impact.Other {
		predicted[place(p.Pos.Filename, p.Pos.Line)] = true
	}
	if difference := cmp.Diff(compile(t, nil), slices.Sorted(maps.Keys(predicted))); difference != "" {
		t.Errorf("(-compiler +predicted):\n%s", difference)
	}
}

// The code that can be rewritten automatically then compiles, and the rest of the program is unchanged.
func TestUpgradeFix(t *testing.T) {
	code, impact := assess(t)
	fix, err := code.Fix(impact, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(fix.Files) != 1 || filepath.Base(fix.Files[0].Name) != "renamed.go" {
		t.Fatalf("%d files are rewritten, want renamed.go alone", len(fix.Files))
	}
	for _, line := range compile(t, fix.Files) {
		if strings.HasPrefix(line, "renamed.go") {
			t.Errorf("%s does not compile", line)
		}
	}
	got := strings.ReplaceAll(string(fix.Files[0].After), "upgrade/odoo14", "upgrade/odoo19")
	compareFile(t, filepath.Join(upgradeFolder, "fixed", "renamed.go"), got)
}

func place(file string, line int) string { return fmt.Sprintf("%s:%d", filepath.Base(file), line) }

// compile builds the program with the new bindings, and with other files in place of its own, and gives the lines that the
// compiler refuses.
func compile(t *testing.T, files []upgrade.FixedFile) []string {
	t.Helper()
	replace := map[string]string{}
	folder := t.TempDir()
	for _, f := range files {
		copied := filepath.Join(folder, filepath.Base(f.Name))
		if err := os.WriteFile(copied, f.After, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[f.Name] = copied
	}
	old, err := filepath.Abs(filepath.Join(upgradeFolder, "odoo14"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range readFolder(t, old) {
		replace[filepath.Join(old, name)] = "" // there is no such file
	}
	now := filepath.Join(filepath.Dir(old), "odoo19")
	for name := range readFolder(t, now) {
		replace[filepath.Join(old, name)] = filepath.Join(now, name)
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("go", "build", "-gcflags=-e", "-overlay", overlay, "./"+upgradeFolder+"/consumer").CombinedOutput() // it fails
	lines := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: `).FindAllStringSubmatch(string(out), -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		lines[place(m[1], n)] = true
	}
	if len(lines) == 0 {
		t.Fatalf("the compiler refuses nothing:\n%s", out)
	}
	return slices.Sorted(maps.Keys(lines))
}
