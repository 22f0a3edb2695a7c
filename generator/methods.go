package generator

import (
	"encoding/json"
	"fmt"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The reasons to leave a method of the snapshot out of the package.
const (
	withoutClient = "the model is abstract: its methods come with the models that inherit it"
	clientsOff    = "clients: false leaves out the clients, and their methods"
	withTextIDs   = "the model has string IDs"
	notChosen     = "not among the methods in " + ConfigFile
	withoutName   = "the name has no letter"
)

// methods plans the business methods of a model's client.
func (p *planner) methods(m snapshot.Model, out *ir.Model) {
	if out.Client == "" || out.TextIDs {
		return
	}
	for _, own := range ir.ClientMethods {
		p.names.claim(clientScope(m.Name), own, claim{what: "the method " + own + " of every client"})
	}
	for _, method := range m.Methods {
		out.Methods = append(out.Methods, p.method(m, method, out))
	}
}

func (p *planner) method(m snapshot.Model, method snapshot.Method, model *ir.Model) ir.Method {
	name := p.names.method(m.Name, method.Name)
	out := ir.Method{Odoo: method.Name, Go: name, OfModel: method.OfModel, ReadOnly: method.Readonly, Partial: method.In != "", Returns: returnType(method.Returns)}
	var optional []ir.Field
	used := map[string]bool{}
	for _, param := range method.Params {
		switch {
		case param.Optional && (param.Name == "context" || param.Name == "ids"):
			// JSON-2 reserves these names. The context is an option of the call.
		case param.Kind == snapshot.VarKeyword:
			out.More = true
			p.names.claim(argsScope(m.Name, method.Name), moreField, claim{what: "the field " + moreField + " for additional keyword arguments"})
		case param.Kind == snapshot.VarPositional, param.Kind == snapshot.PositionalOnly && param.Optional:
			// No protocol but the oldest can pass them.
		case param.Optional:
			optional = append(optional, ir.Field{Odoo: param.Name, Record: orm("Opt", paramType(param.Annotation)), Doc: optionDoc(param)})
		default:
			out.ByName = out.ByName || param.Kind == snapshot.KeywordOnly
			out.Required = append(out.Required, ir.Param{Odoo: param.Name, Go: paramName(param.Name, used), Type: paramType(param.Annotation)})
		}
	}
	if len(optional) > 0 || out.More {
		out.With, out.Args = p.names.methodWith(m.Name, method.Name), p.names.args(m.Name, method.Name)
		out.ArgsDoc = []string{fmt.Sprintf("%s holds the optional arguments of %s.%s.", out.Args, model.Client, out.With)}
		for i := range optional {
			optional[i].Go = p.names.argument(m.Name, method.Name, optional[i].Odoo)
		}
	}
	out.Optional = optional
	out.Doc = methodDoc(method, out)
	return out
}

// moreField holds the arguments of **kwargs.
const moreField = "More"

// methodDoc returns the comment of a method: the name of Odoo's method, its documentation in Odoo, and its module.
func methodDoc(m snapshot.Method, out ir.Method) []string {
	what := fmt.Sprintf("%s calls %s", out.Go, clean(m.Name, labelLength))
	if m.Label != "" {
		what += ", the button " + quoted(m.Label)
	}
	if m.In != "" {
		what += ", only on " + clean(m.In, helpLength)
	}
	doc := wrap(what + ".")
	add := func(text string) {
		if text = sentence(sentences(withoutRST(text), helpLength)); text != "" {
			doc = append(append(doc, ""), wrap(opening(text))...)
		}
	}
	for paragraph := range strings.SplitSeq(m.Doc, "\n\n") {
		add(paragraph)
	}
	for _, p := range m.Params {
		if !p.Optional && p.Doc != "" && p.Kind != snapshot.VarKeyword {
			add(fmt.Sprintf("The argument %s is %s", p.Name, p.Doc))
		}
	}
	if m.Returns != "" && out.Returns.Name == result.Name {
		add("Odoo describes the result as " + m.Returns)
	}
	if m.Module != "" {
		add("From the module " + m.Module)
	}
	return doc
}

// sentence adds a full stop to a text. Without it, gofmt could treat the line as a heading.
func sentence(text string) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	if unicode.IsLetter(last) || unicode.IsDigit(last) {
		return text + "."
	}
	return text
}

