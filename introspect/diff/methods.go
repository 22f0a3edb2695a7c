package diff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file compares the business methods of a model.

func methodName(m snapshot.Method) string { return m.Name }

// documented reports whether all methods of a model are known: those of which Odoo has no documentation are found by their
// buttons only.
func documented(m snapshot.Model) bool {
	return slices.ContainsFunc(m.Methods, func(m snapshot.Method) bool { return m.Source == snapshot.SourceDoc })
}

func (c *comparison) compareMethods(p modelPair) {
	note := func(action Action, names Names, label string, class Class, reason string) *Change {
		c.add(Change{Subject: Method, Action: action, Model: p.names, Method: names, Label: label, Class: class, Reason: reason})
		return &c.report.Changes[len(c.report.Changes)-1]
	}
	old, new := byName(p.old.Methods, methodName), byName(p.new.Methods, methodName)
	for _, m := range p.old.Methods {
		n, ok := new[m.Name]
		switch {
		case ok:
			compareSignatures(m, n, note)
		case documented(p.new):
			note(Removed, Names{Old: m.Name}, m.Label, Class{Writers: true}, "The method is gone: calls of it fail.")
		default:
			note(Hidden, Names{m.Name, m.Name}, m.Label, Class{Writers: true}, "No button calls it any more: it is gone, or others call it still.")
		}
	}
	for _, m := range p.new.Methods {
		if _, ok := old[m.Name]; ok {
			continue
		}
		if documented(p.old) {
			note(Added, Names{New: m.Name}, m.Label, Class{}, "Nothing called it before.")
		} else {
			note(Revealed, Names{m.Name, m.Name}, m.Label, Class{}, "It is in the new snapshot only, but may have been there before: the old one knows those with a button.")
		}
	}
}

// compareSignatures compares how a method is called. A method known by its button has no signature.
func compareSignatures(old, new snapshot.Method, note func(Action, Names, string, Class, string) *Change) {
	names := Names{old.Name, new.Name}
	if old.Label != new.Label && old.Label != "" && new.Label != "" {
		c := note(Changed, names, new.Label, Class{}, "Programs do not read labels.")
		c.Property, c.Was, c.Is = Label, old.Label, new.Label
	}
	if old.Source == snapshot.SourceButton || new.Source == snapshot.SourceButton {
		return
	}
	if new.Shadows != "" && new.Shadows != old.Shadows {
		c := note(Changed, names, new.Label, Class{Writers: true}, "The settings of odoogen have another signature than the server: calls may fail.")
		c.Property, c.Was, c.Is = Parameters, new.Signature(), new.Shadows
	}
	was, is := signature(old), signature(new)
	if was == is {
		return
	}
	class, reason := parameterChange(old, new)
	c := note(Changed, names, new.Label, class, reason)
	c.Property, c.Was, c.Is = Parameters, was, is
}

// parameterChange says whether a call of the old signature fits the new one.
func parameterChange(old, new snapshot.Method) (Class, string) {
	breaks := Class{Writers: true}
	if old.OfModel != new.OfModel {
		if new.OfModel {
			return breaks, "It is called on the model now, not on records."
		}
		return breaks, "It is called on records now, not on the model."
	}
	anything := slices.ContainsFunc(new.Params, func(p snapshot.Param) bool { return p.Kind == snapshot.VarKeyword })
	theirs := byName(new.Params, paramName)
	for _, p := range old.Params {
		n, ok := theirs[p.Name]
		switch {
		case !ok && !anything && p.Kind != snapshot.VarKeyword && p.Kind != snapshot.VarPositional:
			return breaks, fmt.Sprintf("The parameter %s is gone.", p.Name)
		case ok && p.Optional && !n.Optional && n.Kind != snapshot.VarKeyword && n.Kind != snapshot.VarPositional:
			return breaks, fmt.Sprintf("The parameter %s must be given now.", p.Name)
		}
	}
	before := byName(old.Params, paramName)
	for _, p := range new.Params {
		if _, ok := before[p.Name]; !ok && !p.Optional && p.Kind != snapshot.VarKeyword && p.Kind != snapshot.VarPositional {
			return breaks, fmt.Sprintf("The new parameter %s must be given.", p.Name)
		}
	}
	if !slices.Equal(positional(old), positional(new)[:min(len(positional(old)), len(positional(new)))]) {
		return breaks, "Arguments by position reach other parameters."
	}
	if name, ok := leavesGoSignature(old, theirs); ok {
		return breaks, fmt.Sprintf("The parameter %s need not be given any more. Calls of the old form fit, but the method that odoogen generate writes "+
			"has no argument of this name: Go code that gives it does not compile.", name)
	}
	return Class{}, "Calls of the old form fit the new one."
}

// leavesGoSignature is a parameter that the generated method takes for the old signature and not for the new one: a required
// argument that became optional, or one that became a part of the additional keyword arguments.
func leavesGoSignature(old snapshot.Method, new map[string]snapshot.Param) (name string, ok bool) {
	for _, p := range old.Params {
		n, there := new[p.Name]
		isVariadic := p.Kind == snapshot.VarKeyword || p.Kind == snapshot.VarPositional
		if !isVariadic && (!there || n.Optional && !p.Optional) {
			return p.Name, true
		}
	}
	return "", false
}

func paramName(p snapshot.Param) string { return p.Name }

// positional are the names of the parameters that are given by position.
func positional(m snapshot.Method) []string {
	var out []string
	for _, p := range m.Params {
		if p.Kind == snapshot.PositionalOnly || p.Kind == snapshot.PositionalOrKeyword {
			out = append(out, p.Name)
		}
	}
	return out
}

// signature writes the parameters of a method as Python does.
func signature(m snapshot.Method) string {
	var parts []string
	if m.OfModel {
		parts = append(parts, "@model")
	}
	for _, p := range m.Params {
		part := map[snapshot.ParamKind]string{snapshot.VarPositional: "*", snapshot.VarKeyword: "**"}[p.Kind] + p.Name
		if p.Optional {
			part += "=" + cmp.Or(string(p.Default), "…")
		}
		if p.Kind == snapshot.KeywordOnly && !slices.Contains(parts, "*") {
			parts = append(parts, "*")
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
