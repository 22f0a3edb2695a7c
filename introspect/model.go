package introspect

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// complete asks for the fields of a model, and finds out what the user may do with it. The reason says why the model is
// left out: the server failed to give its fields, or the user may not read it. An error ends the pull.
func (m *Model) complete(ctx context.Context, c *orm.Client) (reason string, err error) {
	var answer map[string]rawField
	err = c.Model(m.Name).Call(ctx, "fields_get", nil, orm.Args{"attributes": attributes}, &answer)
	if err == nil {
		m.Fields = fields(answer)
		reason, err = m.classify(ctx, c)
	}
	if refused, ok := refusal(err); ok {
		return refused, nil
	}
	return reason, err
}

// classify finds out the kind of a model that the catalog did not tell. Odoo does not say which models are views of the
// database: one that keeps no log, and of which this user may neither create, change nor delete a record, is taken for one.
func (m *Model) classify(ctx context.Context, c *orm.Client) (reason string, err error) {
	if m.Kind == Abstract {
		return "", nil
	}
	may, err := m.may(ctx, c, "read")
	if err != nil || m.logsWrites() {
		return unreadable(may), err
	}
	switch {
	case m.Kind != "":
		return unreadable(may), nil
	case !may:
		// Before Odoo told which models are abstract: those that nobody may read, and that do not keep who wrote them.
		m.Kind = Abstract
		return "", nil
	}
	for _, operation := range []string{"create", "write", "unlink"} {
		if may, err := m.may(ctx, c, operation); may || err != nil {
			return "", err
		}
	}
	m.Kind = View
	return "", nil
}

func unreadable(may bool) string {
	if may {
		return ""
	}
	return "this user may not read it"
}

// logsWrites tells whether the model keeps who wrote its records, as tables do, with few exceptions, and views do not.
func (m *Model) logsWrites() bool {
	return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == "create_uid" })
}

func (m *Model) may(ctx context.Context, c *orm.Client, operation string) (may bool, err error) {
	model := c.Model(m.Name)
	if c.Version().Major >= 18 {
		err = model.Call(ctx, "has_access", []int64{}, orm.Args{"operation": operation}, &may)
		return may, err
	}
	err = model.Call(ctx, "check_access_rights", nil, orm.Args{"operation": operation, "raise_exception": false}, &may)
	return may, err
}

// refusal is Odoo's own reason for not answering. Anything else, such as a broken connection, is none; but a page in
// place of an answer is how some versions tell an exception.
func refusal(err error) (reason string, refused bool) {
	var e *orm.Error
	if !errors.As(err, &e) || e.Class == "" && e.Status != http.StatusInternalServerError {
		return "", false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(e.Message), "\n")
	return first, true
}

// pullHidden compares what fields_get told with the list of all fields: it leaves out those for groups that the user is
// not in.
func (s *Schema) pullHidden(ctx context.Context, c *orm.Client) error {
	names := make([]string, len(s.Models))
	for i, m := range s.Models {
		names[i] = m.Name
	}
	var all []struct {
		Model string `odoo:"model"`
		Name  string `odoo:"name"`
	}
	err := c.Model("ir.model.fields").Find(ctx, &all, orm.Expr(orm.Where[struct{}]("model", "in", names)))
	if errors.Is(err, orm.ErrAccess) {
		s.Unseen.Fields = true
		return nil
	}
	listed := map[string][]string{}
	for _, f := range all {
		listed[f.Model] = append(listed[f.Model], f.Name)
	}
	for i := range s.Models {
		s.Models[i].hide(listed[s.Models[i].Name])
	}
	return err
}

// hide notes which of the listed fields are not among those that the user sees.
func (m *Model) hide(listed []string) {
	for _, name := range listed {
		if !slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == name }) {
			m.Hidden = append(m.Hidden, name)
		}
	}
	slices.Sort(m.Hidden)
}
