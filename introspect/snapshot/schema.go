// Package snapshot holds the schema snapshot: the models, fields and methods of an Odoo database in a JSON file. Package
// introspect makes snapshots; the generator, the reports and the embedded Odoo read them. It imports nothing of the rest.
package snapshot

import (
	"slices"
	"strings"
)

// Format is the version of the snapshot's format. A reader refuses newer ones.
const Format = 1

// Schema is a snapshot of the models of one database, as one user sees them. Everything in it is sorted, and nothing
// in it changes from one pull to the next unless the database's models do.
type Schema struct {
	Format  int      `json:"format"`
	Server  Server   `json:"server"`
	Reports []Report `json:"reports,omitempty"`  // what the snapshot knows beyond what every snapshot does
	Modules []Module `json:"modules,omitempty"`  // the installed modules; empty if they are not visible to the user
	TextIDs []string `json:"text_ids,omitempty"` // the models whose ids are texts; they need not be among Models
	Models  []Model  `json:"models"`
	Unseen  Unseen   `json:"unseen"`

	Servers []Server `json:"-"` // of a merged schema, those of all snapshots, the oldest first; see Merge
}

// Report is information that servers report, usually an attribute of fields, and that snapshots of older versions of odoogen
// lack. If a snapshot does not list a Report, the information is unknown.
type Report string

// The attributes.
const (
	Searchable Report = "searchable"
	Sortable   Report = "sortable"
	Groupable  Report = "groupable" // reported by newer versions of Odoo only

	// ReportActions means that the reports of models are listed: not an attribute of fields.
	ReportActions Report = "report_actions"
)

// Knows reports whether the fields of the snapshot have the attribute.
func (s *Schema) Knows(r Report) bool { return slices.Contains(s.Reports, r) }

// AllServers are the servers that the schema was taken from: several if it is merged.
func (s *Schema) AllServers() []Server {
	if len(s.Servers) == 0 {
		return []Server{s.Server}
	}
	return s.Servers
}

// SeriesText lists the versions of the servers: "17.0, 18.0".
func (s *Schema) SeriesText() string {
	var series []string
	for _, server := range s.AllServers() {
		if !slices.Contains(series, server.Series) {
			series = append(series, server.Series)
		}
	}
	return strings.Join(series, ", ")
}

// Server is the Odoo that the snapshot was taken from.
type Server struct {
	Series  string `json:"series"`  // 19.0
	Version string `json:"version"` // 19.0-20260101, or as Series
}

// Module is an installed Odoo module.
type Module struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Unseen lists what was requested and is not visible to this user.
type Unseen struct {
	Modules bool          `json:"modules,omitempty"` // the list of installed modules
	Catalog bool          `json:"catalog,omitempty"` // ir.model: labels, modules and kinds of models are unknown
	Fields  bool          `json:"fields,omitempty"`  // ir.model.fields: whether models have Hidden fields is unknown
	Reports bool          `json:"reports,omitempty"` // ir.actions.report: the reports of models are unknown
	Methods string        `json:"methods,omitempty"` // on 19 and later: why methods are known by their buttons only, without signatures
	Models  []UnseenModel `json:"models"`
}

// UnseenModel is a model that is left out, and why.
type UnseenModel struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Failed bool   `json:"failed,omitempty"` // the server failed to give its fields, to any user
}

// Kind says what the records of a model are.
type Kind string

// The kinds of models.
const (
	Stored    Kind = "stored"    // records in a table
	Transient Kind = "transient" // a wizard: records that the server deletes after a while
	View      Kind = "view"      // records that can only be read: the database computes them, or the server alone writes them
	Abstract  Kind = "abstract"  // no records: fields and methods that other models share
)

// Model is a model and the fields that this user sees.
type Model struct {
	Name    string         `json:"name"`              // sale.order
	Label   string         `json:"label,omitempty"`   // Sales Order
	Kind    Kind           `json:"kind,omitempty"`    // Stored if empty
	Custom  bool           `json:"custom,omitempty"`  // made in the user interface or through the API, not by a module
	Modules []string       `json:"modules,omitempty"` // the modules that define or extend it
	Order   string         `json:"order,omitempty"`   // the order of its records where a search gives none; id if empty
	Hidden  []string       `json:"hidden,omitempty"`  // fields that exist and are not visible to this user
	Reports []ReportAction `json:"reports,omitempty"` // what its records can be printed as, sorted by name
	Fields  []Field        `json:"fields"`
	Methods []Method       `json:"methods,omitempty"` // those of business, sorted by name

	In string `json:"-"` // of a merged schema, the snapshots that have the model; "" for all
}

