package golden_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
)

// suggested is the part of a conflict error that is for pasting into odoogen.yaml.
func suggested(t *testing.T, message string) string {
	t.Helper()
	_, lines, ok := strings.Cut(message, "\nrename:\n")
	if !ok {
		t.Fatalf("no suggestions in:\n%s", message)
	}
	return "rename:\n" + lines
}

// The case clash_renamed is the case clash with the suggestions of its error pasted into its configuration.
func TestSuggestionsOfClash(t *testing.T) {
	lines := suggested(t, generate(t, "clash")[errorsFile])
	file := filepath.Join("clash_renamed", generator.ConfigFile)
	if *update {
		if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pasted, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines, string(pasted)); diff != "" {
		t.Errorf("%s is not what the case clash suggests (-suggested +file):\n%s", file, diff)
	}
	if diff := cmp.Diff(readSchema(t, "clash"), readSchema(t, "clash_renamed")); diff != "" {
		t.Errorf("the snapshots differ:\n%s", diff)
	}
}

// Only what is in conflict may be renamed, and only what has to be: the first claim of each keeps its name.
func TestSuggestionsAreFew(t *testing.T) {
	var config generator.Config
	if err := yaml.Unmarshal([]byte(suggested(t, generate(t, "clash")[errorsFile])), &config); err != nil {
		t.Fatal(err)
	}
	for address := range config.Rename {
		less := readConfig(t, "clash")
		less.Rename = map[string]string{}
		for other, name := range config.Rename {
			if other != address {
				less.Rename[other] = name
			}
		}
		if _, err := generator.Generate(readSchema(t, "clash"), less); err == nil {
			t.Errorf("%q is renamed without need", address)
		}
	}
}

func TestAutoRenameIsTheSuggestions(t *testing.T) {
	config := readConfig(t, "clash")
	config.AutoRename = true
	result, err := generator.Generate(readSchema(t, "clash"), config)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name, data := range result.Files {
		got[name] = string(data)
	}
	if diff := cmp.Diff(readFolder(t, filepath.Join("clash_renamed", "want")), got); diff != "" {
		t.Errorf("differs from the snapshot with the suggested renames (-want +got):\n%s", diff)
	}
	config.AutoRename = false
	_, err = generator.Generate(readSchema(t, "clash"), config)
	_, lines, _ := strings.Cut(err.Error(), "rename:")
	if !slices.ContainsFunc(result.Warnings, func(w string) bool { return strings.HasSuffix(w, lines) }) {
		t.Errorf("no warning has the lines to keep the names: %q", result.Warnings)
	}
}
