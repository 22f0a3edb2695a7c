// Package ir is the model of a package that the emitters write: it contains every name, type and comment.
package ir

import (
	"path"
	"strings"
)

// RuntimePath is the package that generated code imports as orm.
const RuntimePath = "github.com/odoogen/odoogen/runtime"

// SchemaPath is the package of the type of schemas.
const SchemaPath = RuntimePath + "/schema"

// ReportPath is the package of the type of the names of reports, ReportType.
const (
	ReportPath = RuntimePath + "/report"
	ReportType = "Name"
)

// Package is a generated Go package.
type Package struct {
	Name       string
	Doc        []string // the package comment
	Models     []*Model // those with all their fields, sorted by Odoo's name
	Schema     Schema
	References []*Model // those that others point to: only an id and a display name

	Projections []Projection // structs with a choice of fields
}

// Schema is the constant with the schema that the package expects of the server.
type Schema struct {
	Const string
	Parts []string // the constants of the models that it is made of
}

// Model is a model of Odoo and its Go names.
type Model struct {
	Odoo       string // sale.order
	File       string // sale_order.go
	Title      string // for comments: "Sales Order" (sale.order)
	Record     string // SaleOrder
	Values     string // SaleOrderValues; "" if nothing can be written
	Fields     string // SaleOrderF
	Client     string // SaleOrderClient; "" for none
	NewClient  string // NewSaleOrderClient
	TextIDs    bool   // the ids are texts
	Partial    bool   // only some of the servers of the package have it
	Schema     string // the constant with its part of the package's schema: schemaSaleOrder
	SchemaText string
	Doc        []string
	Columns    []Field
	Selections []Selection
	Reports    []Choice // the constants of the names of reports
	Methods    []Method
}

// Field is a field of a model.
type Field struct {
	Odoo       string // partner_id
	Go         string // PartnerID
	OnDemand   bool   // only read on request
	Record     Type   // of the record: orm.Ref[ResPartner]
	Values     Type   // of the values: orm.Opt[orm.ID[ResPartner]]; the zero Type if it can't be written
	Descriptor Type   // orm.Rel[SaleOrder, ResPartner]
	Doc        []string
}

// ClientMethods are the methods that every client has.
var ClientMethods = []string{"Find", "First", "Get", "All", "Read", "Count", "IDs",
	"Create", "CreateMany", "Copy", "Write", "Unlink", "Call"}

// Method is a business method on a client.
type Method struct {
	Odoo     string // action_confirm
	Go       string // ActionConfirm: takes the required arguments
	With     string // ActionConfirmWith: takes the optional arguments too; "" if there are none
	Doc      []string
	OfModel  bool    // called on the model, not on records
	ReadOnly bool    // changes nothing
	Partial  bool    // only some of the servers of the package have it
	Required []Param // in the method's order
	ByName   bool    // one of them must be passed by name
	Args     string  // the type of the optional arguments, SaleOrderMessagePostArgs; "" if there are none
	ArgsDoc  []string
	Optional []Field // names and, in Record, types of the optional arguments
	More     bool    // takes additional keyword arguments
	Returns  Type
}

// Param is an argument of a method.
type Param struct {
	Odoo string // partner_id
	Go   string // partnerID
	Type Type
}

// Projection is a struct with selected fields of a model, or of the target of a relation in such a struct.
type Projection struct {
	Type    string // OrderOverview, OrderOverviewPartnerID
	Doc     []string
	Columns []ProjectedColumn
}

// ProjectedColumn is a field of a projection.
type ProjectedColumn struct {
	Odoo    string // order_line
	Go      string // OrderLine
	Options string // of the tag: ",limit=100"
	Type    Type
	Doc     []string
}

// Selection is the Go type of a selection field.
type Selection struct {
	Field   string // state, the field in Odoo
	Type    string // SaleOrderState
	Choices []Choice
}

// Choice is a value of a selection, or the name of a report.
type Choice struct {
	Const   string // SaleOrderStateDraft
	Value   string // draft
	Partial bool   // only some of the servers of the package have it
	Doc     []string
}

// Type is a Go type: a name, of this package if Path is empty, with type arguments, in a slice or not.
type Type struct {
	Path  string
	Name  string
	Args  []Type
	Slice bool
}

// IsZero reports whether there is no type.
func (t Type) IsZero() bool { return t.Name == "" }

// String is the type as code in the package writes it: []orm.ID[ResPartner].
func (t Type) String() string {
	if t.IsZero() {
		return ""
	}
	name := t.Name
	switch {
	case t.Path == RuntimePath:
		name = "orm." + name
	case t.Path != "":
		name = path.Base(t.Path) + "." + name
	}
	if t.Slice {
		name = "[]" + name
	}
	var args []string
	for _, a := range t.Args {
		args = append(args, a.String())
	}
	if len(args) > 0 {
		name += "[" + strings.Join(args, ", ") + "]"
	}
	return name
}
