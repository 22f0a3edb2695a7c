package upgrade

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A fix that was killed is undone from any folder of the module or workspace: its journal is at the root.
func TestRecover(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"module":    {"go.mod": "module example.com/a\n", "shop/main.go": "new"},
		"workspace": {"go.work": "go 1.26\nuse ./shop\nuse ./other\n", "shop/go.mod": "module example.com/a\n", "shop/main.go": "new", "other/go.mod": "module example.com/b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			files[".odoogen-write/old/0"] = "old"
			files[".odoogen-write/journal.json"] = fmt.Sprintf(`[{"file":"shop/main.go","old":"%x","new":"%x"}]`, sha256.Sum256([]byte("old")), sha256.Sum256([]byte("new")))
			for file, text := range files {
				path := filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			restored, err := Recover(Options{Dir: filepath.Join(root, "shop")})
			if err != nil || restored != 1 {
				t.Errorf("%d files were put back, %v", restored, err)
			}
			if data, err := os.ReadFile(filepath.Join(root, "shop/main.go")); err != nil || string(data) != "old" {
				t.Errorf("main.go is %q, %v", data, err)
			}
			if _, err := os.Stat(filepath.Join(root, ".odoogen-write")); !os.IsNotExist(err) {
				t.Errorf("the staging folder stays: %v", err)
			}
		})
	}
}
