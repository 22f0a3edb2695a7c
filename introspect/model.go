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

// listedField is a field in ir.model.fields, where all fields are, and what fields_get does not tell of them.
type listedField struct {
	Model    string `odoo:"model"`
	Name     string `odoo:"name"`
	OnDelete string `odoo:"on_delete"`
	Table    string `odoo:"relation_table"`
	Column   string `odoo:"column1"`
	Copied   bool   `odoo:"copied"`
}

// pullListed completes the fields of all models by what is listed of them, and notes those that fields_get left out: they
// are for groups that the user is not in.
func (s *Schema) pullListed(ctx context.Context, c *orm.Client) error {
	names := make([]string, len(s.Models))
	for i, m := range s.Models {
		names[i] = m.Name
	}
	var all []listedField
	err := c.Model("ir.model.fields").Find(ctx, &all, orm.Expr(orm.Where[struct{}]("model", "in", names)))
	if errors.Is(err, orm.ErrAccess) {
		s.Unseen.Fields = true
		return nil
	}
	listed := map[string][]listedField{}
	for _, f := range all {
		listed[f.Model] = append(listed[f.Model], f)
	}
	for i := range s.Models {
		s.Models[i].complement(listed[s.Models[i].Name])
	}
	return err
}

// complement adds what is listed to the fields that the user sees, and the names of the others to the hidden ones.
func (m *Model) complement(listed []listedField) {
	for _, l := range listed {
		i := slices.IndexFunc(m.Fields, func(f Field) bool { return f.Name == l.Name })
		if i < 0 {
			m.Hidden = append(m.Hidden, l.Name)
			continue
		}
		l.complement(&m.Fields[i])
	}
	slices.Sort(m.Hidden)
}

func (l listedField) complement(f *Field) {
	if d := OnDelete(l.OnDelete); f.Type == "many2one" && !f.Computed && (d == Cascade || d == Restrict && !f.Required) {
		f.OnDelete = d
	}
	if f.Type == "many2many" && !f.Computed {
		f.Table, f.Column = l.Table, l.Column
	}
	f.NoCopy = !l.Copied && !f.Computed && f.Type != "one2many" && !slices.Contains(neverCopied, f.Name)
}

// neverCopied are the fields that Odoo keeps itself.
var neverCopied = []string{"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path"}
