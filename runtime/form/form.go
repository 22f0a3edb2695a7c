// Package form fills in a record as the form of the web client does: Odoo runs its defaults and the onchanges of the fields
// that are set, which is how a sales order gets its payment terms, and a line its price and taxes.
//
//	order, err := form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(customer)})
//	…
//	line, err := form.Add(ctx, order, odoo.SaleOrderF.OrderLine, odoo.SaleOrderLineValues{ProductID: orm.Set(chair)})
//	…
//	id, err := order.Create(ctx)
//
// The fields are those of the form that Odoo shows the user: a field that it does not have, or has as readonly, cannot be set.
// A form is not safe for concurrent use.
package form

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

var (
	// ErrNotInForm means that the form does not have the field.
	ErrNotInForm = errors.New("the form does not have the field")
	// ErrReadonly means that the field is readonly in the form, as the record is now.
	ErrReadonly = errors.New("the field is readonly")
	// ErrRequired means that fields are empty that the form requires.
	ErrRequired = errors.New("the form has required fields that are empty")
	// ErrWarnings means that there are warnings that were not read, see [Form.Warnings].
	ErrWarnings = errors.New("the form has warnings that were not read")
	// ErrSaved means that the form was saved. [Open] opens the record again.
	ErrSaved = errors.New("the form is saved, and no longer open")
)

// Form is a record that is being filled in.
type Form[M any] struct{ r *row }

// Warning is a message of Odoo to the user about a change.
type Warning struct {
	Title   string `json:"title"`
	Message string `json:"message"`
	// Field is the field that an onchange has changed though it was set: Odoo reports it without a warning.
	Field string `json:"-"`
}

// String is the title and the message.
func (w Warning) String() string {
	return strings.TrimPrefix(w.Title+": "+w.Message, ": ")
}

// Option is an option of [New] and [Open].
type Option func(*options)

type options struct{ view string }

// View chooses the form by the external ID of its view. The default is the form that Odoo shows.
func View(xmlID string) Option { return func(o *options) { o.view = xmlID } }

