package introspect

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// complete asks for the fields of a model. The reason says why the model is left out: the server failed to give its
// fields, or the user may not read it. An error ends the pull.
func (p *pull) complete(ctx context.Context, m *Model) (reason string, err error) {
	var answer map[string]rawField
	err = p.c.Model(m.Name).Call(ctx, "fields_get", nil, orm.Args{"attributes": p.attributes()}, &answer)
	if err == nil {
		m.Fields = fields(answer)
		reason, err = p.readable(ctx, m)
	}
	if refused, ok := refusal(err); ok {
		return refused, nil
	}
	return reason, err
}

// readable tells why the user can't read a model. Before Odoo told which models are abstract, those are taken for it
// that nobody may read, and that do not keep who wrote them.
func (p *pull) readable(ctx context.Context, m *Model) (reason string, err error) {
	if m.Kind == Abstract {
		return "", nil
	}
	may, err := p.may(ctx, m, opRead)
	switch {
	case may || err != nil:
		return "", err
	case m.Kind == "" && !p.known.tellsAbstract && !m.logsWrites():
		m.Kind = Abstract
		return "", nil
	}
	return "this user may not read it", nil
}

// logsWrites tells whether the model keeps who wrote its records, as tables do, with few exceptions, and views do not.
func (m *Model) logsWrites() bool { return m.has("create_uid") }

func (m *Model) has(field string) bool {
	return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == field })
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
func (p *pull) pullListed(ctx context.Context) error {
	names := make([]string, len(p.Models))
	for i, m := range p.Models {
		names[i] = m.Name
	}
	var all []listedField
	err := p.c.Model("ir.model.fields").Find(ctx, &all, orm.Expr(orm.Where[struct{}]("model", "in", names)))
	if errors.Is(err, orm.ErrAccess) {
		p.Unseen.Fields = true
		return nil
	}
	listed := map[string][]listedField{}
	for _, f := range all {
		listed[f.Model] = append(listed[f.Model], f)
	}
	for i := range p.Models {
		p.Models[i].complement(listed[p.Models[i].Name])
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
