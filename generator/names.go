package generator

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file is the naming pass: the one place where Go names are decided.
//
// The problem: Odoo has no shortage of names, and Go has one namespace for them. A package has several types and functions for
// each model (SaleOrder, SaleOrderValues, NewSaleOrderClient), a type for each selection (SaleOrderState) and a constant for
// each choice (SaleOrderStateDraft). Odoo separates the parts of a name with
// signs that Go names cannot have: the model sale.order.state and the type of the field state of sale.order are both
// SaleOrderState. Any module can add models and fields, so that better rules cannot exclude conflicts, and application code
// depends on every name that was ever generated.
//
// What was rejected:
//   - Numbering names in the order in which they are met. It always succeeds, but a name then depends on what else is
//     generated: a new module, or another selection of models, renames types that the application uses.
//   - Separators or prefixes that make conflicts impossible, such as SaleOrder_State. Every name would pay for the few that are
//     in conflict, and linters reject such names.
//   - A package for each model. Models refer to each other in cycles, which imports cannot do.
//   - Dropping one of the two. A field that silently does not exist is worse than an error.
//
// The decision: a name depends only on the Odoo name of the thing and on the renames in odoogen.yaml, never on what else is
// generated. A new model or field therefore never changes the name of another one. The planner claims names while it plans, in
// scopes in which names must differ, and does not care whether a name is taken. Afterwards, conflicts lists the names
// with several claims. If there are any, settle (in conflicts.go) finds renames that resolve all of them, and either the
// generation fails and prints these renames for odoogen.yaml, all at once, or, with auto_rename, it uses them and prints them
// as a warning. Renamed is the claimant whose new name changes the least: compareClaims orders them.
//
// The limits: with auto_rename, a name with a number can change when a new thing takes part in the conflict, until the rename is
// recorded in odoogen.yaml. The list of initialisms and the names of signs in identifiers.go are frozen for the same reason:
// extending them would rename existing code. Names that every client has (Find, Create) and every package has (Schema) are
// claimed first, and keep their names.

// names gives every thing its Go name. Things are addressed as in the renames of the configuration: "sale.order",
// "sale.order/state", "sale.order/state=draft", "sale.order/sale.report_saleorder" (a report), "sale.order/action_confirm()",
// "sale.order/message_post()body".
type names struct {
	renames map[string]string
	scopes  map[string]map[string][]claim // scope → Go name → who claims it
}

// claim is a thing that claims a name.
type claim struct {
	what    string // for people: "the model"
	address string // what to rename to resolve a conflict: "sale.order"; "" if it can't be renamed
	own     string // what a rename replaces: the claimed name, or the part of it that is the thing's own
	level   level
	derived bool // whether the claimed name is derived from the thing's own: SaleOrderValues
}

// level orders claims: what can't be renamed keeps its name before a model, a model before a field, a field before
// a choice or a report, and those before a method.
type level int

const (
	fixed level = iota
	ofModel
	ofField
	ofChoice
	ofMethod
)

// The scopes in which names must differ: the package, its files, and the structs of each model.
const (
	packageScope = ""
	fileScope    = "files"
)

func structScope(model string) string { return "structs of " + model }

func newNames(renames map[string]string) *names {
	n := &names{renames: renames, scopes: map[string]map[string][]claim{}}
	for _, file := range []string{docFile, referencesFile, schemaFile, projectionsFile} {
		n.claim(fileScope, file, claim{what: "the file " + file + " of every package"})
	}
	n.claim(packageScope, ir.SchemaConst, claim{what: "the constant " + ir.SchemaConst + " of every package"})
	return n
}

func (n *names) claim(scope, name string, c claim) string {
	if n.scopes[scope] == nil {
		n.scopes[scope] = map[string][]claim{}
	}
	n.scopes[scope][name] = append(n.scopes[scope][name], c)
	return name
}

// of is the Go name of an address: the one given in the configuration, or else the mechanical one.
func (n *names) of(address, mechanical string) string {
	if name, ok := n.renames[address]; ok {
		return name
	}
	return mechanical
}

// model names the record type of a model. It claims nothing: relations ask for it too.
func (n *names) model(odoo string) string { return n.of(odoo, goName(odoo)) }

