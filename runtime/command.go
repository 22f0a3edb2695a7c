package orm

import (
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Command changes a one2many or many2many of records of the model M in a create or a write. Odoo runs the
// commands of a field in order. The names beside them are those of Odoo's own Command class.
type Command[M any] struct {
	Code   int // Odoo's code, from 0 to 6: see the functions that make commands
	IDs    []ID[M]
	Values any // the child's generated Values, of [New] and [Update]
}

// Commands is the value of an x2many field in a generated Values struct.
func Commands[M any](commands ...Command[M]) []Command[M] { return commands }

// New creates a target and links it (0, Odoo's create).
func New[V Values[M], M any](v V) Command[M] { return Command[M]{Code: codec.CommandCreate, Values: v} }

// Update changes a linked target (1, Odoo's update).
func Update[V Values[M], M any](id ID[M], v V) Command[M] {
	return Command[M]{Code: codec.CommandUpdate, IDs: []ID[M]{id}, Values: v}
}

// Delete unlinks targets and deletes them from the database (2, Odoo's delete).
func Delete[M any](ids ...ID[M]) Command[M] { return Command[M]{Code: codec.CommandDelete, IDs: ids} }

// Remove unlinks targets without deleting them (3, Odoo's unlink). If the inverse of a one2many is required or cascades,
// Odoo still deletes them.
func Remove[M any](ids ...ID[M]) Command[M] { return Command[M]{Code: codec.CommandUnlink, IDs: ids} }

// Link adds existing targets (4, Odoo's link).
func Link[M any](ids ...ID[M]) Command[M] { return Command[M]{Code: codec.CommandLink, IDs: ids} }

// RemoveAll unlinks every target (5, Odoo's clear).
func RemoveAll[M any]() Command[M] { return Command[M]{Code: codec.CommandClear} }

// Replace links exactly the given targets, and unlinks all others (6, Odoo's set).
func Replace[M any](ids ...ID[M]) Command[M] { return Command[M]{Code: codec.CommandSet, IDs: ids} }
