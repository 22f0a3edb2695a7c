package analyzer

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/usage"
)

// checkFields finds field names in strings that the model does not have.
var checkFields = newCheck("odoofield", `check names of fields in texts

A name in orm.Where, in a domain, an order, a list of fields or values by name must be a field of the model. Odoo would
refuse the call when it runs.`, func(pass *analysis.Pass, p *pkg) {
	p.unknown(pass, func(u usage.Use) bool { return !u.Tag })
})

// checkChoices finds constants that are not a choice of their selection.
var checkChoices = newCheck("odoochoice", `check constant texts that are used as choices of a selection

A constant text where a choice belongs, SaleOrderState("dome"), must be one of the choices. Odoo refuses to write another,
and a condition with it matches nothing.`, choices)

// unknown reports strings that do not name a field of their model.
func (p *pkg) unknown(pass *analysis.Pass, wanted func(usage.Use) bool) {
	for _, u := range p.uses {
		if !u.Text || u.Field == "" || u.HasChoice || !wanted(u) || strings.HasPrefix(u.Field, "x_") || isEverywhere(u.Field) {
			continue // a custom field, x_, may have been created since
		}
		if m := p.model(pass, u); m != nil && m.Field(u.Field) == nil {
			report(pass, u.At, u.To, "%s has no field %s%s", m.Name, u.Field, suggest(u.Field, m))
		}
	}
}

// isEverywhere reports whether nearly every model of every version has the field.
func isEverywhere(field string) bool {
	return odoofacts.IsMagic(field) && field != odoofacts.LastUpdateField
}

// suggest returns a hint with the most similar field name.
func suggest(name string, m *bindings.Model) string {
	return spelling.Hint(name, func(yield func(string) bool) {
		for _, f := range m.Fields {
			if !yield(f.Name) {
				return
			}
		}
	})
}

func choices(pass *analysis.Pass, p *pkg) {
	for _, u := range p.uses {
		if !u.HasChoice || !u.Text || u.Choice == "" {
			continue // an empty text is no choice
		}
		m := p.set.Model(pass.Pkg, u.Model)
		if m == nil || m.Field(u.Field) == nil {
			continue
		}
		f := m.Field(u.Field)
		if len(f.Choices) == 0 || hasChoice(f, u.Choice) {
			continue
		}
		report(pass, u.At, u.To, "%q is no choice of %s.%s%s", u.Choice, u.Model, u.Field, few(f))
	}
}

func hasChoice(f *bindings.Field, value string) bool {
	for _, c := range f.Choices {
		if textOf(c) == value {
			return true
		}
	}
	return false
}

// few lists the choices, if they are few.
func few(f *bindings.Field) string {
	const most = 12
	if len(f.Choices) > most {
		return ""
	}
	names := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		names[i] = textOf(c)
	}
	return ": want " + strings.Join(names, ", ")
}

func textOf(c *types.Const) string { return constant.StringVal(c.Val()) }

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }
