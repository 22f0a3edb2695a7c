package introspect

import (
	"context"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// relations are the models that relational fields lead to, by model and field.
type relations map[string]map[string]string

// buttonSet are the labels of the buttons that call methods, by model and method.
type buttonSet map[string]map[string][]string

// pullButtons finds the methods that the buttons of the views call, with their labels, by model.
func pullButtons(ctx context.Context, c *orm.Client) (map[string]map[string]string, error) {
	var views []struct {
		Model string `odoo:"model"`
		Arch  string `odoo:"arch_db"`
	}
	where := orm.Expr(orm.And(orm.Where[struct{}]("arch_db", "like", "object"), orm.Where[struct{}]("model", "!=", false)))
	if err := c.Model("ir.ui.view").Find(ctx, &views, where); err != nil {
		return nil, err
	}
	leads, err := pullRelations(ctx, c)
	if err != nil {
		return nil, err
	}
	found := buttonSet{}
	for _, v := range views {
		found.view(v.Model, v.Arch, leads)
	}
	return found.labels(), nil
}

func pullRelations(ctx context.Context, c *orm.Client) (relations, error) {
	var fields []struct {
		Model    string `odoo:"model"`
		Name     string `odoo:"name"`
		Relation string `odoo:"relation"`
	}
	where := orm.Expr(orm.Where[struct{}]("relation", "!=", false))
	if err := c.Model("ir.model.fields").Find(ctx, &fields, where); err != nil {
		return nil, err
	}
	leads := relations{}
	for _, f := range fields {
		if leads[f.Model] == nil {
			leads[f.Model] = map[string]string{}
		}
		leads[f.Model][f.Name] = f.Relation
	}
	return leads, nil
}

// node is an element of a view. encoding/xml reads a view into a tree of them.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// view notes the buttons of a view. One that is no XML has none.
func (b buttonSet) view(model, arch string, leads relations) {
	var root node
	d := xml.NewDecoder(strings.NewReader(arch))
	d.Strict = false
	if d.Decode(&root) == nil {
		b.node(model, &root, leads)
	}
}

// node notes the buttons of an element that is about a model; "" is an unknown one.
func (b buttonSet) node(model string, n *node, leads relations) {
	if n.attr("type") == "object" && model != "" && n.attr("position") == "" {
		b.add(model, n.attr("name"), n.label())
	}
	inner := n.leadsTo(model, leads)
	for i := range n.Children {
		b.node(inner, &n.Children[i], leads)
	}
}

// pathField is a field that an XPath of an inherited view goes through.
var pathField = regexp.MustCompile(`^field\[@name=['"]([^'"]+)['"]\]$`)

// leadsTo is the model that the children of an element are about: that of the relation, inside of its field; for what an
// inherited view adds, that of the place where it is added.
func (n *node) leadsTo(model string, leads relations) string {
	position := n.attr("position")
	isInside := position == "" || position == "inside"
	switch n.XMLName.Local {
	case "field":
		if isInside {
			return leads.follow(model, n.attr("name"))
		}
	case "xpath":
		steps := strings.FieldsFunc(n.attr("expr"), func(r rune) bool { return r == '/' })
		for i, step := range steps {
			field := pathField.FindStringSubmatch(step)
			if field != nil && (i < len(steps)-1 || isInside) {
				model = leads.follow(model, field[1])
			}
		}
	}
	return model
}

// follow is the model that a field leads to; the same for a field that is no relation, and "" for one that is not known.
func (r relations) follow(model, field string) string {
	if target := r[model][field]; target != "" {
		return target
	}
	return model
}

// label is the text of a button.
func (n *node) label() string {
	for _, text := range []string{n.attr("string"), n.attr("title"), n.text()} {
		if text = oneLine(text); text != "" {
			return text
		}
	}
	return ""
}

func (n *node) text() string {
	text := n.Text
	for i := range n.Children {
		text += " " + n.Children[i].text()
	}
	return text
}

func (b buttonSet) add(model, method, label string) {
	if b[model] == nil {
		b[model] = map[string][]string{}
	}
	if method == "" {
		return
	}
	b[model][method] = append(b[model][method], label)
}

// mostLabels is how many texts of a method's buttons tell what it does.
const mostLabels = 3

// labels joins the different labels of each method.
func (b buttonSet) labels() map[string]map[string]string {
	out := map[string]map[string]string{}
	for model, methods := range b {
		out[model] = map[string]string{}
		for method, labels := range methods {
			labels = slices.DeleteFunc(labels, func(s string) bool { return s == "" })
			slices.Sort(labels)
			labels = slices.Compact(labels)
			out[model][method] = strings.Join(labels[:min(mostLabels, len(labels))], " / ")
		}
	}
	return out
}
