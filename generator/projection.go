package generator

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/odoogen/odoogen/internal/ir"
)

// Projection is a struct to be generated that holds a few fields of a model, and of the models that it leads to:
//
//	projections:
//	  OrderOverview:
//	    sale.order:
//	      - name
//	      - partner_id: [name, country_id: [code]]
//	      - order_line,limit=100,order=sequence:
//	          - product_uom_qty
type Projection struct {
	Name   string // of the Go type
	Model  string
	File   string // the configuration, and the line in it
	Line   int
	Fields []ProjectedField
}

// ProjectedField is a field of a projection: a plain value, or a relation with fields of its targets.
type ProjectedField struct {
	Name    string
	Options string // those of the tag, with a comma before each
	Line    int
	Fields  []ProjectedField // of the targets; none for a value
}

// Projections are the projections of a configuration, in its order.
type Projections []Projection

// UnmarshalYAML keeps the lines, for errors about a field.
func (p *Projections) UnmarshalYAML(node ast.Node) error {
	return eachEntry(node, "projections by the names of their Go types", func(key string, _ int, value ast.Node) error {
		one := Projection{Name: key}
		if !token.IsExported(key) || !token.IsIdentifier(key) {
			return misplaced(value, "%q is not the name of an exported Go type", key)
		}
		err := eachEntry(value, "a model with a list of its fields", func(model string, line int, fields ast.Node) (err error) {
			if one.Model != "" {
				return misplaced(fields, "the projection %s has a second model", key)
			}
			one.Model, one.Line = model, line
			one.Fields, err = projectedFields(fields)
			return err
		})
		*p = append(*p, one)
		return err
	})
}

// projectedFields reads a list whose items are the names of fields, or relations with such lists.
func projectedFields(node ast.Node) (fields []ProjectedField, err error) {
	list, ok := node.(*ast.SequenceNode)
	if !ok || len(list.Values) == 0 {
		return nil, misplaced(node, "want a list of fields")
	}
	for _, item := range list.Values {
		if scalar, ok := item.(ast.ScalarNode); ok {
			f, err := projectedField(item, fmt.Sprint(scalar.GetValue()), item.GetToken().Position.Line)
			if err != nil {
				return nil, err
			}
			fields = append(fields, f)
			continue
		}
		if err := eachEntry(item, "a field, or a relation with fields", func(key string, line int, targets ast.Node) error {
			f, err := projectedField(targets, key, line)
			if err == nil {
				f.Fields, err = projectedFields(targets)
			}
			fields = append(fields, f)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

var fieldOptions = regexp.MustCompile(`^(` + ir.OnDemandOption + `|` + ir.LimitOption + `[1-9][0-9]*|` + ir.OrderOption + `\w+( (asc|desc))?(; ?\w+( (asc|desc))?)*)*$`)

func projectedField(node ast.Node, text string, line int) (ProjectedField, error) {
	name, options, found := strings.Cut(text, ",")
	if found {
		options = "," + options
	}
	if !fieldOptions.MatchString(options) {
		return ProjectedField{}, misplaced(node, "the options of %q: want limit=100, order=sequence desc;id or ondemand", text)
	}
	return ProjectedField{Name: name, Options: options, Line: line}, nil
}

// eachEntry goes through a mapping.
func eachEntry(node ast.Node, want string, use func(key string, line int, value ast.Node) error) error {
	var entries []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	default:
		return misplaced(node, "want %s", want)
	}
	for _, entry := range entries {
		key := entry.Key.GetToken()
		if err := use(key.Value, key.Position.Line, entry.Value); err != nil {
			return err
		}
	}
	return nil
}

// misplaced is an error that the package yaml shows with the lines around it.
func misplaced(node ast.Node, format string, args ...any) error {
	return &yaml.SyntaxError{Message: fmt.Sprintf(format, args...), Token: node.GetToken()}
}
