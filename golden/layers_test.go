package golden_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/odoogen/odoogen"

// layers lists, for packages of the module, the packages of the module that they are allowed to import, tests apart.
// A name ending in "/" allows all packages in that folder. Packages that are not listed have no rule.
var layers = map[string][]string{
	"internal/odoofacts":             {},
	"internal/output":                {},
	"internal/printable":             {},
	"internal/spelling":              {},
	"internal/ir":                    {},
	"introspect/snapshot":            {"internal/odoofacts", "internal/output"},
	"introspect/diff":                {"internal/odoofacts", "introspect/snapshot"},
	"introspect":                     {"internal/odoofacts", "introspect/snapshot", "runtime", "runtime/"},
	"templates":                      {"internal/ir", "internal/odoofacts"},
	"generator":                      {"internal/", "introspect/snapshot", "runtime", "runtime/schema", "templates"},
	"internal/bindings":              {"internal/ir", "internal/odoofacts", "runtime/schema"},
	"runtime":                        {"internal/odoofacts", "runtime/internal/"},
	"runtime/internal/xmlrpc":        {"runtime/internal/codec"},
	"runtime/admin":                  {"internal/odoofacts", "runtime", "runtime/internal/", "runtime/xmlid"},
	"runtime/actions":                {"runtime", "runtime/internal/"},
	"runtime/schema":                 {"internal/odoofacts", "runtime", "runtime/internal/"},
	"runtime/compare":                {"runtime"},
	"runtime/properties":             {"runtime", "runtime/internal/"},
	"runtime/wire":                   {"runtime", "runtime/internal/"},
	"runtime/xmlid":                  {"runtime", "runtime/internal/"},
	"runtime/odoosync":               {"runtime", "runtime/internal/", "runtime/wire", "runtime/xmlid"},
	"runtime/apikey":                 {"internal/odoofacts", "runtime", "runtime/internal/"},
	"runtime/report":                 {"internal/odoofacts", "runtime", "runtime/files", "runtime/internal/", "runtime/xmlid"},
	"runtime/access":                 {"internal/odoofacts", "runtime", "runtime/internal/records"},
	"runtime/files":                  {"internal/odoofacts", "runtime", "runtime/internal/"},
	"runtime/form":                   {"internal/odoofacts", "runtime", "runtime/internal/", "runtime/xmlid"},
	"runtime/load":                   {"internal/spelling", "runtime", "runtime/internal/"},
	"runtime/mail":                   {"runtime", "runtime/files", "runtime/internal/records", "runtime/xmlid"},
	"runtime/translations":           {"internal/odoofacts", "runtime", "runtime/internal/records"},
	"runtime/bus":                    {"internal/odoofacts", "runtime", "runtime/internal/", "runtime/wire"},
	"runtime/webhook":                {"internal/odoofacts", "runtime", "runtime/internal/", "runtime/wire"},
	"runtime/feed":                   {"internal/odoofacts", "runtime", "runtime/admin", "runtime/internal/", "runtime/xmlid"},
	"runtime/odootest":               {"internal/odoofacts", "introspect/snapshot", "runtime", "runtime/"},
	"runtime/odootest/internal/tape": {"internal/output", "internal/spelling"},
	"internal/usage":                 {"internal/bindings", "internal/ir"},
	"internal/upgrade":               {"generator", "internal/", "introspect/diff", "introspect/snapshot", "templates"},
	"analyzer":                       {"internal/bindings", "internal/odoofacts", "internal/spelling", "internal/usage"},
}

// Imports run one way: only the command imports the puller, and the snapshot imports nothing above it.
func TestLayers(t *testing.T) {
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedImports, Dir: ".."}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range all {
		path := strings.TrimPrefix(p.PkgPath, module+"/")
		allowed, ruled := layers[path]
		if ruled {
			seen++
		}
		for imported := range p.Imports {
			name, ours := strings.CutPrefix(imported, module+"/")
			switch {
			case !ours:
			case ruled && !slices.ContainsFunc(allowed, func(a string) bool { return a == name || strings.HasSuffix(a, "/") && strings.HasPrefix(name, a) }):
				t.Errorf("%s imports %s", path, name)
			case name == "introspect" && !strings.HasPrefix(path, "cmd/odoogen"):
				t.Errorf("%s imports %s, which is for the command only", path, name)
			}
		}
	}
	if seen < len(layers) {
		t.Errorf("%d of %d packages with rules were found", seen, len(layers))
	}
}

// mostRows is how many rows the table of CONTRIBUTING.md has at most.
const mostRows = 22

// The table of CONTRIBUTING.md is the way in: what it names exists. The files are relative to the first folder of their row.
func TestContributingNamesWhatIsThere(t *testing.T) {
	data, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile("`([\\w./]+)`")
	rows := 0
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		rows++
		var paths []string
		folders := name.FindAllStringSubmatch(cells[1], -1)
		for _, folder := range folders {
			paths = append(paths, folder[1])
		}
		for _, file := range name.FindAllStringSubmatch(cells[3], -1) {
			paths = append(paths, filepath.Join(folders[0][1], file[1]))
		}
		for _, path := range paths {
			if _, err := os.Stat(filepath.Join("..", path)); err != nil {
				t.Error(err)
			}
		}
	}
	if rows == 0 || rows > mostRows {
		t.Errorf("its table has %d rows, want 1 to %d: a map fits on one screen, so merge rows that belong together", rows, mostRows)
	}
}
