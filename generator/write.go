package generator

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/odoogen/odoogen/internal/output"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/templates"
)

// Changes are what writing a package did to its folder.
type Changes struct {
	Written, Removed []string
	Unchanged        int
	Restored         int // files that a killed run had written; they were put back first
}

// Write puts a package into its folder: files that are the same stay untouched, and those of an earlier run that are no
// longer generated are removed. All of it is done or nothing: an error leaves the folder unchanged, and what a killed run
// left half done is undone by the next. A folder that holds files of another origin is refused.
func Write(folder, pkg string, files map[string][]byte) (Changes, error) {
	restored, err := output.Recover(folder)
	if err != nil {
		return Changes{}, err
	}
	ours, err := survey(folder, pkg, files)
	if err != nil {
		return Changes{}, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Changes{}, err
	}
	changes := changesOf(stale(ours, files), len(files))
	changes.Restored = restored
	if len(changes.Written)+len(changes.Removed) == 0 {
		return changes, nil
	}
	if err := output.Apply(folder, changes.set(folder, files)); err != nil {
		if ours == nil {
			_ = os.Remove(folder) // it is new, and empty
		}
		return Changes{}, err
	}
	return changes, nil
}

// changesOf is what makes a package of so many files up to date.
func changesOf(stale []Stale, files int) Changes {
	var c Changes
	for _, s := range stale {
		if s.Why == LeftOver {
			c.Removed = append(c.Removed, s.File)
		} else {
			c.Written = append(c.Written, s.File)
		}
	}
	c.Unchanged = files - len(c.Written)
	return c
}

// set is what has to be written and removed.
func (c Changes) set(folder string, files map[string][]byte) []output.Change {
	var out []output.Change
	for _, name := range c.Written {
		out = append(out, output.Change{File: filepath.Join(folder, name), Data: files[name]})
	}
	for _, name := range c.Removed {
		out = append(out, output.Change{File: filepath.Join(folder, name), Remove: true})
	}
	return out
}

// survey reads the files of earlier runs, and refuses a folder whose other files say that it is not ours: one that was
// never written to and is not empty, one whose file would be overwritten, or Go code of another package.
func survey(folder, pkg string, files map[string][]byte) (ours map[string][]byte, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ours = map[string][]byte{}
	var foreign []string
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || name == ConfigFile || name == snapshot.DefaultFile {
			continue
		}
		data, generated, err := readGenerated(folder, e)
		switch {
		case err != nil:
			return nil, err
		case generated:
			ours[name] = data
			continue
		case files[name] != nil:
			return nil, fmt.Errorf("%s exists and was not written by odoogen: move it away, or choose another folder with --out", filepath.Join(folder, name))
		}
		if other := strings.TrimSuffix(packageOf(data), "_test"); other != "" && other != pkg {
			return nil, fmt.Errorf("%s belongs to the package %s: choose another folder with --out, or --package %s", filepath.Join(folder, name), other, other)
		}
		if !bytes.Contains(data, []byte("//go:generate")) {
			foreign = append(foreign, name)
		}
	}
	if len(ours) == 0 && len(foreign) > 0 {
		return nil, fmt.Errorf("%s holds files that odoogen did not write (%s): choose an empty or new folder with --out", folder, firstFew(foreign))
	}
	return ours, nil
}

// readGenerated reads a Go file, and reports whether odoogen wrote it.
func readGenerated(folder string, e fs.DirEntry) (data []byte, generated bool, err error) {
	if e.IsDir() || filepath.Ext(e.Name()) != ".go" {
		return nil, false, nil
	}
	data, err = os.ReadFile(filepath.Join(folder, e.Name()))
	return data, bytes.HasPrefix(data, []byte(templates.HeaderPrefix)), err
}

// packageOf is the name of a Go file's package, "" if it has none.
func packageOf(source []byte) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", source, parser.PackageClauseOnly)
	if err != nil {
		return ""
	}
	return f.Name.Name
}

func firstFew(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
