package usage

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/odoogen/odoogen/internal/bindings"
)

// call notes what a call of the runtime names in texts, and what the records are that it reads.
func (k *collector) call(n *ast.CallExpr) {
	c, ok := k.reader.Call(n)
	if !ok {
		return
	}
	if c.Dest != nil {
		k.project(c.Dest, c.Model, Projection)
	}
	k.options(n, c.Model)
	if c.Business {
		return // whatever its name is: the ident is noted
	}
	switch c.Name {
	case "Find", "First", "IDs", "Search":
		if !ordered(n) {
			k.add(n.Pos(), n.End(), "", Use{Model: c.Model, How: Lists})
		}
	case "Model":
		k.model(n.Args[0], c.Model)
	case "ExecuteKW":
		k.model(n.Args[1], c.Model)
		k.methodCall(c)
	case "Call":
		k.methodCall(c)
	case "Where":
		k.leaf(c.Args[0], c.Args[2], c.Model)
	case "Create", "CreateMany", "New":
		k.creates(c)
	case "Load":
		k.creates(c)
		k.besideRuntime(n, c)
		if !c.Typed && len(c.Args) > 0 {
			k.rows(c)
		}
	case "HasAccess":
		k.besideRuntime(n, c)
	case "Copy":
		k.add(n.Pos(), n.End(), "", Use{Model: c.Model, How: Copies})
		k.writes(c)
	case "Write":
		k.writes(c)
	case "Download", "Upload":
		k.besideRuntime(n, c)
		if !c.Typed && len(c.Args) > 1 {
			k.constant(c.Args[1], c.Model, map[string]How{"Download": Reads, "Upload": Writes}[c.Name])
		}
	case "FieldsGet":
		if len(c.Args) > 0 {
			k.constants(c.Args[0], c.Model, Includes)
		}
	}
}

func (k *collector) model(e ast.Expr, model string) {
	k.text(e, model, model, Use{Model: model, How: Names})
}

// besideRuntime notes the name of the model in a call of a package beside the runtime: it follows the context and the client.
func (k *collector) besideRuntime(n *ast.CallExpr, c bindings.Call) {
	if !c.Typed {
		k.model(n.Args[2], c.Model)
	}
}

// rows notes the tags of the structs that a load writes.
func (k *collector) rows(c bindings.Call) {
	if row, ok := types.Unalias(bindings.Element(typeOf(k.src.Info, c.Args[0]))).(*types.Named); ok && row.TypeArgs().Len() == 1 {
		k.project(row.TypeArgs().At(0), c.Model, Writes)
	}
}

// ordered reports whether a call may ask for an order.
func ordered(n *ast.CallExpr) bool {
	return n.Ellipsis.IsValid() || slices.ContainsFunc(n.Args, func(arg ast.Expr) bool {
		call, ok := ast.Unparen(arg).(*ast.CallExpr)
		return ok && purposes[calledName(call)] == Orders
	})
}

// creates notes that records are made, with which fields.
func (k *collector) creates(c bindings.Call) {
	u := Use{Model: c.Model, How: Creates}
	at := 0
	if c.Name == "CreateMany" && !c.Typed {
		at = 1 // after the destination
	}
	if at < len(c.Args) {
		value := c.Args[at]
		switch c.Name {
		case "Create", "New":
			u.Given = k.given(value, c.Model)
		case "CreateMany":
			for _, element := range k.elements(value) {
				k.given(element, c.Model)
			}
		}
	}
	k.add(c.Pos(), c.End(), "", u)
}

// given are the fields that a literal of values sets; nil if they are unknown. It notes fields that are named in texts.
func (k *collector) given(value ast.Expr, model string) map[string]bool {
	literal, ok := k.reader.Value(value).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	if _, isMap := typeOf(k.src.Info, literal).Underlying().(*types.Map); isMap {
		return k.keys(literal, model)
	}
	if k.set.RecordOf(typeOf(k.src.Info, literal)) == nil {
		k.project(typeOf(k.src.Info, literal), model, Writes)
		return nil
	}
	given := map[string]bool{}
	for _, element := range literal.Elts {
		kv, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			if s, ok := k.set.Symbol(k.src.Info.Uses[id]); ok && s.Field != nil {
				given[s.Field.Name] = true
			}
		}
	}
	return given
}

