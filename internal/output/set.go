package output

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Change is a file to write or to remove.
type Change struct {
	File   string // below the folder of the set, or what a symbolic link there names
	Data   []byte
	Remove bool
}

// entry is a change as the journal knows it.
type entry struct {
	File string `json:"file"`          // relative to the folder
	Old  string `json:"old,omitempty"` // the checksum of the file before, "" if there was none
	New  string `json:"new,omitempty"` // the checksum of the file after, "" if it is removed
	path string
	mode fs.FileMode
}

// Apply makes all changes, or none. New files and copies of old ones are staged in the folder; then a journal is written
// and the new files are put in place. If one cannot be, those before it are put back. If the process is killed, the next
// run for the same folder puts them back: see [Recover]. A loss of power is not guarded against.
func Apply(folder string, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	s, err := open(folder)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.undo(); err != nil {
		return err
	}
	entries, err := s.stage(changes)
	if err != nil {
		return err
	}
	if err := s.begin(entries); err != nil {
		return err
	}
	for i, e := range entries {
		if err := s.put(i, e); err != nil {
			return s.rollBack(entries[:i], err)
		}
	}
	return s.end()
}

// stage writes the new files, and copies of the old ones.
func (s *staging) stage(changes []Change) ([]entry, error) {
	for _, folder := range []string{"old", "new"} {
		if err := os.Mkdir(s.file(folder), 0o755); err != nil {
			return nil, err
		}
	}
	entries := make([]entry, len(changes))
	for i, c := range changes {
		e, err := s.stageOne(i, c, len(changes) == 1)
		if err != nil {
			return nil, err
		}
		entries[i] = e
	}
	return entries, nil
}

// stageOne stages a change. A file of its own is on the disk before it is put in place.
func (s *staging) stageOne(i int, c Change, sync bool) (entry, error) {
	e := entry{path: c.File, mode: 0o644}
	if !c.Remove { // of a symbolic link that is removed, the file that it names stays
		path, stream, err := resolve(c.File)
		if err != nil {
			return e, err
		}
		if stream {
			return e, fmt.Errorf("%s: is not a regular file", c.File)
		}
		e.path = path
	}
	if err := s.backUp(i, &e); err != nil || c.Remove {
		return e, err
	}
	e.New = checksum(c.Data)
	return e, write(s.file("new", strconv.Itoa(i)), c.Data, e, sync)
}

func write(name string, data []byte, e entry, sync bool) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, e.mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if e.Old != "" { // else the user's umask decides
		if err := f.Chmod(e.mode); err != nil {
			return err
		}
	}
	if _, err := f.Write(data); err != nil || !sync {
		return err
	}
	return f.Sync()
}

// backUp copies the file that is there.
func (s *staging) backUp(i int, e *entry) error {
	data, err := os.ReadFile(e.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(e.path)
	if err != nil {
		return err
	}
	e.Old, e.mode = checksum(data), info.Mode().Perm()
	return os.WriteFile(s.file("old", strconv.Itoa(i)), data, e.mode)
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// begin writes the journal. One change needs none: it is made by one rename.
func (s *staging) begin(entries []entry) error {
	if len(entries) < 2 {
		return nil
	}
	for i, e := range entries {
		entries[i].File = s.name(e.path)
	}
	data, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	draft := s.file(journalFile + ".draft")
	if err := os.WriteFile(draft, data, 0o600); err != nil {
		return err
	}
	return os.Rename(draft, s.file(journalFile))
}

// name is a file as the journal names it, "" if a journal may not name it.
func (s *staging) name(path string) string {
	folder, err := filepath.Abs(s.folder)
	if err != nil {
		return ""
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	name, err := filepath.Rel(folder, path)
	if err != nil || !restorable(name) {
		return ""
	}
	return name
}

// restorable reports whether a journal may name a file. A repository from elsewhere can hold a journal of its making:
// nothing but Go files below its own folder is changed for it, and nothing in a folder such as .git.
func restorable(name string) bool {
	if !filepath.IsLocal(name) || filepath.Ext(name) != ".go" {
		return false
	}
	for part := range strings.SplitSeq(filepath.ToSlash(name), "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// rename and remove are replaced in tests of what happens when they fail.
var (
	rename = os.Rename
	remove = os.Remove
)

func (s *staging) put(i int, e entry) error {
	if e.New != "" {
		return rename(s.file("new", strconv.Itoa(i)), e.path)
	}
	if err := remove(e.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// end removes the journal: from here on the changes stay.
func (s *staging) end() error {
	if err := os.Remove(s.file(journalFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// rollBack undoes changes because of an error. Where that fails, the journal stays, for the next run.
func (s *staging) rollBack(done []entry, why error) error {
	for i, e := range done {
		if _, err := s.restore(i, e); err != nil {
			return fmt.Errorf("%w; some files were written and not put back: %w; run it again when that is settled", why, err)
		}
	}
	if err := s.end(); err != nil {
		return errors.Join(why, err)
	}
	return fmt.Errorf("%w; nothing was written", why)
}
