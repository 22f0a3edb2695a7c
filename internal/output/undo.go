package output

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Recover undoes what a killed run left half done in a folder, and removes its staging folder. It returns the number of
// files that it put back. A file that was changed since then stays.
func Recover(folder string) (files int, err error) {
	if _, err := os.Lstat(filepath.Join(folder, stagingFolder)); err != nil {
		return 0, nil // no run was killed here
	}
	s, err := open(folder)
	if err != nil {
		return 0, err
	}
	defer s.close()
	return s.undo()
}

// undo is Recover in a locked staging folder, which is empty afterwards.
func (s *staging) undo() (files int, err error) {
	data, err := os.ReadFile(s.file(journalFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if err == nil {
		if files, err = s.undoJournal(data); err != nil {
			return files, fmt.Errorf("undo the changes of a run that was killed: %w", err)
		}
	}
	return files, s.sweep()
}

func (s *staging) undoJournal(data []byte) (files int, err error) {
	var entries []entry
	if err := json.Unmarshal(data, &entries); err != nil {
		return 0, fmt.Errorf("%s: %w; remove the folder if you trust the files beside it", s.file(journalFile), err)
	}
	for i, e := range entries {
		if !restorable(e.File) || !s.holdsFolderOf(e.File) {
			continue
		}
		e.path = filepath.Join(s.folder, e.File)
		restored, err := s.restore(i, e)
		if err != nil {
			return files, err
		}
		if restored {
			files++
		}
	}
	return files, s.end()
}

// holdsFolderOf reports whether no symbolic link leads to the file out of the folder.
func (s *staging) holdsFolderOf(file string) bool {
	root, err := os.OpenRoot(s.folder)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }()
	_, err = root.Stat(filepath.Dir(file))
	return err == nil
}

// restore puts the old file back where the new one is, and nothing else.
func (s *staging) restore(i int, e entry) (bool, error) {
	current, err := os.ReadFile(e.path)
	sum := checksum(current)
	if errors.Is(err, fs.ErrNotExist) {
		sum, err = "", nil
	}
	if err != nil {
		return false, err
	}
	if sum != e.New || sum == e.Old {
		return false, nil
	}
	if e.Old == "" {
		return true, os.Remove(e.path)
	}
	old := s.file("old", strconv.Itoa(i))
	data, err := os.ReadFile(old)
	if err != nil {
		return false, err
	}
	if checksum(data) != e.Old {
		return false, fmt.Errorf("%s: the copy of %s is damaged", old, e.File)
	}
	return true, os.Rename(old, e.path)
}
