package feed

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// Limits lists what the feed cannot see of the fields that it reads, because Odoo changes them without a new write_date of the
// record, or without an automation rule. It makes a call or two. [Whole] sees all of it.
func (f *Feed[R, M]) Limits(ctx context.Context) ([]string, error) {
	if f.settings.whole {
		return nil, nil
	}
	var names []string
	nested := map[string]bool{}
	for path := range strings.FieldsSeq(f.of.Fields) {
		name, _, isNested := strings.Cut(path, ".")
		nested[name] = nested[name] || isNested
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	fields, err := f.model.FieldsGet(ctx, names)
	if err != nil {
		return nil, f.located(err)
	}
	children, err := f.children(ctx)
	if err != nil {
		return nil, f.located(err)
	}
	var out []string
	for _, name := range names {
		if slices.Contains(children, fields[name].Relation+"."+fields[name].RelationField) {
			continue
		}
		if limit := limitOf(fields[name], nested[name], f.client.Version().Series); limit != "" {
			out = append(out, name+": "+limit)
		}
	}
	return append(out, f.generalLimits()...), nil
}

func limitOf(f orm.FieldInfo, nested bool, series string) string {
	switch {
	case f.Name == "write_date" || f.Name == "id":
		return ""
	case f.Type == "one2many":
		return fmt.Sprintf("a record of %s that is created, written or deleted on its own does not change this record", f.Relation)
	case f.Type == "many2many" && nested:
		return fmt.Sprintf("a link that is made from %s, and a change of a record of it, do not change this record", f.Relation)
	case f.Type == "many2many":
		return fmt.Sprintf("a link that is made from %s does not change this record", f.Relation)
	case f.Type == "many2one" && nested:
		return fmt.Sprintf("a change of the record of %s does not change this record", f.Relation)
	case f.Type == "many2one":
		return fmt.Sprintf("a new name of the record of %s does not change this record", f.Relation)
	case !f.Stored:
		return "is computed at each read: a change of what it is computed from does not change this record"
	case f.Translated && !odoofacts.FieldTranslations.InSeries(series):
		return "a translation that is written to ir.translation does not change this record"
	}
	return ""
}

// children are those that the outbox of the feed is installed with.
func (f *Feed[R, M]) children(ctx context.Context) (out []string, err error) {
	if f.settings.outbox == "" {
		return nil, nil
	}
	notes, err := f.notes(ctx)
	for _, n := range notes {
		info, err := n.info()
		if err != nil {
			return nil, err
		}
		out = append(out, info.Children...)
	}
	return out, err
}

func (f *Feed[R, M]) generalLimits() []string {
	never := f.settings.deletions == 0
	switch {
	case f.settings.outbox == "" && never:
		return []string{"records that are deleted or no longer match: Deletions(0)"}
	case f.settings.outbox == "":
		return nil
	case never:
		return []string{moduleLimit, "records that the database deletes together with others: Deletions(0)"}
	}
	return []string{moduleLimit}
}

const moduleLimit = "fields that are changed while a module is installed or upgraded, or by SQL"
