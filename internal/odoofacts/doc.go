// Package odoofacts is the one home of facts about Odoo that the project decides by: versions and what each of them does
// (behaviours.go), the fields that every model has and how field types relate (fields.go).
//
// It imports nothing of the project, and everything may import it.
package odoofacts
