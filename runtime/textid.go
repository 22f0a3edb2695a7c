package orm

// Some SQL views use string IDs: the ids of account.root on Odoo 19 are the first digits of account codes. Generated code
// uses the types of this file for them, and for many2ones that point to them. Like the types in types.go, they have no
// methods.

// TextID is the id of a record of a model M with string ids. "" is no record.
type TextID[M any] string

// TextRef is the value of a many2one to a model with a [TextID] in reads. The zero TextRef is an unset many2one.
type TextRef[M any] struct {
	ID   TextID[M]
	Name string
}

// TextRel is the descriptor of a relation from M to a model T with a [TextID]. Which conditions on it work depends on the
// server: usually [Eq] and [In].
type TextRel[M, T any] = Field[M, TextID[T]]
