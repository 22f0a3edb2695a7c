package generator

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/odoogen/odoogen/introspect"
)

// This file is the naming pass: the one place where Go names are decided. A name depends only on the thing it names
// and on the renames in odoogen.yaml, never on what else is generated, so that a new model or field renames nothing.
// Where two things come to the same name, nothing is resolved by order: all of these are reported at once, with the
// lines for odoogen.yaml that resolve them.

// names gives every thing its Go name. Things are addressed as in the renames of the configuration: "sale.order",
// "sale.order/state", "sale.order/state=draft".
type names struct {
	renames map[string]string
	scopes  map[string]map[string][]claim // scope → Go name → who claims it
}

// claim is a thing that wants a name. address is what to rename to settle a conflict, "" if it can't be renamed.
type claim struct {
	what    string // for people: "the model sale.order"
	address string
}

// The scopes in which names must differ: the package, its files, and each struct.
const (
	packageScope = ""
	fileScope    = "file"
)

func newNames(renames map[string]string) *names {
	n := &names{renames: renames, scopes: map[string]map[string][]claim{}}
	for _, file := range []string{docFile, referencesFile} {
		n.claim(fileScope, file, claim{what: "the file " + file + " of every package"})
	}
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

// declare claims the package-level names that a model stands for.
func (n *names) declare(model string, derived ...string) {
	name := n.model(model)
	for _, suffix := range append([]string{"%s"}, derived...) {
		goName := fmt.Sprintf(suffix, name)
		what := "the model " + model
		if goName != name {
			what = "what is made for the model " + model
		}
		n.claim(packageScope, goName, claim{what, model})
	}
}

// file names and claims the file of a model.
func (n *names) file(model string) string {
	base := model
	if renamed, ok := n.renames[model]; ok {
		base = renamed
	}
	return n.claim(fileScope, fileName(base), claim{"the file of the model " + model, model})
}

// field names and claims a field of a model's structs.
func (n *names) field(model, odoo string) string {
	address := model + "/" + odoo
	return n.claim(model, n.of(address, goName(odoo)), claim{"the field " + address, address})
}

// selection names and claims the type of a selection field, and the list of its labels.
func (n *names) selection(model, odoo string) (typeName, labels string) {
	address := model + "/" + odoo
	typeName = n.model(model) + n.of(address, goName(odoo))
	c := claim{"the selection of the field " + address, address}
	return n.claim(packageScope, typeName, c), n.claim(packageScope, typeName+"Labels", c)
}

// choice names and claims the constant of a selection's key.
func (n *names) choice(model, odoo, typeName, key string) string {
	address := model + "/" + odoo + "=" + key
	return n.claim(packageScope, typeName+n.of(address, choiceName(key)), claim{"the choice " + address, address})
}

// conflict is a name that several things want.
type conflict struct {
	scope, name string
	claims      []claim
}

// check reports every conflict at once.
func (n *names) check() error {
	var found []conflict
	for scope, taken := range n.scopes {
		for name, claims := range taken {
			if len(claims) > 1 {
				slices.SortFunc(claims, func(a, b claim) int {
					return cmp.Or(cmp.Compare(a.depth(), b.depth()), strings.Compare(a.address, b.address))
				})
				found = append(found, conflict{scope, name, claims})
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b conflict) int {
		return cmp.Or(cmp.Compare(a.claims[1].depth(), b.claims[1].depth()), strings.Compare(a.scope, b.scope), strings.Compare(a.name, b.name))
	})
	return n.report(found)
}

// report lists the conflicts and suggests names that settle them: all but the first of each get another.
func (n *names) report(found []conflict) error {
	var list strings.Builder
	lines := yaml.MapSlice{}
	settled := map[string]bool{}
	for _, c := range found {
		var fresh yaml.MapSlice
		for i, who := range c.claims[1:] {
			if who.address != "" && !settled[who.address] && !settled[who.parent()] {
				fresh = append(fresh, yaml.MapItem{Key: who.address, Value: n.suggest(c, who, i+2)})
			}
		}
		if fresh == nil {
			continue // settled with the name that this one is made of
		}
		for _, line := range fresh {
			settled[line.Key.(string)] = true
		}
		lines = append(lines, fresh...)
		fmt.Fprintf(&list, "  %s\n", c.name)
		for _, who := range c.claims {
			fmt.Fprintf(&list, "    %s\n", clean(who.what, lineLength))
		}
	}
	text, err := yaml.Marshal(yaml.MapSlice{{Key: "rename", Value: lines}})
	if err != nil {
		return err
	}
	return fmt.Errorf("Go names that more than one thing comes to:\n%sGive them other names in %s; these would do:\n%s",
		list.String(), ConfigFile, strings.TrimSuffix(string(text), "\n"))
}

// depth orders claims: what can't be renamed keeps its name before a model, a model before a field, and a field before
// a choice.
func (c claim) depth() int {
	switch {
	case strings.Contains(c.address, "="):
		return 3
	case strings.Contains(c.address, "/"):
		return 2
	case c.address != "":
		return 1
	}
	return 0
}

// parent is the field of a choice.
func (c claim) parent() string {
	field, _, _ := strings.Cut(c.address, "=")
	return field
}

// suggest finds a free name for a thing: the name with a number.
func (n *names) suggest(c conflict, who claim, number int) string {
	model, rest, isField := strings.Cut(who.address, "/")
	_, key, isChoice := strings.Cut(rest, "=")
	mechanical := goName(model)
	switch {
	case isChoice:
		mechanical = choiceName(key)
	case isField:
		mechanical = goName(rest)
	}
	name := n.of(who.address, mechanical)
	prefix := strings.TrimSuffix(c.name, name)
	if unicode.IsDigit(rune(name[len(name)-1])) {
		name += "No"
	}
	for ; ; number++ {
		try := fmt.Sprintf("%s%d", name, number)
		if _, taken := n.scopes[c.scope][prefix+try]; !taken {
			return try
		}
	}
}

// checkRenames refuses renames that name nothing in the snapshot, or give a name that Go does not take.
func checkRenames(renames map[string]string, s *introspect.Schema) error {
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
	}
	var wrong []string
	for address, name := range renames {
		isPart := strings.Contains(address, "=") // stands behind the name of its type
		switch {
		case !known[address]:
			wrong = append(wrong, fmt.Sprintf("rename: the snapshot has no %s", address))
		case !isPart && (!token.IsIdentifier(name) || !token.IsExported(name)), isPart && !token.IsIdentifier("X"+name):
			wrong = append(wrong, fmt.Sprintf("rename: %s: %q is not an exported Go name", address, name))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s: %s", ConfigFile, strings.Join(wrong, "; "))
}