// optionDoc returns the comment of an optional argument.
func optionDoc(p snapshot.Param) []string {
	text := opening(clean(p.Name, labelLength))
	if p.Annotation != "" {
		text += fmt.Sprintf(" (%s)", clean(p.Annotation, labelLength))
	}
	if len(p.Default) > 0 {
		text += ", by default " + defaultText(p.Default)
	}
	if p.Doc != "" {
		text += ": " + p.Doc
	}
	return wrap(sentence(sentences(withoutRST(text), fieldDocLength)))
}

// defaultText formats a default in Python's syntax.
func defaultText(value json.RawMessage) string {
	if name, ok := map[string]string{"null": "None", "true": "True", "false": "False"}[string(value)]; ok {
		return name
	}
	return clean(string(value), labelLength)
}

var (
	anything = local("any")
	result   = orm("Result")
)

// annotated are the Go types of unambiguous annotations.
var annotated = map[string]ir.Type{
	"bool": local("bool"), "int": local("int"), "float": local("float64"), "str": local("string"),
	"list[int]": slice(local("int64")), "list[str]": slice(local("string")),
}

// described are the Go types of informal descriptions of arguments. If a description is wrong, Odoo refuses the call.
var described = map[string]ir.Type{
	"string": local("string"), "str|Markup": local("string"), "boolean": local("bool"), "integer": local("int"),
	"list(int)": slice(local("int64")), "list(str)": slice(local("string")), "dict": orm("Args"),
}

// paramType is the Go type of an argument.
func paramType(annotation string) ir.Type {
	a := plainAnnotation(annotation)
	if t, ok := annotated[a]; ok {
		return t
	}
	if t, ok := described[a]; ok {
		return t
	}
	return anything
}

// returnType is the Go type for the result of a method. It accepts only unambiguous annotations, because a result of another
// type is noticed only after the method has run.
func returnType(annotation string) ir.Type {
	if t, ok := annotated[plainAnnotation(annotation)]; ok {
		return t
	}
	return result
}

// plainAnnotation removes parts of an annotation that do not change the Go type: spaces, and an optional None.
func plainAnnotation(a string) string {
	a = strings.ReplaceAll(strings.ReplaceAll(a, " ", ""), "typing.", "")
	a = strings.TrimSuffix(strings.TrimPrefix(a, "None|"), "|None")
	if inner, ok := strings.CutPrefix(a, "Optional["); ok {
		a = strings.TrimSuffix(inner, "]")
	}
	if a == "Literal[True]" || a == "Literal[False]" {
		return "bool"
	}
	return a
}

// bodyNames are the names that the bodies of methods use.
var bodyNames = setOf("c", "ctx", "ids", "args", "more", "opts", "orm", "result", "err", "any", "bool", "int", "int64", "float64", "string", "nil",
	"true", "false", "context", "iter", "json", "time", "append", "error", "len")

// paramName returns the Go name of an argument: partner_id becomes partnerID. It is local to the method, so that a number
// resolves the rare conflicts.
func paramName(odoo string, used map[string]bool) string {
	name := goName(odoo)
	first, size := utf8.DecodeRuneInString(name)
	if rest := strings.TrimLeftFunc(name, unicode.IsUpper); rest == "" {
		name = strings.ToLower(name)
	} else {
		name = string(unicode.ToLower(first)) + name[size:]
	}
	if token.IsKeyword(name) || bodyNames[name] {
		name += "Arg"
	}
	for base, n := name, 2; used[name]; n++ {
		name = fmt.Sprintf("%s%d", base, n)
	}
	used[name] = true
	return name
}
