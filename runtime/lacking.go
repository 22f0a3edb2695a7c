package orm

import (
	"context"
	"errors"
	"fmt"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// In a package that was generated from the snapshots of several servers, the name of a model that only some of them have ends in
// "?", as that of a method. The client asks fields_get once for such a model. Odoo has no call that asks for a method. Only the snapshots
// of the other servers say that this one may lack it, and views do not list all that a server has. The server looks the method up
// before it does anything, so its refusal is the answer, which the client keeps.

// checkLacking refuses a call of a model that the server lacks, or of a method that it is known to lack.
func (m Model) checkLacking(ctx context.Context, r *call) error {
	if r.optional {
		if _, lacks := m.c.lacking.Load(r.model + "/" + r.method); lacks {
			return m.c.noMethod(r)
		}
	}
	if !m.optional {
		return nil
	}
	_, err := m.c.attributes(ctx, m.name, codec.NameID)
	return err
}

// refusal is the error of a call, [ErrNoMethod] if the server refused it because it lacks the method.
func (c *Client) refusal(r *call, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !r.optional || !ok || !odoofacts.IsUnknownMethod(e.Message, r.model, r.method) {
		return err
	}
	c.lacking.Store(r.model+"/"+r.method, true)
	return c.noMethod(r)
}

func (c *Client) noMethod(r *call) error {
	return fmt.Errorf("orm: %s.%s: %w (Odoo %s)", r.model, r.method, ErrNoMethod, c.version.Series)
}
