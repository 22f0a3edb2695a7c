// Package demo does the main job on a machine with nothing but Go: it pulls from an Odoo inside the program, generates
// a package, compiles a consumer of it and runs it.
package demo

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

const modulePath = "github.com/odoogen/odoogen"

//go:embed testdata
var programs embed.FS

// models are those that the demo pulls.
var models = []string{"res.partner", "res.country", "product.product", "sale.order", "sale.order.line"}

// Run runs the demo and reports its steps on out. The consumer's module is made in dir, or in a temporary folder if that
// is "".
func Run(ctx context.Context, out io.Writer, dir string) error {
	d := &demo{out: out, dir: dir}
	if dir == "" {
		temporary, err := os.MkdirTemp("", "odoogen-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		d.dir = temporary
	} else if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		return fmt.Errorf("%s is not empty: give the demo a new folder", dir)
	}
	server, err := startOdoo()
	if err != nil {
		return err
	}
	defer server.Close()
	d.server = server
	d.say("An Odoo 19 runs inside this program, at %s.\n", server.URL)
	for _, step := range []func(context.Context) error{d.module, d.pull, d.generate, d.runShop, d.mistakes} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	d.say("%s", farewell)
	return nil
}

const farewell = `
Now with your own Odoo, in your own module:

  go get github.com/odoogen/odoogen
  go get -tool github.com/odoogen/odoogen/cmd/odoogen
  export ODOO_URL=https://erp.example.com ODOO_DB=acme ODOO_USER=bot@example.com
  go tool odoogen pull --models 'res.partner,sale.order,sale.order.line'
  go tool odoogen generate
`

type demo struct {
	out    io.Writer
	dir    string
	server *odootest.Server
	schema *snapshot.Schema
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format, args...) }

// startOdoo makes the embedded Odoo, with something to sell and somebody to sell to.
func startOdoo() (*odootest.Server, error) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		return nil, err
	}
	server, err := odootest.Start(schema)
	if err != nil {
		return nil, err
	}
	belgium, err := server.Create("res.country", map[string]any{"name": "Belgium", "code": "BE"})
	if err == nil {
		_, err = server.Create("res.partner", map[string]any{"name": "Azure Interior", "email": "info@azure.example.com", "country_id": belgium})
	}
	if err == nil {
		_, err = server.Create("product.product", map[string]any{"name": "Standing desk", "default_code": "DESK-01", "list_price": 450.0, "type": "consu"})
	}
	server.Method("sale.order", "action_confirm", func(call odootest.Call) (any, error) {
		return true, call.Write("sale.order", call.IDs, map[string]any{"state": "sale"})
	})
	if err != nil {
		server.Close()
	}
	return server, err
}