// ReportAction is a report of a model: a record of ir.actions.report.
type ReportAction struct {
	Name  string `json:"name"`            // its report_name: sale.report_saleorder
	Label string `json:"label,omitempty"` // PDF Quote

	In string `json:"-"` // of a merged schema, the snapshots that have the report; "" for all
}

// Field is a field with the attributes of fields_get.
type Field struct {
	Name             string   `json:"name"`
	Type             string   `json:"type"` // Odoo's: char, many2one, ...
	Label            string   `json:"label,omitempty"`
	Required         bool     `json:"required,omitempty"`
	Default          Default  `json:"default,omitempty"` // of a required field: what a create without it does
	Readonly         bool     `json:"readonly,omitempty"`
	Computed         bool     `json:"computed,omitempty"`     // not stored: the server computes it on each read
	Unsearchable     bool     `json:"unsearchable,omitempty"` // no condition can be about it
	Unsortable       bool     `json:"unsortable,omitempty"`   // no order can be by it
	Ungroupable      bool     `json:"ungroupable,omitempty"`
	Relation         string   `json:"relation,omitempty"` // the target model of a relation
	Inverse          string   `json:"inverse,omitempty"`  // the many2one of the target that a one2many stands on
	Currency         string   `json:"currency,omitempty"` // the field that holds the currency of a monetary one
	ModelField       string   `json:"model_field,omitempty"`
	Definition       string   `json:"definition,omitempty"` // where the definition of a properties field lives
	Related          string   `json:"related,omitempty"`
	OnDelete         OnDelete `json:"on_delete,omitempty"` // what becomes of a many2one when its target is deleted
	Table            string   `json:"table,omitempty"`     // the table of a many2many, and the column of the model's own ids in
	Column           string   `json:"column,omitempty"`    // it: the inverse of a many2many has the same table, another column
	NoCopy           bool     `json:"no_copy,omitempty"`   // stored, and left out of the copy of a record
	CompanyDependent bool     `json:"company_dependent,omitempty"`
	Translated       bool     `json:"translated,omitempty"`
	Custom           bool     `json:"custom,omitempty"`
	Size             int      `json:"size,omitempty"`
	Digits           []int    `json:"digits,omitempty"` // precision and scale
	Help             string   `json:"help,omitempty"`
	Selection        []Choice `json:"selection,omitempty"` // in Odoo's order

	// Of a merged schema:
	Older    []string `json:"-"` // the names that other snapshots have for the field, the newest first
	In       string   `json:"-"` // the snapshots that have the field; "" for all of those that have the model
	Conflict string   `json:"-"` // how types differ that have no Go type in common; "" if they do not
}

// AnyName is the name of the field in tags and descriptors: all of its names, and a "?" if servers can lack it.
func (f Field) AnyName() string {
	name := strings.Join(append([]string{f.Name}, f.Older...), "|")
	if f.In != "" {
		name += "?"
	}
	return name
}

// Default says whether the server fills in a required field that a create does not give. Unknown if empty: models are asked
// for it only if they are chosen, and for that of a char never.
type Default string

// Who fills it in.
const (
	HasDefault Default = "yes"
	NoDefault  Default = "no"       // unless code of the model's own create does
	Derived    Default = "computed" // from other fields; whether that gives a value depends on them
)

// OnDelete is what becomes of the records with a many2one when its target is deleted.
type OnDelete string

// What becomes of them. Unknown is the same as set null, and as restrict where the field is required.
const (
	Cascade  OnDelete = "cascade"  // they are deleted too
	Restrict OnDelete = "restrict" // the target can't be deleted
)

// Choice is one value of a selection field.
type Choice struct {
	Value string
	Label string

	In string // of a merged schema, the snapshots that have the choice; "" for all
}

// FieldCount is the number of fields of all models.
func (s *Schema) FieldCount() int {
	n := 0
	for _, m := range s.Models {
		n += len(m.Fields)
	}
	return n
}

// HiddenCount is the number of fields that are not visible to the user.
func (s *Schema) HiddenCount() int {
	n := 0
	for _, m := range s.Models {
		n += len(m.Hidden)
	}
	return n
}

// FieldsAmong are those of the names that are fields of the model with the name.
func (s *Schema) FieldsAmong(model string, names []string) []string {
	i := slices.IndexFunc(s.Models, func(m Model) bool { return m.Name == model })
	if i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !s.Models[i].Has(name) })
}

// Has reports whether the model has the field.
func (m *Model) Has(field string) bool {
	return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == field })
}
