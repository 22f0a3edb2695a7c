package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// client writes the typed client of a model. Each method is one line that calls the runtime's core, which is not generic:
// calling a generic function in each method of each model would increase compile time by half. Functions that gain nothing
// from the types of a client (Group, NameSearch) or cost the most (load.Rows) have no method.
func client(f *jen.File, m *ir.Model) {
	c := clientOf(m)
	f.Commentf("// %s reads and changes records of %s.", m.Client, m.Title)
	f.Type().Id(m.Client).Struct(jen.Id(ir.CoreField).Add(orm("Model")))

	f.Commentf("// %s returns a client for records of %s.", m.NewClient, m.Title)
	f.Func().Id(m.NewClient).Params(jen.Id("c").Op("*").Add(orm("Client"))).Op("*").Id(m.Client).Block(
		jen.Return(jen.Op("&").Id(m.Client).Values(jen.Id("c").Dot("Model").Call(jen.Lit(calledName(m.Odoo, m.Partial))))))

	c.method(f, "Find", "reads the records that match.",
		[]jen.Code{c.where, options("Find")}, named("records", jen.Index().Add(c.record)),
		into("Find", jen.Op("&").Id("records"), c.expr, c.spread))
	c.method(f, "First", "reads the first record that matches. The error is orm.ErrNoRecord if no record matches.",
		[]jen.Code{c.where, options("First")}, named("record", c.record),
		into("First", jen.Op("&").Id("record"), c.expr, c.spread))
	c.method(f, "Get", "reads the record with the id, archived or not. The error is orm.ErrNoRecord if it does not exist.",
		[]jen.Code{jen.Id("id").Add(c.id), options("Read")}, named("record", c.record),
		into(c.get, jen.Op("&").Id("record"), jen.Id(c.plainID).Call(jen.Id("id")), c.spread))
	if !m.TextIDs {
		c.all(f)
		c.method(f, "Read", "reads the records with the ids, archived or not, in the order of the ids. An id without a record is left out.",
			[]jen.Code{c.ids, options("Read")}, named("records", jen.Index().Add(c.record)),
			into("Read", jen.Op("&").Id("records"), jen.Id("ids"), c.spread))
	}
	c.method(f, "Count", "counts the records that match, up to the Limit if there is one.",
		[]jen.Code{c.where, options("Count")}, unnamed(jen.Int()),
		core("Count", c.expr, c.spread))
	c.method(f, "IDs", "returns the ids of the records that match.",
		[]jen.Code{c.where, options("IDs")}, named("ids", jen.Index().Add(c.id)),
		into("Search", jen.Op("&").Id("ids"), c.expr, c.spread))
	if m.Values != "" {
		c.changes(f)
	}
	c.method(f, "Call", "calls any other public method on the records with the ids, or on the model if ids is nil.",
		[]jen.Code{jen.Id("method").String(), c.ids, jen.Id("args").Add(orm("Args")), jen.Id("result").Any(), options("Write")}, unnamedError(),
		core("Call", jen.Id("method"), jen.Id("ids"), jen.Id("args"), jen.Id("result"), c.spread))
}

// changes writes the methods that create, change and delete.
func (c clientParts) changes(f *jen.File) {
	c.create(f)
	c.method(f, "CreateMany", "creates records in one call, all of them or none, and returns their ids.",
		[]jen.Code{jen.Id("v").Index().Add(c.values), options("Batch")}, named("ids", jen.Index().Add(c.id)),
		into("CreateMany", jen.Op("&").Id("ids"), jen.Id("v"), c.spread))
	c.copy(f)
	c.method(f, "Write", "changes the records with the ids, all of them or none.",
		[]jen.Code{c.ids, jen.Id("v").Add(c.values), options("Write")}, unnamedError(),
		core("Write", jen.Id("ids"), jen.Id("v"), c.spread))
	c.method(f, "Unlink", "deletes the records with the ids, all of them or none.",
		[]jen.Code{c.ids, options("Write")}, unnamedError(),
		core("Unlink", jen.Id("ids"), c.spread))
}

// clientParts are the pieces that the methods of a client share.
type clientParts struct {
	name                                         string
	get, plainID                                 string // the core's method that reads one record, and its type for the id
	record, id, where, ids, expr, spread, values jen.Code
}

