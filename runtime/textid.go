package orm

// A few views of the database have texts for ids: account.root of Odoo 19 has the first digits of account codes.
// Generated code has the types of this file for them, and for the many2ones that lead to them. As those in types.go,
// they have no methods.

// TextID is the id of a record of the model M, where the server sends texts. "" is no record.
type TextID[M any] string

// TextRef is a many2one to a model with a [TextID], as it is read. The zero TextRef is an unset many2one.
type TextRef[M any] struct {
	ID   TextID[M]
	Name string
}

// TextRel is the descriptor of a relation from M to a model T with a [TextID]. Which conditions on it work is up to the
// server: mostly [Eq] and [In].
type TextRel[M, T any] = Field[M, TextID[T]]
