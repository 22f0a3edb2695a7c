package odoofacts

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A fact that no code reads is a decision that is made elsewhere, or not at all.
func TestEachBehaviourHasAReader(t *testing.T) {
	var table []byte
	for _, file := range []string{"behaviours.go", "binaries.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		table = append(table, source...)
	}
	unread := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(?:var |\t)(\w+) += (?:since|until|between|add)\(`).FindAllStringSubmatch(string(table), -1) {
		unread[m[1]] = true
	}
	if len(unread) != len(All()) {
		t.Fatalf("found the names of %d behaviours, want %d", len(unread), len(All()))
	}
	reader := regexp.MustCompile(`\bodoofacts\.(\w+)|\b(\w+)\.In\(`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range reader.FindAllStringSubmatch(string(source), -1) {
			delete(unread, m[1]+m[2])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range unread {
		t.Errorf("no code reads %s", name)
	}
}
