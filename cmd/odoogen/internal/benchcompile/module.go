//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// bench is a module beside a build cache of its own, in which only what generated code imports is built.
type bench struct {
	folder, schema string
	compiled       int
	missed         []string
}

const module = "example.com/bench"

// consumer uses three models; the package is imported from %s.
const consumer = `package main

import (
	"context"
	"fmt"

	odoo "` + module + `/%s"
	orm "github.com/odoogen/odoogen/runtime"
)

func main() {
	ctx := context.Background()
	c, err := orm.Dial(ctx, "http://localhost")
	partners, err1 := odoo.NewResPartnerClient(c).Find(ctx, orm.ILike(odoo.ResPartnerF.Name, "a"))
	product, err2 := odoo.NewProductProductClient(c).First(ctx, orm.Domain[odoo.ProductProduct]{})
	order, err3 := odoo.NewSaleOrderClient(c).Create(ctx, odoo.SaleOrderValues{})
	fmt.Println(partners, product, order, err, err1, err2, err3)
}
`

// prepare builds the command, makes the module, builds what generated code and the reference import, and finds a snapshot.
func (b *bench) prepare(schema string) error {
	root, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	mod := fmt.Sprintf("module %s\n\ngo 1.26\n\nrequire github.com/odoogen/odoogen v0.0.0\n\nreplace github.com/odoogen/odoogen => %s\n", module, root)
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", b.odoogen(), "./cmd/odoogen") //nolint:gosec // our own command
	build.Stderr = os.Stderr
	if err := errors.Join(build.Run(), b.write("go.mod", mod), b.write("go.sum", string(sum))); err != nil {
		return err
	}
	if b.schema, err = b.snapshot(schema); err != nil {
		return err
	}
	_, err = b.command("go", "build", "github.com/odoogen/odoogen/runtime", "fmt", "iter", reference)
	return err
}

func (b *bench) odoogen() string { return filepath.Join(b.folder, "odoogen") }

// snapshot is the file with the models: the one given, or one that is pulled.
func (b *bench) snapshot(given string) (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	pulled := filepath.Join(b.folder, "schema.json")
	_, err := b.command(b.odoogen(), "pull", "-o", pulled)
	return pulled, err
}

func (b *bench) write(name, text string) error {
	file := filepath.Join(b.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

// generation prepares the generation of a package: from a snapshot as a pull of its models would have made it.
func (b *bench) generation(s subject) (generate func() (usage, error), err error) {
	schema, err := snapshot.ReadFile(b.schema)
	if err != nil {
		return nil, err
	}
	if s.models != "" {
		schema.Models, _, err = snapshot.Match(schema.Models, strings.Fields(strings.ReplaceAll(s.models, ",", " ")))
	}
	config := fmt.Sprintf("schema: %[1]s.json\nout: %[1]s\nclients: %v\nauto_rename: true\n", s.folder, s.clients)
	if err := errors.Join(err, schema.WriteFile(filepath.Join(b.folder, s.folder+".json")), b.write(s.folder+".yaml", config)); err != nil {
		return nil, err
	}
	return func() (usage, error) {
		if err := os.RemoveAll(filepath.Join(b.folder, s.folder)); err != nil {
			return usage{}, err
		}
		return b.command(b.odoogen(), "generate", "--config", s.folder+".yaml")
	}, nil
}

// size is that of the program that uses three models of a package, in MB.
func (b *bench) size(pkg string) (float64, error) {
	name := "uses_" + pkg
	if err := b.write(name+"/main.go", fmt.Sprintf(consumer, pkg)); err != nil {
		return 0, err
	}
	if _, err := b.command("go", "build", "-o", name+".bin", "./"+name); err != nil {
		return 0, err
	}
	info, err := os.Stat(filepath.Join(b.folder, name+".bin"))
	if err != nil {
		return 0, err
	}
	return float64(info.Size()) / 1e6, nil
}
