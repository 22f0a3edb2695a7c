//go:build unix

// Command benchcompile measures what generated code costs: the processor time and memory of generating and compiling
// all models of a full Odoo and those of an ordinary integration, and the size of a program that uses three of them. It
// prints a table beside the goals.
//
//	benchcompile [-check] [schema.json]
//
// Processor time depends on the machine, and on what else it does at the time. So each figure is also given as a multiple
// of what compiling a package of the standard library takes, before and after it. With -check that multiple decides: the
// command fails where it is further from its goal than noise explains.
//
// Without a snapshot it pulls one from ODOO_URL. Run it with make bench-compile or make bench-compile-check.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
)

const (
	rounds = 3
	noise  = 1.2 // by how much a figure may miss its goal
)

// business are the models of an ordinary integration.
const business = `res.partner, res.users, res.company, res.country, res.currency, product.template, product.product, product.category,
 product.pricelist, uom.uom, sale.order, sale.order.line, purchase.order, purchase.order.line, account.move, account.move.line,
 account.account, account.journal, account.tax, account.payment, account.payment.term, stock.picking, stock.move, stock.move.line,
 stock.quant, stock.lot, stock.warehouse, stock.location, crm.lead, crm.team, crm.stage, project.project, project.task, hr.employee,
 hr.department, mrp.production, mrp.bom, mrp.bom.line, mail.message, ir.attachment`

const three = "res.partner, product.product, sale.order"

// subject is a package to measure.
type subject struct {
	what, folder, models string
	clients              bool
	generate, compile    goal
}

// goal is what a command may take at the most: seconds where the goals were set, and memory.
type goal struct{ cpu, mb float64 }

var subjects = []subject{
	{"all models, without clients", "bare", "", false, goal{cpu: 3, mb: 400}, goal{cpu: 10, mb: 800}},
	{"all models, with clients", "full", "", true, goal{cpu: 3, mb: 400}, goal{cpu: 30, mb: 2000}},
	{"40 models of business, with clients", "some", business, true, goal{cpu: 0.3, mb: 400}, goal{cpu: 3, mb: 400}},
	{"three models, with clients", "three", three, true, goal{cpu: 0.3, mb: 400}, goal{cpu: 3, mb: 400}},
}

func main() {
	log.SetFlags(0)
	check := flag.Bool("check", false, "fail if a goal is missed by more than noise")
	flag.Parse()
	missed, err := run(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	if *check && len(missed) > 0 {
		log.Fatal("goals missed by more than noise: ", strings.Join(missed, "; "))
	}
}

func run(schema string) (missed []string, err error) {
	b := &bench{}
	if b.folder, err = os.MkdirTemp("", "odoogen-bench"); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.folder)) }()
	if err := b.prepare(schema); err != nil {
		return nil, err
	}
	fmt.Printf("%-45s %7s %7s %7s %7s   %s\n", "", "CPU s", "×"+reference, "wall s", "MB", "goal")
	for _, s := range subjects {
		if err := b.measure(s); err != nil {
			return nil, err
		}
	}
	return b.missed, b.sizes()
}

// measure generates a package and compiles it.
func (b *bench) measure(s subject) error {
	generate, err := b.generation(s)
	if err != nil {
		return err
	}
	if err := b.report("generate "+s.what, s.generate, generate); err != nil {
		return err
	}
	return b.report("compile  "+s.what, s.compile, func() (usage, error) { return b.compile(module + "/" + s.folder) })
}

// report measures a command and prints its line of the table.
func (b *bench) report(what string, g goal, command func() (usage, error)) error {
	u, err := b.median(command)
	if err != nil {
		return err
	}
	goalTimes := g.cpu / referenceCPU
	fmt.Printf("%-45s %7.1f %7.2f %7.1f %7.0f   %v s, ×%.2f, %v MB\n", what, u.cpu, u.times, u.wall, u.mb, g.cpu, goalTimes, g.mb)
	if u.times > goalTimes*noise || u.mb > g.mb*noise {
		b.missed = append(b.missed, strings.Join(strings.Fields(what), " "))
	}
	return nil
}

// sizes compares a program that uses three models of all with one whose package has no others.
func (b *bench) sizes() error {
	few, err := b.size("three")
	if err != nil {
		return err
	}
	all, err := b.size("full")
	if err != nil {
		return err
	}
	fmt.Printf("program that uses three models: %.2f MB; the same, where the package has all: %.2f MB\n", few, all)
	const spare = 1.01 // names of packages' variables and the like
	if all > few*spare {
		b.missed = append(b.missed, "code of models that are not used is linked")
	}
	return nil
}
