// Package golden_test compares what the generator makes of small hand-written snapshots with what it made before.
//
// A case is a folder with schema.json, odoogen.yaml if it needs one, and either want/, the generated package, which
// `go build ./...` compiles, or want/errors.txt, the error of a snapshot that must fail. After a deliberate change,
// `go test ./golden -update` rewrites them all; review the difference.
package golden_test

import (
	"bytes"
	"errors"
	"flag"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

var update = flag.Bool("update", false, "rewrite what is wanted")

// errorsFile holds the error of a case that must fail.
const errorsFile = "errors.txt"

// cases are the folders beside this file.
func cases(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*/schema.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for i, file := range files {
		files[i] = filepath.Dir(file)
	}
	return files
}

func readSchema(t *testing.T, name string) *snapshot.Schema {
	t.Helper()
	s, err := snapshot.ReadFile(filepath.Join(name, "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readConfig reads the configuration of a case; one without a file has the default.
func readConfig(t *testing.T, name string) generator.Config {
	t.Helper()
	file := filepath.Join(name, generator.ConfigFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		file = "" // and there is none in this folder
	}
	c, err := generator.ReadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// generate gives the files of a case, or the error as a file.
func generate(t *testing.T, name string) map[string]string {
	t.Helper()
	result, err := generator.Generate(readSchema(t, name), readConfig(t, name))
	if err != nil {
		return map[string]string{errorsFile: err.Error() + "\n"}
	}
	files := map[string]string{}
	for file, data := range result.Files {
		files[file] = string(data)
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			got := generate(t, name)
			if diff := cmp.Diff(got, generate(t, name)); diff != "" {
				t.Errorf("a second generation differs (-first +second):\n%s", diff)
			}
			want := filepath.Join(name, "want")
			if *update {
				rewrite(t, want, got)
			}
			if diff := cmp.Diff(readFolder(t, want), got); diff != "" {
				t.Errorf("differs (-want +got); go test ./golden -update rewrites it:\n%s", diff)
			}
			checkFormat(t, got)
		})
	}
}

// checkFormat checks that gofmt has nothing to change.
func checkFormat(t *testing.T, files map[string]string) {
	t.Helper()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if filepath.Ext(file) != ".go" {
			continue
		}
		formatted, err := format.Source([]byte(files[file]))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(files[file], string(formatted)); diff != "" {
			t.Errorf("%s is not as gofmt writes it (-generated +gofmt):\n%s", file, diff)
		}
	}
}

func readFolder(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

func rewrite(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A case that fails by accident, or stops failing, must not pass after an -update.
func TestOnlyWhatShouldFails(t *testing.T) {
	for _, name := range cases(t) {
		_, failed := generate(t, name)[errorsFile]
		if failed != slices.Contains([]string{"clash", "methods_clash", "projections_lost"}, name) {
			t.Errorf("%s: failed is %v", name, failed)
		}
	}
}

// The snapshots are written as Encode writes them, so that they also test its format.
func TestSnapshotsAreCanonical(t *testing.T) {
	for _, name := range cases(t) {
		file := filepath.Join(name, "schema.json")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := readSchema(t, name).Encode()
		if err != nil {
			t.Fatal(err)
		}
		if *update && !bytes.Equal(data, encoded) {
			if err := os.WriteFile(file, encoded, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(strings.Split(string(encoded), "\n"), strings.Split(string(data), "\n")); diff != "" {
			t.Errorf("%s (-encoded +file):\n%s", file, diff)
		}
	}
}
