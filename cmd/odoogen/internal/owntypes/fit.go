package owntypes

import (
	"go/types"
	"slices"
)

// unfit says why a type cannot hold the values of fields of a type in Odoo; "" if it can.
func unfit(t types.Type, odoo string) string {
	basic, _ := t.Underlying().(*types.Basic)
	is := func(info types.BasicInfo) bool { return basic != nil && basic.Info()&info != 0 }
	plain := !readsItself(t) && !writesItself(t)
	switch odoo {
	case "integer", "float", "monetary":
		return unfitNumber(t, plain, is(types.IsInteger|types.IsFloat))
	case "boolean":
		if !is(types.IsBoolean) {
			return "its underlying type is not bool"
		}
	case "char", "text", "html", "selection", "date", "datetime":
		return unfitText(t, odoo, plain && is(types.IsString))
	}
	return ""
}

func unfitNumber(t types.Type, plain, basic bool) string {
	switch {
	case plain && basic, isJSONNumber(t):
		return ""
	case !isNumber(t):
		return "it is no number: want a method Float64, which makes its text a JSON number"
	}
	return unfitMethods(t)
}

func unfitText(t types.Type, odoo string, text bool) string {
	switch {
	case isNumber(t):
		return "it is a number: it has a method Float64"
	case text:
		return ""
	case (odoo == "date" || odoo == "datetime") && !has(t, "UnmarshalJSON") && !has(t, "UnmarshalText"):
		return "want a method UnmarshalText or UnmarshalJSON, since Scan would get a text and not a time"
	}
	return unfitMethods(t)
}

func unfitMethods(t types.Type) string {
	switch {
	case !readsItself(t):
		return "want one of the methods UnmarshalJSON, UnmarshalText and Scan"
	case !writesItself(t):
		return "want one of the methods MarshalJSON, MarshalText and Value"
	}
	return ""
}

func isNumber(t types.Type) bool { return has(t, "Float64") || has(t, "InexactFloat64") }

func readsItself(t types.Type) bool {
	return has(t, "UnmarshalJSON") || has(t, "UnmarshalText") || has(t, "Scan")
}

func writesItself(t types.Type) bool {
	return has(t, "MarshalJSON") || has(t, "MarshalText") || has(t, "Value")
}

// isJSONNumber reports whether a type is encoding/json.Number, whose text is its digits.
func isJSONNumber(t types.Type) bool { return t.String() == "encoding/json.Number" }

// forms are the parameters and the first result of methods that the runtime calls. A method of another form is another method.
var forms = map[string]struct {
	params []string
	result string
}{
	"UnmarshalJSON":  {[]string{"[]byte"}, "error"},
	"UnmarshalText":  {[]string{"[]byte"}, "error"},
	"Scan":           {[]string{"any"}, "error"},
	"MarshalJSON":    {nil, "[]byte"},
	"MarshalText":    {nil, "[]byte"},
	"Value":          {nil, "database/sql/driver.Value"},
	"Float64":        {nil, "float64"},
	"InexactFloat64": {nil, "float64"},
}

// has reports whether the pointer to a type has a method of the runtime's form.
func has(t types.Type, method string) bool {
	selection := types.NewMethodSet(types.NewPointer(t)).Lookup(nil, method)
	if selection == nil {
		return false
	}
	s, form := selection.Obj().Type().(*types.Signature), forms[method]
	var params []string
	for p := range s.Params().Variables() {
		params = append(params, typeText(p.Type()))
	}
	return slices.Equal(params, form.params) && s.Results().Len() > 0 && typeText(s.Results().At(0).Type()) == form.result
}

// typeText is the text of a type, the same for uint8 and byte, interface{} and any.
func typeText(t types.Type) string {
	switch {
	case types.Identical(t, types.NewSlice(types.Typ[types.Byte])):
		return "[]byte"
	case types.Identical(t, types.NewInterfaceType(nil, nil)):
		return "any"
	}
	return t.String()
}
