package introspect

import (
	"context"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// relations are the models that relational fields point to, by model and field.
type relations map[string]map[string]string

// buttonSet are the labels of the buttons that call methods, by model and method.
type buttonSet map[string]map[string][]string

// view is a view of a model.
type view struct {
	model string
	root  node
}

// pullViews reads the views that have buttons, unless no methods are wanted. Without a language, Odoo 14 does not search
// translations for each of their texts.
func (p *pull) pullViews(ctx context.Context) error {
	if p.options.Methods == MethodsNone {
		return nil
	}
	var rows []struct {
		Model string `odoo:"model"`
		Arch  string `odoo:"arch_db"`
	}
	where := orm.Expr(orm.And(orm.Where[struct{}]("arch_db", "like", "object"), orm.Where[struct{}]("model", "!=", false)))
	if err := p.c.Model("ir.ui.view").Find(ctx, &rows, where, orm.Context{"lang": false}); err != nil {
		p.unseen.views = err
		return unlessRefused(err)
	}
	for _, r := range rows {
		if root, ok := parseView(r.Arch); ok {
			p.views = append(p.views, view{r.Model, root})
		}
	}
	return nil
}

// buttons returns the methods that the buttons of the views call, with their labels, by model.
func (p *pull) buttons() map[string]map[string]string {
	found, leads := buttonSet{}, p.listed.relations()
	for _, v := range p.views {
		found.node(v.model, &v.root, leads)
	}
	return found.labels()
}

// node is an element of a view. encoding/xml reads a view into a tree of them.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
	text     string     // including the text of nested elements: see collectTexts
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// parseView reads the XML of a view, if it is valid.
func parseView(arch string) (root node, ok bool) {
	d := xml.NewDecoder(strings.NewReader(arch))
	d.Strict = false
	if d.Decode(&root) != nil {
		return root, false
	}
	root.collectTexts()
	return root, true
}

// node records the buttons of an element for a model; "" is an unknown model.
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

// leadsTo returns the model of the children of an element: within the field of a relation, the target of the relation; for
// an extension of an inherited view, the model at the place of the extension.
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

// follow returns the model that a field points to, the model itself for a field that is not a relation, and "" for an
// unknown field.
func (r relations) follow(model, field string) string {
	if target := r[model][field]; target != "" {
		return target
	}
	return model
}

// label is the text of a button.
func (n *node) label() string {
	for _, text := range []string{n.attr("string"), n.attr("title"), n.text} {
		if text = oneLine(text); text != "" {
			return text
		}
	}
	return ""
}

// longestText limits the length of the texts of elements: labels are shorter, and nested elements would each hold the same
// long text.
const longestText = 500

// collectTexts sets the text of an element and of all nested elements, and visits each of them once.
func (n *node) collectTexts() {
	var text strings.Builder
	text.WriteString(oneLine(n.Text))
	for i := range n.Children {
		child := &n.Children[i]
		child.collectTexts()
		if child.text == "" || text.Len() > longestText {
			continue
		}
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(child.text)
	}
	n.text = text.String()
	if len(n.text) > longestText {
		n.text = strings.ToValidUTF8(n.text[:longestText], "")
	}
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

// mostLabels limits the number of button labels in the description of a method.
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
