//go:build unix

package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// A pipe, and a link to one, is written to and stays a pipe.
func TestWriteFileToPipe(t *testing.T) {
	folder := t.TempDir()
	pipe, link := filepath.Join(folder, "pipe"), filepath.Join(folder, "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pipe", link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, link} {
		if err := Check(name); err != nil {
			t.Error(err)
		}
		read := make(chan string)
		go func() {
			data, _ := os.ReadFile(pipe)
			read <- string(data)
		}()
		if err := WriteFile(name, []byte("text")); err != nil {
			t.Error(err)
		}
		if got := <-read; got != "text" {
			t.Errorf("the reader got %q", got)
		}
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().Type() != fs.ModeNamedPipe || IsRegular(pipe) {
		t.Errorf("the pipe became %v, %v", info.Mode(), err)
	}
	if err := Apply(folder, []Change{{File: pipe}}); err == nil {
		t.Error("a pipe cannot be one of several files")
	}
}

// A descriptor names no file that could be replaced.
func TestWriteFileToDescriptor(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := WriteFile("/dev/fd/"+strconv.Itoa(int(w.Fd())), []byte("text")); err != nil {
		t.Error(err)
	}
	w.Close()
	data := make([]byte, 9)
	if n, err := r.Read(data); string(data[:n]) != "text" {
		t.Errorf("got %q, %v", data[:n], err)
	}
}
