package upgrade

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/odoogen/odoogen/internal/output"
)

// Recover undoes what a killed [Fix.Write] left half done in the code that the options name. It returns the number of files
// that it put back, and must run before Load: half of a fix does not compile.
func Recover(o Options) (files int, err error) {
	root, err := o.root()
	if err != nil {
		return 0, err
	}
	return output.Recover(root)
}

// root is the folder that holds the modules that are worked on: one, or all those of a workspace.
func (o Options) root() (string, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}")
	cmd.Dir, cmd.Env = o.Dir, o.Env
	out, err := cmd.Output()
	if err != nil {
		return filepath.Abs(o.Dir) // no module: Load reports it if that is wrong
	}
	folders := strings.Split(strings.TrimSpace(string(out)), "\n")
	if folders[0] == "" {
		return "", fmt.Errorf("go list -m: no module in %s", o.Dir)
	}
	root := folders[0]
	for _, folder := range folders[1:] {
		for !below(root, folder) {
			root = filepath.Dir(root)
		}
	}
	return root, nil
}

// below reports whether a folder is the root or below it.
func below(root, folder string) bool {
	name, err := filepath.Rel(root, folder)
	return err == nil && filepath.IsLocal(name) || filepath.Dir(root) == root
}