// declare claims the package-level names of a model.
func (n *names) declare(model string, derived ...string) {
	name := n.model(model)
	n.claim(packageScope, name, claim{"the model", model, name, ofModel, false})
	for _, pattern := range derived {
		n.claim(packageScope, fmt.Sprintf(pattern, name), claim{"a name derived from the model", model, name, ofModel, true})
	}
}

// file names and claims the file of a model.
func (n *names) file(model string) string {
	base := model
	if renamed, ok := n.renames[model]; ok {
		base = renamed
	}
	return n.claim(fileScope, fileName(base), claim{"the file of the model", model, n.model(model), ofModel, true})
}

// field names and claims a field of a model's structs.
func (n *names) field(model, odoo string) string {
	address := model + "/" + odoo
	name := n.of(address, goName(odoo))
	return n.claim(structScope(model), name, claim{"the field", address, name, ofField, false})
}

// selection names and claims the type of a selection field.
func (n *names) selection(model, odoo string) string {
	address := model + "/" + odoo
	own := n.of(address, goName(odoo))
	return n.claim(packageScope, n.model(model)+own, claim{"the selection of the field", address, own, ofField, false})
}

// choice names and claims the constant of a selection's key.
func (n *names) choice(model, odoo, typeName, key string) string {
	address := model + "/" + odoo + "=" + key
	own := n.of(address, choiceName(key))
	return n.claim(packageScope, typeName+own, claim{"the choice", address, own, ofChoice, false})
}

// report names and claims the constant of a report's name.
func (n *names) report(model, name string) string {
	address := reportAddress(model, name)
	own := n.of(address, reportName(name))
	return n.claim(packageScope, ir.ReportName(n.model(model), own), claim{"the report", address, own, ofChoice, false})
}

func reportAddress(model, name string) string { return model + "/" + name }

func clientScope(model string) string       { return "the client of " + model }
func argsScope(model, method string) string { return "the arguments of " + model + "." + method }

func methodAddress(model, method string) string { return model + "/" + method + "()" }

// method names and claims a method of a model's client.
func (n *names) method(model, odoo string) string {
	address := methodAddress(model, odoo)
	name := n.of(address, goName(odoo))
	return n.claim(clientScope(model), name, claim{"the method", address, name, ofMethod, false})
}

// methodWith names and claims the method of a model's client that takes the optional arguments too.
func (n *names) methodWith(model, odoo string) string {
	address := methodAddress(model, odoo)
	own := n.of(address, goName(odoo))
	return n.claim(clientScope(model), ir.WithName(own), claim{"the optional arguments of the method", address, own, ofMethod, true})
}

// args names and claims the type of the optional arguments of a method.
func (n *names) args(model, method string) string {
	address := methodAddress(model, method)
	own := n.of(address, goName(method))
	return n.claim(packageScope, ir.ArgsName(n.model(model), own), claim{"the arguments of the method", address, own, ofMethod, true})
}

// argument names and claims an optional argument.
func (n *names) argument(model, method, odoo string) string {
	address := methodAddress(model, method) + odoo
	name := n.of(address, goName(odoo))
	return n.claim(argsScope(model, method), name, claim{"the argument", address, name, ofMethod, false})
}

// addresses are all that a rename can name: models, fields, choices, methods and their arguments.
func addresses(s *snapshot.Schema) map[string]bool {
	known := map[string]bool{}
	for _, m := range s.Models {
		known[m.Name] = true
		for _, f := range m.Fields {
			known[f.Relation] = true
			known[m.Name+"/"+f.Name] = true
			for _, c := range f.Selection {
				known[m.Name+"/"+f.Name+"="+c.Value] = true
			}
		}
		for _, r := range m.Reports {
			known[reportAddress(m.Name, r.Name)] = true
		}
		for _, method := range m.Methods {
			known[methodAddress(m.Name, method.Name)] = true
			for _, p := range method.Params {
				known[methodAddress(m.Name, method.Name)+p.Name] = true
			}
		}
	}
	delete(known, "") // fields that are no relations
	return known
}

// isGoName reports whether a rename gives a valid Go name. The name of a choice follows the name of its type.
func isGoName(address, name string) bool {
	if strings.Contains(address, "=") {
		return name != "" && token.IsIdentifier("X"+name)
	}
	return token.IsIdentifier(name) && token.IsExported(name)
}
