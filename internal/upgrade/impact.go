package upgrade

import (
	"fmt"
	"go/ast"
	"go/parser"
	"maps"
	"slices"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/usage"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Impact is what the changes between two snapshots do to some code.
type Impact struct {
	Uses     int       // of anything of Odoo in the code
	Findings []Finding // in the order of the changes
	Unused   int       // changes that are not safe and that no line of the code notices
	// Other lists the other compile errors with the new bindings: most follow from a use in another line.
	Other []Problem
}

// Finding is a change and the uses that it breaks or gives another meaning.
type Finding struct {
	Change diff.Change
	Uses   []Affected
}

// Affected is a use that a change breaks or gives another meaning.
type Affected struct {
	Use     usage.Use
	Error   string // what the compiler says of its line with the new bindings
	Instead string // what to write in place of the use's Code, if that is certain
	Fixable bool   // whether Fix does that
}

// uses finds every use in the code, in its order. The snapshot is the one that the bindings were generated from.
func (c *Code) uses(s *snapshot.Schema) []usage.Use {
	var own []usage.Source
	for _, src := range c.sources {
		if !c.generated[src] {
			own = append(own, usage.Source{Files: src.files, Types: src.types, Info: src.info})
		}
	}
	return usage.Find(c.fset, c.set(), relationsOf(s), own...)
}

// relationsOf are the targets of relations by "model/field".
func relationsOf(s *snapshot.Schema) map[string]string {
	relations := map[string]string{}
	for _, m := range s.Models {
		for _, f := range m.Fields {
			for _, name := range append([]string{f.Name, f.AnyName()}, f.Older...) {
				if f.Relation != "" {
					relations[m.Name+"/"+name] = f.Relation
				}
			}
		}
	}
	return relations
}

// Sides are the snapshots before and after a change. The bindings of several servers are generated from merged snapshots.
type Sides struct {
	Before, After *snapshot.Schema // what the bindings are generated from
	Server        *snapshot.Schema // After of the server that changed; the same as After for bindings of one server
}

// Assess finds what the changes from one snapshot to another do to the code. The configuration is the one that its
// bindings were generated with.
func (c *Code) Assess(r *diff.Report, sides Sides, config generator.Config) (*Impact, error) {
	uses := c.uses(sides.Before)
	fit := NewConfig(config, r, sides.After)
	problems, err := c.recheck(sides.After, fit, config)
	if err != nil {
		return nil, err
	}
	plan, err := generator.Plan(sides.After, fit)
	if err != nil {
		return nil, err
	}
	renames := newRenames(r, plan)
	impact := &Impact{Uses: len(uses)}
	for _, change := range r.Changes {
		if change.Class.Safe() {
			continue
		}
		f := Finding{Change: change}
		for _, u := range uses {
			if touches(change, u) && !sides.serve(change, u) {
				a := Affected{Use: u}
				a.Instead, a.Fixable = renames.instead(u)
				a.Fixable = a.Fixable && sides.Server == sides.After // other servers have the old name
				f.Uses = append(f.Uses, a)
			}
		}
		if f.Uses == nil {
			impact.Unused++
			continue
		}
		impact.Findings = append(impact.Findings, f)
	}
	impact.blame(problems)
	return impact, nil
}

// serve reports whether the bindings serve the server after the change: they know the name that the field has now.
func (s Sides) serve(c diff.Change, u usage.Use) bool {
	names, _ := u.FieldNames()
	return c.Subject == diff.Field && c.Action != diff.Changed && c.Action != diff.Added && len(names) > 1 &&
		len(s.Server.FieldsAmong(c.Model.New, names)) > 0
}

// blame puts what the compiler says to the uses that it says it of: to those at the very place or else, if no use stands
// there, to those in the line of which it says nothing else.
func (i *Impact) blame(problems []Problem) {
	var rest []Problem
	for _, p := range problems {
		if !i.note(p, func(u usage.Use) bool { return u.Pos.Filename == p.Pos.Filename && u.Pos.Offset == p.Pos.Offset }) {
			rest = append(rest, p)
		}
	}
	for _, p := range rest {
		if !i.note(p, func(u usage.Use) bool { return u.Pos.Filename == p.Pos.Filename && u.Pos.Line == p.Pos.Line }) {
			i.Other = append(i.Other, p)
		}
	}
}

func (i *Impact) note(p Problem, of func(usage.Use) bool) (noted bool) {
	for _, f := range i.Findings {
		for n := range f.Uses {
			if a := &f.Uses[n]; of(a.Use) {
				noted = true
				if a.Error == "" {
					a.Error = p.Text
				}
			}
		}
	}
	return noted
}

// recheck gives what does not compile when the bindings are those of another snapshot.
func (c *Code) recheck(s *snapshot.Schema, fit, config generator.Config) ([]Problem, error) {
	replaced := map[string][]*ast.File{}
	for path, folder := range c.bindingsOf(config) {
		config := fit
		config.Package = c.packageName(path)
		result, err := generator.Generate(s, config)
		if err != nil {
			return nil, fmt.Errorf("the bindings of the new snapshot: %w", err)
		}
		for _, name := range slices.Sorted(maps.Keys(result.Files)) {
			f, err := parser.ParseFile(c.fset, folder+"/"+name, result.Files[name], parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			replaced[path] = append(replaced[path], f)
		}
	}
	return c.check(replaced), nil
}

// bindingsOf are the folders of the generated packages that the configuration is about: the one that it names or, if the
// code uses none of that folder, all.
func (c *Code) bindingsOf(config generator.Config) map[string]string {
	all := c.Generated()
	for path, folder := range all {
		if sameFolder(folder, config.Out) {
			return map[string]string{path: folder}
		}
	}
	return all
}

func (c *Code) packageName(path string) string {
	for s := range c.generated {
		if s.PkgPath == path {
			return s.Name
		}
	}
	return ""
}

// touches reports whether a change breaks a use, or gives it another meaning.
func touches(c diff.Change, u usage.Use) bool {
	if u.Model != c.Model.Old {
		return c.Subject == diff.Field && c.Action == diff.Added && c.Model.Any() == u.Model && missing(c.Field.New, u) && c.Class.Writers
	}
	switch c.Subject {
	case diff.Model:
		return touchesModel(c, u)
	case diff.Method:
		return u.Method != "" && u.Method == c.Method.Old
	case diff.Print:
		return u.Report != "" && u.Report == c.Report.Old
	case diff.Choice:
		if c.Action == diff.Added {
			return u.IsField(c.Field.Old) && u.How == usage.Switches
		}
		return u.IsField(c.Field.Old) && u.HasChoice && u.Choice == c.Choice.Old
	case diff.Field:
		return touchesField(c, u)
	}
	return false
}

func touchesModel(c diff.Change, u usage.Use) bool {
	switch c.Action {
	case diff.Renamed:
		return u.How == usage.Names || u.How == usage.Creates
	case diff.Changed:
		if c.Property == diff.Order {
			return u.How == usage.Lists
		}
		return c.Class.Readers || u.How == usage.Creates || u.How == usage.Writes || u.How == usage.Names
	}
	return true
}

// missing reports whether records are made without a field.
func missing(field string, u usage.Use) bool { return u.How == usage.Creates && !u.Gives(field) }

func touchesField(c diff.Change, u usage.Use) bool {
	switch {
	case c.Action == diff.Added:
		return c.Class.Writers && missing(c.Field.New, u)
	case c.Action == diff.Changed && (c.Property == diff.Required || c.Property == diff.Default) && c.Class.Writers:
		return missing(c.Field.Old, u)
	case c.Property == diff.Required && c.Is == "yes": // and the server has a default
		return u.IsField(c.Field.Old) && u.How == usage.Writes
	case c.Property == diff.NoCopy:
		return u.How == usage.Copies
	case !u.IsField(c.Field.Old):
		return false
	case c.Action != diff.Changed:
		return true
	}
	if c.Property == diff.Computed && u.Field == "display_name" && u.How == usage.Reads {
		return false // it is always read
	}
	relevant, ok := relevance[c.Property]
	return !ok || slices.Contains(relevant, u.How)
}

// relevance says which uses a change of a property matters to; all, of a property that is not listed.
var relevance = map[diff.Property][]usage.How{
	diff.Readonly:   {usage.Writes},
	diff.Computed:   {usage.Reads, usage.Writes, usage.Condition, usage.Orders, usage.Groups},
	diff.Size:       {usage.Writes},
	diff.Order:      {usage.Orders},
	diff.Searchable: {usage.Condition},
	diff.Sortable:   {usage.Orders},
	diff.OnDelete:   {},                                                                           // it is deletions of the target that do something else
	diff.Required:   {usage.Reads, usage.Projection, usage.Condition, usage.Orders, usage.Groups}, // it may be empty now
}
