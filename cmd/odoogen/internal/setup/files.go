package setup

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/output"
)

// Written is what became of a file.
type Written struct {
	Path string
	How  string // "written", "unchanged", "replaced"
}

// ErrTaken is the error of files that are there with another content.
var ErrTaken = errors.New("already there")

// Write writes the files into a folder. One that is there with another content is an error that names all of these, and
// then nothing is written; force replaces them.
func Write(folder string, files map[string][]byte, force bool) ([]Written, error) {
	var out []Written
	var taken []string
	for _, path := range slices.Sorted(maps.Keys(files)) {
		old, err := os.ReadFile(filepath.Join(folder, path))
		how := "replaced"
		switch {
		case errors.Is(err, fs.ErrNotExist):
			how = "written"
		case err != nil:
			return nil, err
		case bytes.Equal(old, files[path]):
			how = "unchanged"
		default:
			taken = append(taken, path)
		}
		out = append(out, Written{path, how})
	}
	if len(taken) > 0 && !force {
		return nil, fmt.Errorf("%s: %w, and nothing was written; --force replaces what is there", strings.Join(taken, ", "), ErrTaken)
	}
	var changes []output.Change
	for _, w := range out {
		if w.How == "unchanged" {
			continue
		}
		file := filepath.Join(folder, w.Path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return nil, err
		}
		changes = append(changes, output.Change{File: file, Data: files[w.Path]})
	}
	return out, output.Apply(folder, changes)
}

// PackageOf is the name of the Go package in a folder; where there is none, one made of the module's path, or "integration".
func PackageOf(folder string) string {
	files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(file, "_test.go") && f.Name.Name != "documentation" {
			return f.Name.Name
		}
	}
	return moduleName(folder)
}

var modulePath = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// moduleName makes a name for a package of the last part of the module's path that is no version.
func moduleName(folder string) string {
	data, _ := os.ReadFile(filepath.Join(folder, "go.mod")) // without one there is no name to take
	m := modulePath.FindSubmatch(data)
	if m == nil {
		return "integration"
	}
	parts := strings.Split(string(m[1]), "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && regexp.MustCompile(`^v[0-9]+$`).MatchString(last) {
		last = parts[len(parts)-2]
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(last))
	if !token.IsIdentifier(name) || name == "main" {
		return "integration"
	}
	return name
}
