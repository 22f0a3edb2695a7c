// Package apikey makes, lists and removes API keys of the user of a client, as the preferences of Odoo's own pages do.
//
//	key, err := apikey.New(ctx, c, password, "nightly export", time.Now().AddDate(0, 3, 0))
//
// Odoo checks the password first, and needs a web session: dial with [orm.Password] and [orm.Using] of [orm.WebSession]. A client
// with an API key can only [List] keys.
package apikey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
)

const (
	model       = "res.users.apikeys"
	description = "res.users.apikeys.description"
	check       = "res.users.identitycheck"
	shown       = "res.users.apikeys.show"
)

// Key describes an API key. Odoo keeps a hash of the key itself.
type Key struct {
	ID      int64     `odoo:"id"`
	Name    string    `odoo:"name"`
	Scope   string    `odoo:"scope"` // "" or "rpc": every call
	Created time.Time `odoo:"create_date"`
	Expires time.Time // zero if never, as on 14 to 17
}

// New makes an API key for the user of the client, who must know the password, and gives it. Nobody can read the key later. A
// wrong password is [orm.ErrAccessDenied].
//
// From Odoo 18 on keys expire, and a zero time makes one that does not, which only administrators can; Odoo limits the time of
// other users, see [orm.ErrValidation]. Before 18 keys do not expire, and a time is an error.
func New(ctx context.Context, c *orm.Client, password, name string, expires time.Time) (string, error) {
	values := orm.Args{"name": name}
	switch {
	case c.Protocol() != orm.WebSession:
		return "", errNoSession
	case odoofacts.KeysExpire.InSeries(c.Version().Series):
		values["duration"] = "0"
		if !expires.IsZero() {
			values["duration"], values["expiration_date"] = "-1", expires.UTC()
		}
	case !expires.IsZero():
		return "", fmt.Errorf("apikey: keys of Odoo %s do not expire", c.Version().Series)
	}
	id, err := c.Model(description).Create(ctx, values)
	if err != nil {
		return "", err
	}
	done, err := checked(ctx, c, password, description, "make_key", id)
	if err != nil {
		return "", err
	}
	if done.Model != shown || done.Context.Key == "" {
		return "", fmt.Errorf("apikey: make_key responded with a window of %q, without the key", done.Model)
	}
	return done.Context.Key, nil
}

// List reads the keys of the user, the oldest first.
func List(ctx context.Context, c *orm.Client) ([]Key, error) {
	mine := orm.Expr(orm.Where[any]("user_id", "=", c.UID()))
	if !odoofacts.KeysExpire.InSeries(c.Version().Series) {
		var keys []Key
		return keys, c.Model(model).Find(ctx, &keys, mine)
	}
	var found []struct {
		ID      int64     `odoo:"id"`
		Name    string    `odoo:"name"`
		Scope   string    `odoo:"scope"`
		Created time.Time `odoo:"create_date"`
		Expires time.Time `odoo:"expiration_date"`
	}
	err := c.Model(model).Find(ctx, &found, mine)
	keys := make([]Key, len(found))
	for i, k := range found {
		keys[i] = Key(k)
	}
	return keys, err
}

// Remove removes a key of the user, who must know the password. A key that does not exist is [orm.ErrNoRecord]. Until the server's
// caches are cleared, the processes that have seen the key go on taking it on /jsonrpc; JSON-2 and new logins refuse it at once.
func Remove(ctx context.Context, c *orm.Client, password string, id int64) error {
	if c.Protocol() != orm.WebSession {
		return errNoSession
	}
	keys, err := List(ctx, c)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.ID == id {
			_, err := checked(ctx, c, password, model, "remove", id)
			return err
		}
	}
	return fmt.Errorf("apikey: %w: %s %d", orm.ErrNoRecord, model, id)
}

var errNoSession = errors.New("apikey: Odoo makes and removes API keys in web sessions only: dial with a password and orm.Using(orm.WebSession)")

// window is the action that a method responds with.
type window struct {
	Model   string `json:"res_model"`
	ID      int64  `json:"res_id"`
	Context struct {
		Key string `json:"default_key"`
	} `json:"context"`
}

// checked calls a method that Odoo runs after a check of the password: it responds with the window of the check, unless there was
// one in the last ten minutes, and the check responds with what the method does. 14 reads the password from the window's record,
// 19 from the context.
func checked(ctx context.Context, c *orm.Client, password, model, method string, id int64) (window, error) {
	asked, err := call(ctx, c, model, method, id)
	if err != nil || asked.Model != check {
		return asked, err
	}
	typed := !odoofacts.PasswordInContext.InSeries(c.Version().Series)
	if typed {
		if err := c.Model(check).Write(ctx, []int64{asked.ID}, orm.Args{"password": password}); err != nil {
			return window{}, err
		}
	}
	done, err := call(ctx, c.With(orm.Context{"password": password}), check, "run_check", asked.ID)
	if err != nil && typed { // the password stays in the record otherwise
		err = errors.Join(err, c.Model(check).Write(context.WithoutCancel(ctx), []int64{asked.ID}, orm.Args{"password": false}))
	}
	if errors.Is(err, orm.ErrUser) {
		err = door.Refine(err, orm.ErrAccessDenied, "the password is wrong")
	}
	return done, err
}

func call(ctx context.Context, c *orm.Client, model, method string, id int64) (window, error) {
	var answer json.RawMessage
	if err := c.Model(model).Call(ctx, method, []int64{id}, nil, &answer); err != nil {
		return window{}, err
	}
	var w window
	if string(answer) == "false" || string(answer) == "null" {
		return w, nil
	}
	if err := json.Unmarshal(answer, &w); err != nil {
		return w, fmt.Errorf("apikey: %s.%s responded with something else than an action: %w", model, method, err)
	}
	return w, nil
}