// module makes the consumer's module.
func (d *demo) module(ctx context.Context) error {
	for _, program := range []string{"shop", "mistakes"} {
		source, err := programs.ReadFile("testdata/" + program + "/main.go")
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(d.dir, program), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(d.dir, program, "main.go"), source, 0o644); err != nil {
			return err
		}
	}
	source, version, err := sourceOfModule(ctx)
	if err != nil {
		return err
	}
	mod := "module example.com/shop\n\ngo 1.26\n\nrequire " + modulePath + " " + version + "\n"
	if source != "" {
		mod += "\nreplace " + modulePath + " => " + source + "\n"
		sum, err := os.ReadFile(filepath.Join(source, "go.sum"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(d.dir, "go.sum"), sum, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(d.dir, "go.mod"), []byte(mod), 0o644)
}

// sourceOfModule finds the runtime that the consumer is compiled with: the folder of this module, if the demo runs in
// it or in a module that uses it, or else the released version that this program was built from.
func sourceOfModule(ctx context.Context) (folder, version string, err error) {
	if _, err := exec.LookPath("go"); err != nil {
		return "", "", errors.New("the demo compiles a program, and there is no go command here: install Go from https://go.dev/dl")
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", modulePath).Output()
	if folder := strings.TrimSpace(string(out)); err == nil && folder != "" {
		return folder, "v0.0.0", nil
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") && !strings.Contains(info.Main.Version, "+dirty") {
		return "", info.Main.Version, nil
	}
	return "", "", fmt.Errorf("run the demo in a checkout of %s, or in a module that requires it", modulePath)
}

func (d *demo) pull(ctx context.Context) error {
	d.say("\n1. odoogen pull --models '%s'\n", strings.Join(models, ","))
	start := time.Now()
	client, err := d.server.Dial(ctx)
	if err != nil {
		return err
	}
	if d.schema, err = introspect.Pull(ctx, client, introspect.Options{Models: models}); err != nil {
		return err
	}
	d.say("   odoogen.schema.json: %d models, %d fields (%s)\n", len(d.schema.Models), d.schema.FieldCount(), since(start))
	return d.schema.WriteFile(filepath.Join(d.dir, snapshot.DefaultFile))
}

func since(start time.Time) string {
	return time.Since(start).Round(time.Millisecond).String()
}

func (d *demo) generate(context.Context) error {
	d.say("\n2. odoogen generate\n")
	start := time.Now()
	config := generator.DefaultConfig()
	result, err := generator.Generate(d.schema, config)
	if err != nil {
		return err
	}
	changes, err := generator.Write(filepath.Join(d.dir, config.Out), config.Package, result.Files)
	d.say("   odoo/: a package of %d files: records, values, selections, conditions, clients (%s)\n", len(changes.Written), since(start))
	return err
}

// runShop compiles and runs the program, and shows its heart.
func (d *demo) runShop(ctx context.Context) error {
	source, err := programs.ReadFile("testdata/shop/main.go")
	if err != nil {
		return err
	}
	d.say("\n3. A program that uses it:\n\n%s\n   go run ./shop\n\n", excerpt(source))
	output, err := d.goCommand(ctx, "run", "./shop")
	if err != nil {
		return fmt.Errorf("the program failed: %w\n%s", err, output)
	}
	d.say("%s", indented(output, "   | "))
	return nil
}

// mistakes shows what the compiler says to wrong code; that it compiled would be an error.
func (d *demo) mistakes(ctx context.Context) error {
	output, err := d.goCommand(ctx, "build", "-o", os.DevNull, "./mistakes")
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("the program of mistakes should not compile: %w\n%s", err, output)
	}
	source, err := programs.ReadFile("testdata/mistakes/main.go")
	if err != nil {
		return err
	}
	d.say("\n4. And what does not compile:\n\n%s", explained(output, strings.Split(string(source), "\n")))
	return nil
}

// explained puts each line that the compiler refuses before what it says.
func explained(output []byte, source []string) string {
	var b strings.Builder
	for line := range strings.Lines(string(output)) {
		var row, column int
		_, place, ok := strings.Cut(line, "main.go:")
		if !ok {
			continue
		}
		if n, _ := fmt.Sscanf(place, "%d:%d:", &row, &column); n != 2 || row > len(source) {
			continue
		}
		_, message, _ := strings.Cut(place, ": ")
		fmt.Fprintf(&b, "   %s\n      %s\n", strings.TrimPrefix(strings.TrimSpace(source[row-1]), "_ = "), strings.TrimSpace(message))
	}
	return b.String()
}

func (d *demo) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off",
		"ODOO_URL="+d.server.URL, "ODOO_USER=admin", "ODOO_PASSWORD=admin")
	return cmd.CombinedOutput()
}

// excerpt is the part of a program between its marks.
func excerpt(source []byte) string {
	_, rest, _ := bytes.Cut(source, []byte("// demo:begin\n"))
	part, _, _ := bytes.Cut(rest, []byte("\t// demo:end"))
	return strings.ReplaceAll(indented(part, "   "), "\t", "    ")
}

func indented(text []byte, indent string) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.TrimSpace(line) == "" {
			b.WriteString(strings.TrimRight(indent, " ") + "\n")
			continue
		}
		b.WriteString(indent + line)
	}
	return b.String()
}
