package snapshot

import (
	"cmp"
	"slices"
	"strings"
)

// Signature writes the method as Python declares it, without self: @model name(a: int, *, b=1) -> bool. A default that is not
// known is an ellipsis.
func (m Method) Signature() string {
	prefix, result := "", ""
	if m.OfModel {
		prefix = "@model "
	}
	if m.Returns != "" {
		result = " -> " + m.Returns
	}
	var parts []string
	lastPositional := -1
	for i, p := range m.Params {
		if p.Kind == PositionalOnly {
			lastPositional = i
		}
	}
	for i, p := range m.Params {
		if p.Kind == KeywordOnly && !slices.ContainsFunc(m.Params[:i], func(p Param) bool { return p.Kind == VarPositional || p.Kind == KeywordOnly }) {
			parts = append(parts, "*")
		}
		if parts = append(parts, p.text()); i == lastPositional {
			parts = append(parts, "/")
		}
	}
	return prefix + m.Name + "(" + strings.Join(parts, ", ") + ")" + result
}

func (p Param) text() string {
	text := map[ParamKind]string{VarPositional: "*", VarKeyword: "**"}[p.Kind] + p.Name
	if p.Annotation != "" {
		text += ": " + p.Annotation
	}
	if p.Optional {
		text += "=" + cmp.Or(string(p.Default), "…")
	}
	return text
}

// CalledAs reports whether the method is called as the other one, whose types are those that it gives: a type that one of them
// does not give is no difference.
func (m Method) CalledAs(other Method) bool {
	sameType := func(a, b string) bool { return a == "" || b == "" || a == b }
	return m.OfModel == other.OfModel && sameType(m.Returns, other.Returns) &&
		slices.EqualFunc(m.Params, other.Params, func(a, b Param) bool {
			sameDefault := string(a.Default) == string(b.Default) || len(a.Default) == 0 || len(b.Default) == 0
			return a.Name == b.Name && a.Kind == b.Kind && a.Optional == b.Optional && sameDefault && sameType(a.Annotation, b.Annotation)
		})
}
