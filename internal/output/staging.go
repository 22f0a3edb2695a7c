package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// stagingFolder is where new files are written before they are put in place, in the folder that they are for. The Go
// toolchain ignores folders with such names.
const stagingFolder = ".odoogen-write"

// The files in it.
const (
	lockFile    = "lock"
	journalFile = "journal.json" // exists while files are being put in place
)

// staging is the staging folder of one folder, locked: two runs write one after the other.
type staging struct {
	folder string // that is written to
	path   string
	lock   *lockedfile.File
}

// open makes and locks the staging folder of a folder, which must exist.
func open(folder string) (*staging, error) {
	s := &staging{folder: folder, path: filepath.Join(folder, stagingFolder)}
	for {
		if err := os.Mkdir(s.path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		lock, err := lockedfile.Create(s.file(lockFile))
		if errors.Is(err, fs.ErrNotExist) {
			continue // the run before has just removed the folder
		}
		if err != nil {
			return nil, err
		}
		if s.lock = lock; s.holds() {
			return s, nil
		}
		_ = lock.Close() // the run before removed the file while this one waited for it
	}
}

// holds reports whether the lock is the one that others would wait for.
func (s *staging) holds() bool {
	mine, err := s.lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(s.file(lockFile))
	return err == nil && os.SameFile(mine, there)
}

func (s *staging) file(elements ...string) string {
	return filepath.Join(append([]string{s.path}, elements...)...)
}

// close removes the staging folder, unless its journal is still needed, and unlocks it. The lock goes last: from then on
// the folder may be another run's, which removing an empty folder does not harm.
func (s *staging) close() {
	defer func() { _ = s.lock.Close() }()
	if _, err := os.Lstat(s.file(journalFile)); err == nil {
		return
	}
	_ = s.sweep() // what stays is swept by the next run
	if err := os.Remove(s.file(lockFile)); err != nil {
		_ = s.lock.Close() // Windows removes no file that is open
		_ = os.Remove(s.file(lockFile))
	}
	_ = os.Remove(s.path)
}

// sweep removes all but the lock and the journal.
func (s *staging) sweep() error {
	for _, left := range []string{"old", "new", journalFile + ".draft"} {
		if err := os.RemoveAll(s.file(left)); err != nil {
			return err
		}
	}
	return nil
}
