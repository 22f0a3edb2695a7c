//go:build unix

package docs_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTutorial does what the tutorial says: it saves the files, runs the commands in a shell, and looks for the output that
// the page shows. The notes before blocks are file (save it), background (it runs until the page ends) and fails.
func TestTutorial(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.NewReplacer("../odoogen", root, "localhost:8069", freeAddress(t))
	sh, output := startShell(t), ""
	for _, b := range readBlocks(t, "tutorial.md") {
		where, text := fmt.Sprintf("tutorial.md:%d", b.line), page.Replace(b.text)
		_, background := b.notes["background"]
		_, fails := b.notes["fails"]
		switch {
		case b.notes["file"] != "":
			sh.save(b.notes["file"], text)
		case b.language == "text":
			if missing := firstMissing(output, text); missing != "" {
				t.Fatalf("%s: no line %q in\n%s", where, missing, output)
			}
		case background:
			sh.runInBackground(text)
		case b.language == "sh":
			var done bool
			if output, done = sh.run(text); done == fails {
				t.Fatalf("%s: done %v\n%s", where, done, output)
			}
		default:
			t.Fatalf("%s: neither a file, nor commands, nor their output", where)
		}
	}
}

// freeAddress is an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// firstMissing is the first line of wanted that is, in their order, a part of no line of output.
func firstMissing(output, wanted string) string {
	lines := strings.Split(output, "\n")
	for want := range strings.Lines(wanted) {
		want = strings.TrimSuffix(want, "\n")
		for len(lines) > 0 && !strings.Contains(lines[0], want) {
			lines = lines[1:]
		}
		if len(lines) == 0 {
			return want
		}
	}
	return ""
}

// shell is a bash that keeps its folder and its environment between blocks.
type shell struct {
	t   *testing.T
	dir string
	in  io.Writer
	out *bufio.Reader
}

const blockDone = "the block has ended:"

func startShell(t *testing.T) *shell {
	t.Helper()
	s := &shell{t: t, dir: t.TempDir()}
	cmd := exec.Command("bash", "--norc")
	cmd.Dir = s.dir
	// With the flags of the caller, such as -race or -trimpath, everything would be compiled once more.
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // with what runs in the background
		_ = cmd.Wait()                                      // it was killed
	})
	s.in, s.out = in, bufio.NewReader(out)
	return s
}

// run runs commands until one fails. It gives what they print and whether all were done.
func (s *shell) run(text string) (output string, done bool) {
	commands := strings.Join(strings.Split(strings.TrimSpace(text), "\n"), " &&\n")
	fmt.Fprintf(s.in, "{ %s\n} </dev/null 2>&1; printf '\\n%%s%%d\\n' '%s' $?; pwd\n", commands, blockDone)
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the shell: %v\n%s", err, output)
		}
		code, ended := strings.CutPrefix(line, blockDone)
		if !ended {
			output += line
			continue
		}
		folder, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatal(err)
		}
		s.dir = strings.TrimSpace(folder)
		return output, strings.TrimSpace(code) == "0"
	}
}

// runInBackground starts a server in the folder of the shell, and waits until it has printed its login.
func (s *shell) runInBackground(text string) {
	const seconds = 120
	command := strings.TrimSpace(text)
	output, done := s.run(fmt.Sprintf("rm -f serve.log\n{ %s </dev/null >serve.log 2>&1 & }\n"+
		"for i in $(seq %d); do grep -q login serve.log && break; kill -0 $! && sleep 0.1; done; cat serve.log; grep -q login serve.log", command, seconds*10))
	if !done {
		s.t.Fatalf("%s\n%s", command, output)
	}
}

func (s *shell) save(file, text string) {
	file = filepath.Join(s.dir, file)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}
