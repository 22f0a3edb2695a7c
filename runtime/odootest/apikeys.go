package odootest

import (
	"crypto/rand"
	"encoding/hex"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The API keys that users make, each after a check of the password. A check is for one call, where a real Odoo asks no more for ten
// minutes. The keys of the option [Key] are not listed.

const (
	keyModel         = "res.users.apikeys"
	keyWish          = "res.users.apikeys.description"
	keyShown         = "res.users.apikeys.show"
	identityCheck    = "res.users.identitycheck"
	fieldChecked     = "request" // of a check: the method to run and its record
	fieldExpiration  = "expiration_date"
	bytesOfAPIKey    = 20
	messageWrongWord = "Incorrect Password, try again or click on Forgot Password to reset your password."
)

// keyModels are the models of keys for snapshots that lack them.
func keyModels(d dialect) []snapshot.Model {
	expiration := snapshot.Field{Name: fieldExpiration, Type: "datetime", Label: "Expiration Date"}
	name := snapshot.Field{Name: "name", Type: "char", Label: "Description", Required: true}
	models := []snapshot.Model{
		{Name: identityCheck, Label: "Password Check Wizard", Fields: []snapshot.Field{displayNameField, idField, {Name: "password", Type: "char", Label: "Password"}}},
		{Name: keyModel, Label: "Users API Keys", Fields: []snapshot.Field{
			{Name: "create_date", Type: "datetime", Label: "Creation Date", Readonly: true}, displayNameField, idField, name,
			{Name: "scope", Type: "char", Label: "Scope", Readonly: true},
			{Name: "user_id", Type: "many2one", Label: "User", Readonly: true, Relation: "res.users"},
		}},
		{Name: keyWish, Label: "API Key Description", Fields: []snapshot.Field{displayNameField, idField, name}},
	}
	if d.does(odoofacts.KeysExpire) {
		models[1].Fields = append(models[1].Fields, expiration)
		models[2].Fields = append(models[2].Fields, expiration, snapshot.Field{Name: "duration", Type: "char", Label: "Duration", Required: true})
	}
	return models
}

// keyMethods are those of keys.
var keyMethods = map[scriptKey]method{
	{keyWish, "make_key"}:        {true, nil, afterCheck("make_key")},
	{keyModel, "remove"}:         {true, nil, afterCheck("remove")},
	{identityCheck, "run_check"}: {true, nil, (*tx).runCheck},
}

// checkedCall is a call that waits for a check.
type checkedCall struct {
	method string
	m      *model
	id     int64
}

// afterCheck responds with the window that asks for the password.
func afterCheck(name string) func(*tx, *model, arguments) (any, error) {
	return func(t *tx, m *model, a arguments) (any, error) {
		records, err := t.need(m, a.ids)
		if err != nil {
			return nil, err
		}
		if len(records) != 1 {
			return nil, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
		}
		check := t.add(t.models[identityCheck])
		t.set(check, fieldChecked, checkedCall{name, m, records[0].id})
		return map[string]any{"type": "ir.actions.act_window", "res_model": identityCheck, "res_id": check.id, "target": "new"}, nil
	}
}

// runCheck checks the password, and runs the call that waits for it.
func (t *tx) runCheck(m *model, a arguments) (any, error) {
	records, err := t.need(m, a.ids)
	if err != nil {
		return nil, err
	}
	if len(records) != 1 {
		return nil, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
	}
	given := records[0].values["password"]
	if t.does(odoofacts.PasswordInContext) {
		given = t.context["password"]
	}
	switch {
	case given == t.user.password:
	case t.modern():
		return nil, fail(classUser, messageWrongWord)
	default:
		return nil, errAccessDenied
	}
	waiting, ok := records[0].values[fieldChecked].(checkedCall)
	if !ok {
		return nil, fail(classAssertion, "")
	}
	t.set(records[0], "password", nil)
	if waiting.method == "remove" {
		return t.removeKey(waiting)
	}
	return t.makeKey(waiting)
}

func (t *tx) makeKey(c checkedCall) (any, error) {
	wish := t.get(c.m, c.id)
	if wish == nil {
		return nil, missing(c.m, t.uid, c.id)
	}
	random := make([]byte, bytesOfAPIKey)
	_, _ = rand.Read(random)
	key := hex.EncodeToString(random)
	m := t.models[keyModel]
	r := t.add(m)
	t.stamp(m, r, "create_date", "create_uid")
	for field, v := range map[string]any{"name": wish.values["name"], "user_id": t.uid, fieldExpiration: wish.values[fieldExpiration]} {
		if m.has(field) {
			t.set(r, field, v)
		}
	}
	t.remove(c.m, wish)
	t.user.made.Store(key, r.id)
	return map[string]any{"type": "ir.actions.act_window", "res_model": keyShown, "target": "new", "context": map[string]any{"default_key": key}}, nil
}

func (t *tx) removeKey(c checkedCall) (any, error) {
	r := t.get(c.m, c.id)
	if r == nil {
		return nil, missing(c.m, t.uid, c.id)
	}
	if r.values["user_id"] != t.uid {
		return nil, refused(c.m, "unlink")
	}
	t.remove(c.m, r)
	t.user.made.Range(func(key, id any) bool {
		if id == c.id {
			t.user.made.Delete(key)
		}
		return true
	})
	return map[string]any{"type": "ir.actions.act_window_close"}, nil
}

// hasKey reports whether a key is one of the user's.
func (u *user) hasKey(key string) bool {
	_, made := u.made.Load(key)
	return made || slices.Contains(u.keys, key)
}
