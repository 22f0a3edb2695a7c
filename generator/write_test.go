package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/templates"
)

// generated is a file of an earlier run, and a file to write.
func generated(text string) []byte {
	return []byte(templates.HeaderPrefix + "; DO NOT EDIT.\n\npackage odoo\n\n// " + text + "\n")
}

// tree is a folder and all below it, by path; folders have no text.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		if d.IsDir() {
			files[name] = ""
			return nil
		}
		data, err := os.ReadFile(path)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func put(t *testing.T, folder, name string, data []byte) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWriteFreshFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "deep", "odoo")
	changes, err := generator.Write(folder, "odoo", map[string][]byte{"doc.go": generated("doc"), "a.go": generated("a")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(generator.Changes{Written: []string{"a.go", "doc.go"}}, changes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"a.go": string(generated("a")), "doc.go": string(generated("doc"))}, tree(t, folder)); diff != "" {
		t.Error(diff)
	}
}

// What is the same is not written again, so that tools that look at the time of a file see no change.
func TestWriteAgain(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "same.go", generated("same"))
	put(t, folder, "other.go", generated("old"))
	put(t, folder, "stale.go", generated("stale"))
	put(t, folder, "mine.go", []byte("package odoo\n"))
	put(t, folder, "mine_test.go", []byte("package odoo_test\n"))
	put(t, folder, "README.md", []byte("# mine\n"))
	put(t, folder, "testdata/x.go", generated("not in the folder itself"))
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, name := range []string{"same.go", "mine.go"} {
		if err := os.Chtimes(filepath.Join(folder, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, folder)
	files := map[string][]byte{"same.go": generated("same"), "other.go": generated("new"), "new.go": generated("new")}
	changes, err := generator.Write(folder, "odoo", files)
	if err != nil {
		t.Fatal(err)
	}
	want := generator.Changes{Written: []string{"new.go", "other.go"}, Removed: []string{"stale.go"}, Unchanged: 1}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Error(diff)
	}
	delete(before, "stale.go")
	before["other.go"], before["new.go"] = string(generated("new")), string(generated("new"))
	if diff := cmp.Diff(before, tree(t, folder)); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"same.go", "mine.go"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || !info.ModTime().Equal(long) {
			t.Errorf("%s was touched: %v", name, err)
		}
	}
}

func TestWriteNothingNew(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "a.go", generated("a"))
	changes, err := generator.Write(folder, "odoo", map[string][]byte{"a.go": generated("a")})
	if diff := cmp.Diff(generator.Changes{Unchanged: 1}, changes); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Files that a folder may hold before its first generation.
func TestWriteBesideOwnFiles(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "generate.go", []byte("package odoo\n\n//go:generate go tool odoogen generate --out .\n"))
	put(t, folder, ".gitignore", nil)
	put(t, folder, generator.ConfigFile, []byte("out: .\n"))
	put(t, folder, "odoogen.schema.json", []byte("{}\n"))
	if _, err := generator.Write(folder, "odoo", map[string][]byte{"a.go": generated("a")}); err != nil {
		t.Error(err)
	}
}

// A folder that is not ours is refused, and left alone.
func TestWriteRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"foreign files":           {map[string]string{"main.py": "x", "b": "", "c": "", "d": ""}, []string{"did not write", "b, c, d, …", "--out"}},
		"foreign Go code":         {map[string]string{"x.go": "package odoo\n"}, []string{"did not write", "x.go"}},
		"a folder":                {map[string]string{"sub/x.txt": ""}, []string{"did not write", "sub"}},
		"a hand-written file":     {map[string]string{"a.go": "package odoo\n", "b.go": string(generated("b"))}, []string{"a.go exists and was not written by odoogen"}},
		"a folder for a file":     {map[string]string{"a.go/x": "", "b.go": string(generated("b"))}, []string{"a.go exists and was not written by odoogen"}},
		"another package":         {map[string]string{"x.go": "package shop\n", "b.go": string(generated("b"))}, []string{"belongs to the package shop", "--package shop"}},
		"another package's tests": {map[string]string{"x_test.go": "package shop_test\n"}, []string{"belongs to the package shop:", "--package shop"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for file, text := range tc.files {
				put(t, folder, file, []byte(text))
			}
			before := tree(t, folder)
			_, err := generator.Write(folder, "odoo", map[string][]byte{"a.go": generated("a"), "doc.go": generated("doc")})
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(tc.want, folder) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %v, want %s", err, want)
				}
			}
			if diff := cmp.Diff(before, tree(t, folder)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An error leaves all files unchanged. A name that no file system accepts fails for any user, as a folder without write
// permission fails for all but root.
func TestWriteFails(t *testing.T) {
	impossible := strings.Repeat("z", 300) + ".go"
	files := map[string][]byte{"a.go": generated("new"), impossible: generated("z")}

	folder := t.TempDir()
	put(t, folder, "a.go", generated("old"))
	put(t, folder, "stale.go", generated("stale"))
	before := tree(t, folder)
	if changes, err := generator.Write(folder, "odoo", files); err == nil || len(changes.Written) > 0 {
		t.Errorf("changes %v, error %v", changes, err)
	}
	if diff := cmp.Diff(before, tree(t, folder)); diff != "" {
		t.Error(diff)
	}

	parent := t.TempDir()
	if _, err := generator.Write(filepath.Join(parent, "new"), "odoo", files); err == nil {
		t.Error("no error in a new folder")
	}
	put(t, parent, "file", []byte("x"))
	for _, path := range []string{"file", "file/below"} {
		if _, err := generator.Write(filepath.Join(parent, path), "odoo", files); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
	if diff := cmp.Diff(map[string]string{"file": "x"}, tree(t, parent)); diff != "" {
		t.Error(diff)
	}
}

// A folder without write permission stays unchanged. For root, who can write anyway, the folder is written.
func TestWriteProtectedFolder(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "a.go", generated("old"))
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o755) })
	_, err := generator.Write(folder, "odoo", map[string][]byte{"a.go": generated("new")})
	want := "new"
	if err != nil {
		want = "old"
	}
	if diff := cmp.Diff(map[string]string{"a.go": string(generated(want))}, tree(t, folder)); diff != "" {
		t.Errorf("error %v\n%s", err, diff)
	}
	if _, err := generator.Write(folder, "odoo", map[string][]byte{"a.go": generated(want)}); err != nil {
		t.Errorf("nothing to write, and yet: %v", err)
	}
}
