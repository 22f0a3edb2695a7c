package orm

import (
	"context"
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Wizard is a record of a transient model, and a client whose calls are made in the context that it was opened in.
//
//	wizard, err := orm.Follow(ctx, c, action, odoo.AccountPaymentRegisterValues{Amount: orm.Set(50.0)})
//	result, err := odoo.NewAccountPaymentRegisterClient(wizard.Client).ActionCreatePayments(ctx, wizard.ID)
type Wizard[M any] struct {
	ID     ID[M]
	Client *Client
}

// Follow opens the wizard that a method answered with: it makes the record in the action's context, from which the
// wizard takes what it is about and its defaults. values are what a user would fill in; their type says which wizard is
// expected, and another one is an error. If the action names a record that exists, that one is taken, and changed if
// there are values.
//
// What a form would fill in while the user types (onchange) is not: give those values.
func Follow[V Values[M], M any](ctx context.Context, c *Client, action Action, values V) (Wizard[M], error) {
	model := modelName[M]()
	if action.Type != ActionWindow || action.ResModel != model {
		return Wizard[M]{}, fmt.Errorf("orm: %s is not the wizard that the action opens: %s", model, action.opens())
	}
	if c == nil {
		return Wizard[M]{}, c.Model(model).err
	}
	w := Wizard[M]{ID: ID[M](action.ResID), Client: c.With(action.Context)}
	given, err := codec.Append(nil, values)
	switch {
	case err != nil:
		return w, fmt.Errorf("orm: %s: %w", model, err)
	case w.ID == 0:
		w.ID, err = Create(ctx, w.Client, values)
	case string(given) != "{}":
		err = Write(ctx, w.Client, On(w.ID), values)
	}
	return w, err
}

// opens tells what an action does.
func (a Action) opens() string {
	switch {
	case a.Type == "":
		return "there is no action"
	case a.ResModel == "":
		return "it is an " + string(a.Type)
	}
	return fmt.Sprintf("it is an %s of %s", a.Type, a.ResModel)
}

// OpenOn opens the wizard of a model on records, as choosing it from the menu of their list or form does: it is made in a
// context with their model and ids.
func OpenOn[V Values[W], W, M any](ctx context.Context, c *Client, ids []ID[M], values V) (Wizard[W], error) {
	if len(ids) == 0 {
		return Wizard[W]{}, fmt.Errorf("orm: a %s is opened on records: there are none", modelName[W]())
	}
	return Follow(ctx, c, Action{
		Type: ActionWindow, ResModel: modelName[W](),
		Context: Context{"active_model": modelName[M](), "active_id": ids[0], "active_ids": ids},
	}, values)
}
