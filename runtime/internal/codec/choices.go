package codec

import "reflect"

// partialChoice is the type of a selection in a package for several servers. OdooPartial reports whether only some of the
// servers have the choice.
type partialChoice interface{ OdooPartial() bool }

var typePartialChoice = reflect.TypeFor[partialChoice]()

// mayBePartial reports whether values of the type, or of its elements, may be choices that only some servers have.
func mayBePartial(t reflect.Type) bool {
	t = Plain(t)
	if t.Kind() == reflect.Slice {
		t = Plain(t.Elem())
	}
	return t.Kind() == reflect.String && t.Implements(typePartialChoice)
}

// PartialChoices are the choices that only some servers have among a value: itself, or its elements.
func PartialChoices(v reflect.Value) (choices []string) {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	switch {
	case !v.IsValid() || !mayBePartial(v.Type()):
	case Is(v.Type(), "Opt"):
		if uint8(v.Field(optState).Uint()) == present {
			return PartialChoices(v.Field(optValue))
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			choices = append(choices, PartialChoices(v.Index(i))...)
		}
	case v.Interface().(partialChoice).OdooPartial():
		return []string{v.String()}
	}
	return choices
}

// Choosing are the fields whose values may be choices that only some servers have.
func (p *Plan) Choosing() []*Field {
	p.membersToWrite()
	return p.choosing
}