// New opens the form of a new record, with its defaults, and sets values in it as [Form.Set] does.
func New[M any](ctx context.Context, c *orm.Client, values orm.Values[M], opts ...Option) (*Form[M], error) {
	r, err := open[M](ctx, c, 0, opts)
	if err == nil {
		err = r.begin(ctx)
	}
	if err != nil {
		return nil, failed(r, err)
	}
	f := &Form[M]{r}
	if values != nil {
		err = f.Set(ctx, values)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Open opens the form of a record that exists. A record that does not is [orm.ErrNoRecord].
func Open[M any](ctx context.Context, c *orm.Client, id orm.ID[M], opts ...Option) (*Form[M], error) {
	if id == 0 {
		return nil, errors.New("form: 0 is not the id of a record")
	}
	r, err := open[M](ctx, c, int64(id), opts)
	if err == nil {
		err = r.load(ctx)
	}
	if err != nil {
		return nil, failed(r, err)
	}
	return &Form[M]{r}, nil
}

// open loads the view of a model.
func open[M any](ctx context.Context, c *orm.Client, id int64, opts []Option) (*row, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, err
	}
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	var view orm.Reference
	if o.view != "" {
		if view, err = xmlid.Reference(ctx, c, o.view); err != nil {
			return nil, err
		}
	}
	s := newSession(c)
	archs, err := s.archs(ctx, model, view.ID, "form")
	if err != nil {
		return nil, err
	}
	v, err := s.newView(ctx, model, archs["form"])
	if err != nil {
		return nil, err
	}
	for _, f := range v.fields {
		if len(f.inline) > 0 {
			if err := s.loadLines(ctx, f); err != nil {
				return nil, err
			}
		}
	}
	s.main = s.newRow(v, id)
	return s.main, nil
}

// failed adds the model to errors that do not have it.
func failed(r *row, err error) error {
	if err == nil || r == nil {
		return err
	}
	if _, odoos := errors.AsType[*orm.Error](err); odoos {
		return err
	}
	if _, decoding := errors.AsType[*orm.DecodeError](err); decoding {
		return err
	}
	return fmt.Errorf("form: %s: %w", r.view.model.Name(), err)
}

// Set sets fields, as a user would who types them one after the other, and runs their onchanges. Where the onchange of one field
// changes another one of them, that one is set again; if Odoo changes it again, there is a [Warning] with its name.
//
// Records of a one2many are added, changed and removed by commands: [orm.New], [orm.Update], [orm.Delete] and [orm.RemoveAll]. See
// also [Add].
func (f *Form[M]) Set(ctx context.Context, values orm.Values[M]) error {
	return f.r.setValues(ctx, values)
}

// Values are the values of the form. Fields that the form does not have are zero, and so are new records in lists, which have no
// ID: see [Lines].
func (f *Form[M]) Values() (M, error) {
	var out M
	err := f.r.decode(&out)
	return out, failed(f.r, err)
}

// Warnings are the warnings since the last call of Warnings. Until they have been read, the form cannot be saved.
func (f *Form[M]) Warnings() []Warning {
	w := f.r.s.warnings
	f.r.s.warnings = nil
	return w
}

// Of is a [Form] or a [Line] of the model M.
type Of[M any] interface{ record(*M) *row }

func (f *Form[M]) record(*M) *row { return f.r }

// Domain is the condition on the records that a relation can have, if an onchange gave one. Onchanges give none from Odoo 17 on.
func Domain[M, T any](of Of[M], field orm.Rel[M, T]) (where orm.Domain[T], has bool, err error) {
	r := of.record(nil)
	f, err := r.need(string(field))
	if err != nil {
		return where, false, failed(r, err)
	}
	raw, has := r.domains[f.name]
	if !has {
		return where, false, nil
	}
	d, err := door.Domain(raw)
	if err != nil {
		return where, false, failed(r, fmt.Errorf("the domain of %s: %w", f.name, err))
	}
	return orm.Domain[T](d.(orm.Expr)), true, nil
}

// Create creates the record and closes the form. A form of [Open] is saved with [Form.Save].
func (f *Form[M]) Create(ctx context.Context) (orm.ID[M], error) {
	if f.r.id != 0 {
		return 0, failed(f.r, fmt.Errorf("record %d exists: want Save", f.r.id))
	}
	id, err := f.r.save(ctx)
	return orm.ID[M](id), failed(f.r, err)
}

// Save writes what was changed and closes the form. Without a change nothing is sent.
func (f *Form[M]) Save(ctx context.Context) error {
	if f.r.id == 0 {
		return failed(f.r, errors.New("the record does not exist: want Create"))
	}
	_, err := f.r.save(ctx)
	return failed(f.r, err)
}

// setValues sets fields of the main record, or of a line.
func (r *row) setValues(ctx context.Context, values any) error {
	if r.s.done {
		return failed(r, ErrSaved)
	}
	asked, err := encoded(ctx, r.s, r.view.model.Name(), values)
	if err == nil {
		err = r.set(ctx, asked)
	}
	return failed(r, err)
}

// encoded are generated values as JSON, with the names that the server has for their fields.
func encoded(ctx context.Context, s *session, model string, values any) (map[string]any, error) {
	data, err := door.Encode(ctx, s.c, model, values)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, decodeJSON(data, &out)
}

// need is a field of the form by one of its names.
func (r *row) need(name string) (*field, error) {
	alternatives, _ := codec.Alternatives(name)
	for _, n := range alternatives {
		if f := r.view.byName[n]; f != nil {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%w %s", ErrNotInForm, name)
}

// decode reads the values of a record into a struct.
func (r *row) decode(dest any) error {
	v := reflect.ValueOf(dest).Elem()
	p, err := codec.PlanOf(v.Type())
	if err != nil {
		return err
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		var raw any
		if f.Name == codec.NameID {
			raw = r.id
		} else if in, err := r.need(f.Name); err == nil {
			raw = r.readable(in)
		} else {
			continue
		}
		data, err := json.Marshal(raw)
		if err != nil {
			return err
		}
		if err := f.Decode(data, v.FieldByIndex(f.Index)); err != nil {
			return door.Publish(codec.InField(err, r.id, f.Name), r.view.model.Name(), "onchange")
		}
	}
	return nil
}

// readable is a value as Odoo's read gives it.
func (r *row) readable(f *field) any {
	switch v := r.values[f.name].(type) {
	case link:
		if v.id != 0 {
			return []any{v.id, v.name}
		}
		return false
	case *list:
		return v.ids()
	case nil:
		return false
	default:
		return v
	}
}

// inOrder sorts names of fields as the view has them.
func (r *row) inOrder(names []string) {
	slices.SortFunc(names, func(a, b string) int {
		return slices.Index(r.view.fields, r.view.byName[a]) - slices.Index(r.view.fields, r.view.byName[b])
	})
}