func clientOf(m *ir.Model) clientParts {
	idType, get, plainID := "ID", "Get", "int64"
	if m.TextIDs {
		idType, get, plainID = "TextID", "GetText", "string"
	}
	id := orm(idType).Types(jen.Id(m.Record))
	return clientParts{
		get: get, plainID: plainID,
		name:   m.Client,
		record: jen.Id(m.Record),
		values: jen.Id(m.Values),
		id:     id,
		where:  jen.Id("where").Add(orm("Domain").Types(jen.Id(m.Record))),
		ids:    jen.Id("ids").Index().Add(id),
		expr:   orm("Expr").Call(jen.Id("where")),
		spread: jen.Id("opts").Op("..."),
	}
}

// options is the last parameter: the options that a method accepts.
func options(verb string) jen.Code { return jen.Id("opts").Op("...").Add(orm(verb + "Option")) }

func named(name string, t jen.Code) []jen.Code {
	return []jen.Code{jen.Id(name).Add(t), jen.Err().Error()}
}

func unnamed(t jen.Code) []jen.Code { return []jen.Code{t, jen.Error()} }

func unnamedError() []jen.Code { return []jen.Code{jen.Error()} }

// core is a body that returns the results of the core's method.
func core(method string, args ...jen.Code) []jen.Code {
	return []jen.Code{jen.Return(coreCall(method, args...))}
}

// into is a body in which the core's method fills the named result.
func into(method string, args ...jen.Code) []jen.Code {
	return []jen.Code{jen.Err().Op("=").Add(coreCall(method, args...)), jen.Return()}
}

func coreCall(method string, args ...jen.Code) *jen.Statement {
	return jen.Id("c").Dot(ir.CoreField).Dot(method).Call(append([]jen.Code{jen.Id("ctx")}, args...)...)
}

func (c clientParts) method(f *jen.File, name, doc string, params, results, body []jen.Code) {
	f.Commentf("// %s %s", name, doc)
	params = append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, params...)
	f.Func().Params(jen.Id("c").Op("*").Id(c.name)).Id(name).Params(params...).Params(results...).Block(body...)
}

// all writes the iterator: the core reads each record into the same variable and calls back.
func (c clientParts) all(f *jen.File) {
	yield := jen.Func().Params(c.record, jen.Error()).Bool()
	next := jen.Func().Params(jen.Err().Error()).Bool().Block(jen.Return(jen.Id("yield").Call(jen.Id("record"), jen.Err())))
	f.Comment("// All reads the records that match, page by page, in the given order or by id.")
	f.Func().Params(jen.Id("c").Op("*").Id(c.name)).Id("All").
		Params(jen.Id("ctx").Qual("context", "Context"), c.where, options("Walk")).
		Qual("iter", "Seq2").Types(c.record, jen.Error()).Block(
		jen.Return(jen.Func().Params(jen.Id("yield").Add(yield)).Block(
			jen.Var().Id("record").Add(c.record),
			jen.Id("c").Dot(ir.CoreField).Dot("Each").Call(jen.Id("ctx"), jen.Op("&").Id("record"), c.expr, next, c.spread),
		)))
}

func (c clientParts) create(f *jen.File) {
	call := coreCall("Create", jen.Id("v"), c.spread)
	c.method(f, "Create", "creates a record and returns its id.",
		[]jen.Code{jen.Id("v").Add(c.values), options("Write")}, unnamed(c.id),
		[]jen.Code{jen.List(jen.Id("id"), jen.Err()).Op(":=").Add(call), jen.Return(jen.Add(c.id).Call(jen.Id("id")), jen.Err())})
}

func (c clientParts) copy(f *jen.File) {
	call := coreCall("Copy", jen.Int64().Call(jen.Id("id")), jen.Id("overrides"), c.spread)
	c.method(f, "Copy", "duplicates a record with overrides of its values, and returns the id of the copy.",
		[]jen.Code{jen.Id("id").Add(c.id), jen.Id("overrides").Add(c.values), options("Write")}, unnamed(c.id),
		[]jen.Code{jen.List(jen.Id("made"), jen.Err()).Op(":=").Add(call), jen.Return(jen.Add(c.id).Call(jen.Id("made")), jen.Err())})
}
