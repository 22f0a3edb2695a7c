package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree is what a folder holds: files with their content, folders with a slash, links with their target.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		switch {
		case d.IsDir():
			out[name+"/"] = ""
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			out[name] = "→ " + link
			return err
		default:
			data, err := os.ReadFile(path)
			out[name] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func wantTree(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, tree(t, folder)); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", t.Name(), diff)
	}
}

// A link stays a link, and the file that it names is replaced, also if it does not exist yet.
func TestWriteFileFollowsLinks(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, map[string]string{"store/old": "old", "plain": "old"})
	for link, to := range map[string]string{"a": "store/old", "b": "store/new", "c": "a", "folder": "store", "round": "round"} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../plain", filepath.Join(folder, "store/up")); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, text string }{{"c", "1"}, {"b", "2"}, {"folder/up", "3"}} {
		if err := WriteFile(filepath.Join(folder, tc.name), []byte(tc.text)); err != nil {
			t.Error(err)
		}
	}
	if err := WriteFile(filepath.Join(folder, "round"), nil); err == nil {
		t.Error("a circle of links is no error")
	}
	wantTree(t, folder, map[string]string{
		"a": "→ store/old", "b": "→ store/new", "c": "→ a", "folder": "→ store", "round": "→ round",
		"store/": "", "store/old": "1", "store/new": "2", "store/up": "→ ../plain", "plain": "3",
	})
	if info, err := os.Stat(filepath.Join(folder, "plain")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the permissions became %v, %v", info.Mode(), err)
	}
}

var (
	before = map[string]string{"a.go": "old a", "b.go": "old b", "gone.go": "old", "sub/c.go": "old c", "sub/": "", "mine.txt": "mine"}
	after  = map[string]string{"a.go": "new a", "b.go": "new b", "new.go": "new", "sub/c.go": "new c", "sub/": "", "mine.txt": "mine"}
)

func start(t *testing.T) (folder string, changes []Change) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range before {
		if !strings.HasSuffix(name, "/") {
			put(t, folder, map[string]string{name: text})
		}
	}
	for _, name := range []string{"a.go", "new.go", "sub/c.go", "b.go"} {
		changes = append(changes, Change{File: filepath.Join(folder, name), Data: []byte(after[name])})
	}
	return folder, append(changes, Change{File: filepath.Join(folder, "gone.go"), Remove: true})
}

func TestApply(t *testing.T) {
	folder, changes := start(t)
	if err := Apply(folder, changes); err != nil {
		t.Fatal(err)
	}
	wantTree(t, folder, after)
}

// failAt calls what happens instead of the nth change of a file.
func failAt(t *testing.T, n int, happens func() error) {
	t.Helper()
	count := 0
	step := func() error {
		if count++; count == n {
			return happens()
		}
		return nil
	}
	rename = func(from, to string) error {
		if err := step(); err != nil {
			return err
		}
		return os.Rename(from, to)
	}
	remove = func(name string) error {
		if err := step(); err != nil {
			return err
		}
		return os.Remove(name)
	}
	t.Cleanup(func() { rename, remove = os.Rename, os.Remove })
}

// Whichever of the changes fails, those before it are undone.
func TestApplyFails(t *testing.T) {
	broken := errors.New("the disk is full")
	for n := 1; n <= 5; n++ {
		folder, changes := start(t)
		failAt(t, n, func() error { return broken })
		err := Apply(folder, changes)
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "nothing was written") {
			t.Errorf("change %d: %v", n, err)
		}
		wantTree(t, folder, before)
	}
}

// killed runs Apply and ends it in front of the nth change, as SIGKILL would.
func killed(t *testing.T, n int, folder string, changes []Change) {
	t.Helper()
	failAt(t, n, func() error { panic("killed") })
	defer func() {
		if recover() == nil {
			t.Error("it was not killed")
		}
		rename, remove = os.Rename, os.Remove
	}()
	_ = Apply(folder, changes)
}

// Whenever a run is killed, the next one undoes what it did.
func TestRecover(t *testing.T) {
	for n := 1; n <= 5; n++ {
		folder, changes := start(t)
		killed(t, n, folder, changes)
		if files, err := Recover(folder); err != nil || files != n-1 {
			t.Errorf("change %d: %d files were put back, %v", n, files, err)
		}
		wantTree(t, folder, before)
	}
	folder, changes := start(t)
	killed(t, 3, folder, changes)
	if err := Apply(folder, changes); err != nil {
		t.Error(err)
	}
	wantTree(t, folder, after)
}

// What was changed after the kill is newer than both.
func TestRecoverKeepsLaterChanges(t *testing.T) {
	folder, changes := start(t)
	killed(t, 5, folder, changes)
	put(t, folder, map[string]string{"b.go": "edited"})
	if files, err := Recover(folder); err != nil || files != 3 {
		t.Errorf("%d files were put back, %v", files, err)
	}
	want := map[string]string{}
	for name, text := range before {
		want[name] = text
	}
	want["b.go"] = "edited"
	wantTree(t, folder, want)
}

// A staging folder without a journal is of a run that was killed before it changed anything.
func TestRecoverSweeps(t *testing.T) {
	folder, _ := start(t)
	put(t, folder, map[string]string{stagingFolder + "/new/0": "new", stagingFolder + "/journal.json.draft": "[", stagingFolder + "/lock": ""})
	if files, err := Recover(folder); err != nil || files != 0 {
		t.Error(files, err)
	}
	wantTree(t, folder, before)
}

// A journal that came with a repository changes nothing but Go files of that repository.
func TestRecoverDistrustsTheJournal(t *testing.T) {
	top := t.TempDir()
	folder := filepath.Join(top, "repository")
	put(t, top, map[string]string{
		"outside.go": "new", "elsewhere/x.go": "new",
		"repository/.git/hooks/pre-commit": "new", "repository/.git/x.go": "new", "repository/Makefile": "new",
	})
	if err := os.Symlink("../elsewhere", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	want := tree(t, top)
	journal := `[` + entryOf("../outside.go") + "," + entryOf("link/x.go") + "," + entryOf(".git/hooks/pre-commit") + "," +
		entryOf(".git/x.go") + "," + entryOf("Makefile") + "," + entryOf(filepath.Join(top, "outside.go")) + `]`
	put(t, folder, map[string]string{stagingFolder + "/journal.json": journal})
	for _, i := range []string{"0", "1", "2", "3", "4", "5"} {
		put(t, folder, map[string]string{stagingFolder + "/old/" + i: "evil"})
	}
	if files, err := Recover(folder); err != nil || files != 0 {
		t.Error(files, err)
	}
	wantTree(t, top, want)
}

func entryOf(file string) string {
	return `{"file":"` + file + `","old":"` + checksum([]byte("evil")) + `","new":"` + checksum([]byte("new")) + `"}`
}

func TestRecoverReportsABrokenJournal(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, map[string]string{stagingFolder + "/journal.json": "{"})
	if _, err := Recover(folder); err == nil || !strings.Contains(err.Error(), "journal.json") {
		t.Error(err)
	}
}

// Runs for the same folder wait for each other, and none takes another's journal for one that was left behind.
func TestApplyAtOnce(t *testing.T) {
	folder, changes := start(t)
	errs := make(chan error)
	for range 8 {
		go func() { errs <- Apply(folder, changes) }()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	wantTree(t, folder, after)
}
