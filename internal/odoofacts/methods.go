package odoofacts

import "strings"

// The forms of what Odoo says of a method that a model lacks. It looks the method up before it does anything.
const (
	unknownUntil16 = "type object 'MODEL' has no attribute 'METHOD'"
	unknownIn17    = "The method 'METHOD' does not exist on the model 'MODEL'"
	unknownFrom18  = "The method 'MODEL.METHOD' does not exist"
)

// UnknownMethod is what the version says of a method that a model lacks.
func UnknownMethod(v Version, model, method string) string {
	form := unknownUntil16
	switch {
	case MethodsOnModels.In(v):
		form = unknownIn17
	case v.Major >= 18:
		form = unknownFrom18
	}
	return unknown(form, model, method)
}

// IsUnknownMethod reports whether a text is what any version says of a method that a model lacks. An AttributeError of another
// text comes from a method that ran.
func IsUnknownMethod(text, model, method string) bool {
	for _, form := range []string{unknownUntil16, unknownIn17, unknownFrom18} {
		if text == unknown(form, model, method) {
			return true
		}
	}
	return false
}

func unknown(form, model, method string) string {
	return strings.NewReplacer("MODEL", model, "METHOD", method).Replace(form)
}
