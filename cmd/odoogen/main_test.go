package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// What is interrupted while it works on the snapshot writes nothing.
func TestInterruptedGenerate(t *testing.T) {
	out := filepath.Join(t.TempDir(), "odoo")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	root := newRoot()
	root.SetArgs([]string{"generate", "--schema", "../../golden/sales/schema.json", "--out", out})
	if err := root.ExecuteContext(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it wrote %s: %v", out, err)
	}
}

func TestInterruptedSaysWhatIsTrue(t *testing.T) {
	for want, err := range map[string]error{
		"interrupted; nothing was written": fmt.Errorf("res.partner: %w", context.Canceled),
		"interrupted: the disk is full":    errors.New("the disk is full"),
	} {
		if got := interrupted(err).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// interruptAtOutput interrupts a command that has something to say.
type interruptAtOutput context.CancelFunc

func (interrupt interruptAtOutput) Write(p []byte) (int, error) {
	interrupt()
	return len(p), nil
}

func TestInterruptedAfterThePullOfGenerate(t *testing.T) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema)
	t.Chdir(t.TempDir())
	t.Setenv("ODOO_PASSWORD", "admin")
	ctx, interrupt := context.WithCancel(t.Context())
	root := newRoot()
	root.SetOut(interruptAtOutput(interrupt))
	root.SetArgs([]string{"generate", "--url", server.URL, "-d", "demo", "-u", "admin", "--models", "res.currency"})
	err = root.ExecuteContext(ctx)
	if err == nil || interrupted(err).Error() != "interrupted: odoogen.schema.json was written, and nothing else" {
		t.Error(err)
	}
	if _, err := os.Stat("odoogen.schema.json"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("odoo"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestIsVetTool(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want bool
	}{
		{nil, false},
		{[]string{"-V=full"}, true},
		{[]string{"-flags"}, true},
		{[]string{"/tmp/b001/vet.cfg"}, true},
		{[]string{"-odooloop=false", "/tmp/b001/vet.cfg"}, true},
		{[]string{"generate", "--config", "odoogen.cfg"}, false}, // somebody's name for a file
		{[]string{"vet", "./..."}, false},
	} {
		if got := isVetTool(tc.args); got != tc.want {
			t.Errorf("%q: %v", tc.args, got)
		}
	}
}
