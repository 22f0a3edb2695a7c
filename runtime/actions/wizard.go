package actions

import (
	"cmp"
	"context"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Wizard is a record of a transient model, and a client whose calls are made in the context that it was opened in.
//
//	wizard, err := actions.Follow(ctx, c, action, odoo.AccountPaymentRegisterValues{Amount: orm.Set(50.0)})
//	result, err := odoo.NewAccountPaymentRegisterClient(wizard.Client).ActionCreatePayments(ctx, wizard.ID)
type Wizard[M any] struct {
	ID     orm.ID[M]
	Client *orm.Client
}

// Follow opens the wizard that a method answered with: it makes the record in the action's context, from which the
// wizard takes what it is about and its defaults. values are what a user would fill in; their type says which wizard is
// expected, and another one is an error. If the action names a record that exists, that one is taken, and changed if
// there are values.
//
// What a form would fill in while the user types (onchange) is not: give those values.
func Follow[V orm.Values[M], M any](ctx context.Context, c *orm.Client, action Action, values V) (Wizard[M], error) {
	model, err := records.ModelOf[M](c)
	switch {
	case err != nil:
		return Wizard[M]{}, fmt.Errorf("actions: %w", err)
	case action.Type != Window || action.ResModel != model.Name():
		return Wizard[M]{}, fmt.Errorf("actions: %s is not the wizard that the action opens: %s", model.Name(), action.opens())
	}
	w := Wizard[M]{ID: orm.ID[M](action.ResID), Client: c.With(action.Context)}
	given, err := codec.Append(nil, values)
	switch {
	case err != nil:
		return w, fmt.Errorf("actions: %s: %w", model.Name(), err)
	case w.ID == 0:
		w.ID, err = orm.Create(ctx, w.Client, values)
	case string(given) != "{}":
		err = orm.Write(ctx, w.Client, orm.On(w.ID), values)
	}
	return w, err
}

// opens says what an action does.
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
func OpenOn[V orm.Values[W], W, M any](ctx context.Context, c *orm.Client, ids []orm.ID[M], values V) (Wizard[W], error) {
	wizard, wizardErr := records.ModelOf[W](c)
	model, err := records.ModelOf[M](c)
	switch err = cmp.Or(err, wizardErr); {
	case err != nil:
		return Wizard[W]{}, fmt.Errorf("actions: %w", err)
	case len(ids) == 0:
		return Wizard[W]{}, fmt.Errorf("actions: a %s is opened on records: there are none", wizard.Name())
	}
	return Follow(ctx, c, Action{
		Type: Window, ResModel: wizard.Name(),
		Context: orm.Context{"active_model": model.Name(), "active_id": ids[0], "active_ids": ids},
	}, values)
}