// writes notes the fields of values that are no generated ones.
func (k *collector) writes(c bindings.Call) {
	if !c.Typed && len(c.Args) > 1 {
		k.given(c.Args[1], c.Model)
	}
}

// options notes the texts in options: columns to order by, and defaults in the context.
func (k *collector) options(n *ast.CallExpr, model string) {
	for _, arg := range n.Args {
		if call, ok := ast.Unparen(arg).(*ast.CallExpr); ok {
			if f, ok := typeutil.Callee(k.src.Info, call).(*types.Func); ok && bindings.InRuntime(f) && strings.HasSuffix(f.Name(), "Column") && len(call.Args) == 1 {
				k.constant(call.Args[0], model, Groups)
			}
		}
		if name, _ := bindings.Runtime(typeOf(k.src.Info, arg)); name == "Context" {
			k.context(arg, model)
		}
	}
}

const defaultPrefix = "default_"

// context notes the defaults in a context: default_partner_id.
func (k *collector) context(e ast.Expr, model string) {
	literal, ok := k.reader.Value(e).(*ast.CompositeLit)
	if !ok {
		return
	}
	for _, element := range literal.Elts {
		kv, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := k.reader.Text(kv.Key); ok && strings.HasPrefix(key, defaultPrefix) {
			field := strings.TrimPrefix(key, defaultPrefix)
			k.textAt(kv.Key, key, len(defaultPrefix), field, Use{Model: model, Field: field, How: Writes})
			k.choices(kv.Value, model, field)
		}
	}
}

// methodCall notes the method of a Call, and what its arguments name.
func (k *collector) methodCall(c bindings.Call) {
	if c.Method == "" {
		return
	}
	if !standard[c.Method] {
		k.text(c.Args[0], c.Method, c.Method, Use{Model: c.Model, Method: c.Method, How: Calls})
	}
	for _, arg := range c.Args[1:] {
		literal, ok := k.reader.Value(arg).(*ast.CompositeLit)
		if !ok {
			continue
		}
		if _, isMap := typeOf(k.src.Info, literal).Underlying().(*types.Map); isMap {
			k.arguments(literal, c)
		} else if c.Name == "ExecuteKW" {
			k.positional(k.elements(literal), c)
		}
	}
}

// standard are the methods that every model has: no snapshot lists them.
var standard = map[string]bool{"create": true, "write": true, "unlink": true, "read": true, "search": true, "search_read": true,
	"search_count": true, "read_group": true, "formatted_read_group": true, "copy": true, "default_get": true, "fields_get": true,
	"name_search": true, "name_create": true, "load": true, "export_data": true, "web_read": true, "web_search_read": true, "web_save": true}

// arguments notes the fields that the named arguments of the ORM's own methods name.
func (k *collector) arguments(named *ast.CompositeLit, c bindings.Call) {
	model, sorted := c.Model, Orders
	if strings.HasSuffix(c.Method, "read_group") {
		sorted = Groups // the groups are sorted, by one of their columns
	}
	for _, element := range named.Elts {
		kv, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name, _ := k.reader.Text(kv.Key)
		switch name {
		case "domain", "args":
			k.domain(kv.Value, model)
		case "fields", "allfields", "aggregates":
			k.constants(kv.Value, model, Projection)
		case "groupby":
			k.constants(kv.Value, model, Groups)
			k.constant(kv.Value, model, Groups)
		case "order", "orderby":
			k.order(kv.Value, model, sorted)
		case "vals", "values", "default":
			k.keys(kv.Value, model)
		case "vals_list":
			for _, e := range k.elements(kv.Value) {
				k.keys(e, model)
			}
		case "context":
			k.context(kv.Value, model)
		}
	}
}

// positional notes the fields that the arguments by position of the ORM's own methods name.
func (k *collector) positional(args []ast.Expr, c bindings.Call) {
	at := func(i int) ast.Expr {
		if i < len(args) {
			return args[i]
		}
		return nil
	}
	switch c.Method {
	case "search", "search_count":
		k.domain(at(0), c.Model)
	case "search_read":
		k.domain(at(0), c.Model)
		k.constants(at(1), c.Model, Projection)
	case "read":
		k.constants(at(1), c.Model, Projection)
	case "create":
		if len(args) > 0 {
			k.keys(args[0], c.Model)
		}
	case "write":
		if len(args) > 1 {
			k.keys(args[1], c.Model)
		}
	}
}
