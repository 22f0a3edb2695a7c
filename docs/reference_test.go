package docs_test

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

var quoted = regexp.MustCompile("`([\\w-]+)`")

// firstCells are the names in backquotes of the first cells of the tables of a page, sorted.
func firstCells(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || cells[0] != "" || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
			names[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// keysOf adds the keys that a struct has in files, and those of the structs in it.
func keysOf(typ reflect.Type, tag string, into map[string]bool) {
	for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return
	}
	for field := range typ.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get(tag), ",")
		if name == "" || name == "-" {
			continue
		}
		into[name] = true
		keysOf(field.Type, tag, into)
	}
}

func TestSettingsPageHasAllKeys(t *testing.T) {
	want := map[string]bool{}
	keysOf(reflect.TypeFor[generator.Config](), "yaml", want)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), firstCells(t, "settings.md")); diff != "" {
		t.Errorf("the keys of settings.md (-Config +page):\n%s", diff)
	}
}

// The keys of short objects, such as modules, are in the text of the second cell.
func TestSnapshotPageHasAllKeys(t *testing.T) {
	want := map[string]bool{}
	keysOf(reflect.TypeFor[snapshot.Schema](), "json", want)
	data, err := os.ReadFile("snapshot.md")
	if err != nil {
		t.Fatal(err)
	}
	for key := range want {
		if !strings.Contains(string(data), "`"+key+"`") {
			t.Errorf("snapshot.md lacks the key %s", key)
		}
	}
	for _, key := range firstCells(t, "snapshot.md") {
		if !want[key] {
			t.Errorf("snapshot.md has the key %s, which does not exist", key)
		}
	}
}
