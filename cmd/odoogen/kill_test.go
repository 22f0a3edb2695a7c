package main

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/odoogen/odoogen/internal/output"
)

// The command is killed at random moments while it replaces a package. What is left then, and the next run, is one
// package or the other and no mixture.
func TestKilledGenerate(t *testing.T) {
	snapshot, err := filepath.Abs("../../generated/odoogen.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	out := filepath.Join(folder, "odoo")
	generate := func(profile string) *exec.Cmd {
		config := filepath.Join(folder, profile+".yaml")
		if err := os.WriteFile(config, []byte("models: [res.*]\nprofile: "+profile+"\nclients: "+map[string]string{"all": "true", "stored": "false"}[profile]+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.Command("odoogen", "generate", "--config", config, "--schema", snapshot, "--out", out)
	}
	states := map[string]map[string]string{}
	for _, profile := range []string{"all", "stored"} {
		if text, err := generate(profile).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		states[profile] = read(t, out)
	}
	const runs = 8
	half := 0
	for i := range runs {
		profile := []string{"all", "stored"}[i%2]
		journal := killWhileWriting(t, generate(profile), out)
		if journal {
			half++
		}
		if _, err := output.Recover(out); err != nil {
			t.Fatal(err)
		}
		if now := read(t, out); !maps.Equal(now, states["all"]) && !maps.Equal(now, states["stored"]) {
			t.Fatalf("run %d left a mixture", i)
		}
		if text, err := generate(profile).CombinedOutput(); err != nil {
			t.Fatalf("the run after it: %v: %s", err, text)
		}
		if !maps.Equal(read(t, out), states[profile]) {
			t.Fatalf("the run after run %d left a mixture", i)
		}
	}
	if half == 0 {
		t.Error("no run was killed while it put files in place: the test shows nothing")
	}
	t.Logf("%d of %d runs were killed while they put files in place", half, runs)
}

// killWhileWriting starts a command and kills it up to 2 ms after it began to put files in place. It reports whether it had
// not finished.
func killWhileWriting(t *testing.T, cmd *exec.Cmd, out string) bool {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- cmd.Wait() }()
	journal := filepath.Join(out, ".odoogen-write", "journal.json")
	for {
		select {
		case <-ended:
			return false
		default:
		}
		if _, err := os.Stat(journal); err == nil {
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
			_ = cmd.Process.Kill()
			<-ended
			_, err := os.Stat(journal)
			return !errors.Is(err, fs.ErrNotExist)
		}
		time.Sleep(50 * time.Microsecond)
	}
}

func read(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err) // a staging folder that was not removed, too
		}
		files[e.Name()] = string(data)
	}
	return files
}
