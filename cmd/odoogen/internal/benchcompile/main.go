//go:build unix

// Command benchcompile measures what generated code costs: the processor time and memory of generating and compiling
// all models of a full Odoo and those of an ordinary integration, and the size of a program that uses three of them. It
// prints a table beside the goals, and fails where one is missed by more than noise explains.
//
//	benchcompile [schema.json]
//
// Without a snapshot it pulls one from ODOO_URL. Run it with make bench-compile.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/odoogen/odoogen/introspect"
)

// noise is by how much a figure may miss its goal: processor time depends on what else the machine does.
const noise = 1.4

// business are the models of an ordinary integration.
const business = `res.partner, res.users, res.company, res.country, res.currency, product.template, product.product, product.category,
 product.pricelist, uom.uom, sale.order, sale.order.line, purchase.order, purchase.order.line, account.move, account.move.line,
 account.account, account.journal, account.tax, account.payment, account.payment.term, stock.picking, stock.move, stock.move.line,
 stock.quant, stock.lot, stock.warehouse, stock.location, crm.lead, crm.team, crm.stage, project.project, project.task, hr.employee,
 hr.department, mrp.production, mrp.bom, mrp.bom.line, mail.message, ir.attachment`

const three = "res.partner, product.product, sale.order"

// consumer uses three models; the package is imported from %s.
const consumer = `package main

import (
	"context"
	"fmt"

	odoo "example.com/bench/%s"
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

func main() {
	log.SetFlags(0)
	folder, err := os.MkdirTemp("", "odoogen-bench")
	if err == nil {
		err = run(folder)
		err = firstError(err, os.RemoveAll(folder))
	}
	if err != nil {
		log.Fatal(err)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// bench is a module beside a cold build cache in which only the runtime and the standard library are built.
type bench struct {
	folder, schema string
	missed         []string
}

func run(folder string) error {
	b := &bench{folder: folder}
	if err := b.prepare(); err != nil {
		return err
	}
	fmt.Printf("%-62s %8s %8s %8s\n", "", "CPU s", "wall s", "MB")
	for _, m := range []struct {
		what, out, models string
		clients           bool
		generate, compile goal
	}{
		{"all models, without clients", "bare", "", false, goal{cpu: 3, mb: 400}, goal{cpu: 10, mb: 800}},
		{"all models, with clients", "full", "", true, goal{cpu: 3, mb: 400}, goal{cpu: 30, mb: 2000}},
		{"40 models of business, with clients", "some", business, true, goal{cpu: 0.3, mb: 400}, goal{cpu: 3, mb: 400}},
		{"three models, with clients", "three", three, true, goal{cpu: 0.3, mb: 400}, goal{cpu: 3, mb: 400}},
	} {
		generated, err := b.generate(m.out, m.models, m.clients)
		if err != nil {
			return err
		}
		b.report("generate "+m.what, generated, m.generate)
		compiled, err := b.command("go", "build", "./"+m.out)
		if err != nil {
			return err
		}
		b.report("compile  "+m.what, compiled, m.compile)
	}
	if err := b.sizes(); err != nil {
		return err
	}
	if len(b.missed) > 0 {
		return fmt.Errorf("goals missed by more than noise: %s", strings.Join(b.missed, "; "))
	}
	return nil
}

// prepare builds the command, makes the module, builds what generated code imports, and finds a snapshot.
func (b *bench) prepare() error {
	root, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	mod := fmt.Sprintf("module example.com/bench\n\ngo 1.26\n\nrequire github.com/odoogen/odoogen v0.0.0\n\nreplace github.com/odoogen/odoogen => %s\n", root)
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", filepath.Join(b.folder, "odoogen"), "./cmd/odoogen") //nolint:gosec // our own command
	build.Stderr = os.Stderr
	if err := firstError(build.Run(), b.write("go.mod", mod), b.write("go.sum", string(sum))); err != nil {
		return err
	}
	if len(os.Args) > 1 {
		b.schema, err = filepath.Abs(os.Args[1])
	} else {
		b.schema = filepath.Join(b.folder, "schema.json")
		_, err = b.command(filepath.Join(b.folder, "odoogen"), "pull", "-o", b.schema)
	}
	if err != nil {
		return err
	}
	_, err = b.command("go", "build", "github.com/odoogen/odoogen/runtime", "fmt", "iter")
	return err
}

func (b *bench) write(name, text string) error {
	file := filepath.Join(b.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

// generate makes the package from a snapshot of the models, as a pull of them would have made it; "" is all.
func (b *bench) generate(out, models string, clients bool) (usage, error) {
	s, err := introspect.ReadFile(b.schema)
	if err != nil {
		return usage{}, err
	}
	if models != "" {
		s.Models, _, err = introspect.Match(s.Models, strings.Fields(strings.ReplaceAll(models, ",", " ")))
	}
	config := fmt.Sprintf("schema: %s.json\nout: %s\nclients: %v\nauto_rename: true\n", out, out, clients)
	if err := firstError(err, s.WriteFile(filepath.Join(b.folder, out+".json")), b.write(out+".yaml", config)); err != nil {
		return usage{}, err
	}
	return b.command(filepath.Join(b.folder, "odoogen"), "generate", "--config", out+".yaml")
}

// usage is what a command took, with all that it started.
type usage struct{ cpu, wall, mb float64 }

func (b *bench) command(name string, args ...string) (usage, error) {
	cmd := exec.Command(name, args...) //nolint:gosec // the go command, or our own
	cmd.Dir = b.folder
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(b.folder, "cache"), "GOFLAGS=-mod=mod")
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return usage{}, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	wall := time.Since(start)
	used := usage{wall: wall.Seconds(), cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.mb = float64(r.Maxrss) / 1024 // of the largest process, in kB on Linux
	}
	return used, nil
}

// goal is what a command may take at the most.
type goal struct{ cpu, mb float64 }

func (b *bench) report(what string, u usage, g goal) {
	fmt.Printf("%-62s %8.1f %8.1f %8.0f   goal: %v s, %v MB\n", what, u.cpu, u.wall, u.mb, g.cpu, g.mb)
	if u.cpu > g.cpu*noise || u.mb > g.mb*noise {
		b.missed = append(b.missed, what)
	}
}

// sizes compares a program that uses three models of all with one whose package has no others.
func (b *bench) sizes() error {
	var size [2]int64
	for i, pkg := range []string{"three", "full"} {
		name := "uses_" + pkg
		if err := b.write(name+"/main.go", fmt.Sprintf(consumer, pkg)); err != nil {
			return err
		}
		if _, err := b.command("go", "build", "-o", name+".bin", "./"+name); err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(b.folder, name+".bin"))
		if err != nil {
			return err
		}
		size[i] = info.Size()
	}
	fmt.Printf("program that uses three models: %.2f MB; the same, where the package has all: %.2f MB\n", float64(size[0])/1e6, float64(size[1])/1e6)
	const spare = 1.01 // names of packages' variables and the like
	if float64(size[1]) > float64(size[0])*spare {
		b.missed = append(b.missed, "code of models that are not used is linked")
	}
	return nil
}
