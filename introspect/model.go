package introspect

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
)

// complete reads the fields of a model. reason is why the model is left out: the server failed to list its fields, or the
// user cannot read it. An error ends the pull.
func (p *pull) complete(ctx context.Context, m *snapshot.Model) (reason string, err error) {
	var answer map[string]rawField
	err = p.c.Model(m.Name).Call(ctx, "fields_get", nil, orm.Args{"attributes": p.attributes()}, &answer)
	if err == nil {
		m.Fields = fields(answer)
		p.report(answer)
		reason, err = p.readable(ctx, m)
	}
	if isUnknown(err, m.Name) {
		return noSuchModel, nil
	}
	if refused, ok := refusal(err); ok {
		return refused, nil
	}
	return reason, err
}

// report records which attributes the server reports.
func (p *pull) report(answer map[string]rawField) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, field := range answer {
		for _, r := range field.reports() {
			if !p.Knows(r) {
				p.Reports = append(p.Reports, r)
			}
		}
	}
}

// noSuchModel is the reason to leave out a model that was requested by name and that the server does not have.
const noSuchModel = "the server has no such model"

// isUnknown reports whether the error means that the server has no such model. On the routes of the web client, Odoo fails
// with a KeyError for the model or with an HTML page. An AttributeError, in contrast, is a bug in the code of the model.
func isUnknown(err error, model string) bool {
	var e *orm.Error
	switch {
	case !errors.As(err, &e):
		return false
	case strings.HasSuffix(e.Class, "KeyError"):
		return strings.Trim(e.Message, "' ") == model
	}
	return errors.Is(err, orm.ErrNotFound) && !strings.HasSuffix(e.Class, "AttributeError")
}

// readable returns the reason why the user cannot read a model, "" if the user can. In versions that do not report abstract
// models, a model is treated as abstract if no access rule allows reading it and it does not log who writes its records.
func (p *pull) readable(ctx context.Context, m *snapshot.Model) (reason string, err error) {
	if m.Kind == snapshot.Abstract {
		return "", nil
	}
	may, err := p.may(ctx, m, access.Read)
	switch {
	case may || err != nil:
		return "", err
	case m.Kind == "" && !p.known.tellsAbstract && !logsWrites(m):
		m.Kind = snapshot.Abstract
		return "", nil
	}
	return "this user may not read it", nil
}

// logsWrites reports whether the model logs who writes its records, as most tables do, and views do not.
func logsWrites(m *snapshot.Model) bool { return m.Has("create_uid") }

// refusal returns Odoo's reason for refusing a call. Other errors, such as a broken connection, are no refusals, except for
// an HTML page, with which some versions report an exception.
func refusal(err error) (reason string, refused bool) {
	var e *orm.Error
	if !errors.As(err, &e) || e.Class == "" && e.Status != http.StatusInternalServerError {
		return "", false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(e.Message), "\n")
	return first, true
}
