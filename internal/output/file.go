package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile replaces a file as a whole or not at all. A symbolic link stays, and the file that it names is replaced. What is
// not a regular file (a device, a pipe, a socket), and the command's own standard output by any name, are written to.
func WriteFile(name string, data []byte) error {
	file, stream, err := resolve(name)
	if err != nil {
		return err
	}
	if stream {
		return writeStream(file, data)
	}
	return Apply(filepath.Dir(file), []Change{{File: file, Data: data}})
}

// Check reports why a file cannot be written, without changing it.
func Check(name string) error {
	err := check(name)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: cannot be written: %w", name, e.Err)
	}
	return err
}

func check(name string) error {
	file, stream, err := resolve(name)
	if err != nil || stream {
		return err
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("%s: is a folder, not a file", name)
	}
	folder := filepath.Dir(file)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no folder %s", name, folder)
	}
	s, err := open(folder)
	if err != nil {
		return err
	}
	s.close()
	return nil
}

// IsStdout reports whether a name is the command's own standard output, which must then say nothing else.
func IsStdout(name string) bool {
	info, err := os.Stat(name)
	return err == nil && isStdout(info)
}

// IsRegular reports whether a file is one whose content can be read back: not a device, a pipe or a folder.
func IsRegular(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// resolve follows symbolic links to the file they name, which need not exist, and reports whether it is one to write to
// instead of replacing it. Of these the name stays: /dev/stdout names a pipe by a link that leads nowhere else.
func resolve(name string) (file string, stream bool, err error) {
	info, err := os.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false, err
	}
	if err == nil && !info.IsDir() && (!info.Mode().IsRegular() || isStdout(info)) {
		return name, true, nil
	}
	file, lerr := target(name)
	if lerr != nil {
		return "", false, lerr
	}
	if found, _ := os.Stat(file); err == nil && (found == nil || !os.SameFile(info, found)) {
		return name, true, nil // a descriptor of a file without a name, /dev/fd/3
	}
	return file, false, nil
}

// maxLinks is the number of symbolic links after which they are a circle.
const maxLinks = 40

func target(name string) (string, error) {
	file := name
	for range maxLinks {
		info, err := os.Lstat(file)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return file, nil //nolint:nilerr // a file that does not exist yet
		}
		link, err := os.Readlink(file)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(link) {
			// The folder may itself be a link, from which ".." leads elsewhere than the path says.
			folder, err := filepath.EvalSymlinks(filepath.Dir(file))
			if err != nil {
				return "", err
			}
			link = filepath.Join(folder, link)
		}
		file = link
	}
	return "", fmt.Errorf("%s: too many symbolic links", name)
}

// isStdout recognizes standard output also where it is redirected to a regular file, which others may be writing to as well.
func isStdout(info fs.FileInfo) bool {
	stdout, err := os.Stdout.Stat()
	return err == nil && os.SameFile(stdout, info)
}

func writeStream(name string, data []byte) error {
	if IsStdout(name) {
		_, err := os.Stdout.Write(data)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
