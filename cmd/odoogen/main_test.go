package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
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
