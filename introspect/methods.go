package introspect

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// MethodSearch is how a pull finds methods.
type MethodSearch string

// The values of MethodSearch.
const (
	// MethodsAuto is MethodsButtons if all models are pulled. If models are chosen, it is MethodsDocs, if the server has
	// documentation.
	MethodsAuto MethodSearch = "auto"
	// MethodsDocs reads the documentation of Odoo 19 and later for each model, a quarter of a second each, and the buttons.
	// It is an error if the server has no documentation or the user has no permission to read it.
	MethodsDocs MethodSearch = "docs"
	// MethodsButtons reads the buttons of all views, in two calls.
	MethodsButtons MethodSearch = "buttons"
	// MethodsNone finds no methods.
	MethodsNone MethodSearch = "none"
)

// MethodSearches lists all values of MethodSearch.
var MethodSearches = []MethodSearch{MethodsAuto, MethodsDocs, MethodsButtons, MethodsNone}

// MethodReport counts the methods that a pull found, kept and left out.
type MethodReport struct {
	Found   int                    // all methods that the server reported for the models
	Kept    int                    // the methods in the snapshot
	LeftOut map[string]int         // the other methods, by reason
	Failed  []snapshot.UnseenModel // models whose documentation the server refused: only their buttons are known

	NoButtons error // why the buttons of the views are not visible to this user
}

// The reasons to leave a method out.
const (
	ofTheORM       = "the ORM's own, which the runtime has"
	ofTheWebClient = "made for Odoo's web client"
	isDeprecated   = "deprecated"
	isPrivate      = "private, and closed to the outside"
)

// pullMethods finds the methods of the models of the snapshot.
func (p *pull) pullMethods(ctx context.Context) error {
	if p.options.Methods == MethodsNone {
		return nil
	}
	report := p.options.MethodReport
	if report == nil {
		report = new(MethodReport)
	}
	report.LeftOut = map[string]int{}
	var buttons map[string]map[string]string
	if report.NoButtons = cmp.Or(p.unseen.views, p.unseen.listing); report.NoButtons == nil {
		buttons = p.buttons()
	}
	docs := map[string]map[string]docMethod{}
	switch {
	case !odoofacts.MethodDocs.InSeries(p.c.Version().Series) || p.options.Methods == MethodsButtons:
	case len(p.options.Models) == 0 && p.options.Methods != MethodsDocs:
		p.Unseen.Methods = snapshot.NoDocsAsked
	default:
		var err error
		if docs, err = p.pullDocs(ctx, report); err != nil {
			return err
		}
	}
	for i := range p.Models {
		m := &p.Models[i]
		m.Methods = methodsOf(m, docs[m.Name], buttons[m.Name], report)
	}
	return nil
}

// methodsOf combines the documentation and the buttons of a model.
func methodsOf(m *snapshot.Model, docs map[string]docMethod, buttons map[string]string, report *MethodReport) []snapshot.Method {
	found := map[string]snapshot.Method{}
	for name, d := range docs {
		report.Found++
		if reason := leaveOut(m, name, d); reason != "" {
			report.LeftOut[reason]++
			continue
		}
		method := d.method(name)
		method.Label = buttons[name]
		found[name] = method
	}
	for name, label := range buttons {
		if docs != nil {
			break // the documentation has all of them
		}
		report.Found++
		if reason := leaveOut(m, name, docMethod{}); reason != "" {
			report.LeftOut[reason]++
			continue
		}
		found[name] = snapshot.Method{Name: name, Source: snapshot.SourceButton, Label: label}
	}
	out := make([]snapshot.Method, 0, len(found))
	for _, method := range found {
		out = append(out, method)
	}
	slices.SortFunc(out, func(a, b snapshot.Method) int { return cmp.Compare(a.Name, b.Name) })
	report.Kept += len(out)
	if len(out) == 0 {
		return nil
	}
	return out
}

// isMethodName reports whether a name is a valid name of a method.
var isMethodName = regexp.MustCompile(`^\pL[\pL\pN_]*$`).MatchString

// leaveOut returns the reason why a method does not belong in a snapshot, "" if it does.
func leaveOut(m *snapshot.Model, name string, d docMethod) (reason string) {
	switch {
	case !isMethodName(name):
		return isPrivate
	case archiving[name] && archives(m):
		return ""
	case d.Model == "core", d.Model == "" && ormMethods[name]:
		return ofTheORM
	case d.Model == "base":
		return ofTheWebClient
	case strings.HasPrefix(strings.ToLower(plainText(d.Doc)), "deprecated"):
		return isDeprecated
	}
	return ""
}

// archiving are methods of the ORM without an equivalent in the runtime.
var archiving = map[string]bool{"action_archive": true, "action_unarchive": true, "toggle_active": true}

func archives(m *snapshot.Model) bool {
	return slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == "active" || f.Name == "x_active" })
}

// ormMethods are the public methods of every model, for versions that do not list them.
var ormMethods = func() map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(`action_archive action_unarchive toggle_active browse check_access check_access_rights
		check_access_rule copy copy_data copy_translations create default_get exists export_data fields_get fields_view_get
		filtered get_external_id get_metadata get_xml_id has_access load mapped name_create name_get name_search new
		onchange read read_group search search_count search_fetch search_read sorted sudo unlink with_company with_context
		with_env with_user write`) {
		set[name] = true
	}
	return set
}()

// String returns the report in a few lines.
func (r *MethodReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d methods found, %d of them in the snapshot", r.Found, r.Kept)
	for _, reason := range []string{ofTheORM, ofTheWebClient, isDeprecated, isPrivate} {
		if n := r.LeftOut[reason]; n > 0 {
			fmt.Fprintf(&b, "\n  %d left out: %s", n, reason)
		}
	}
	if r.NoButtons != nil {
		first, _, _ := strings.Cut(r.NoButtons.Error(), "\n")
		fmt.Fprintf(&b, "\n  the buttons of the views are unknown: %s", strings.TrimPrefix(first, "orm: "))
	}
	const shown = 5
	for i, m := range r.Failed {
		if i == shown {
			fmt.Fprintf(&b, "\n  … and of %d more", len(r.Failed)-shown)
			break
		}
		fmt.Fprintf(&b, "\n  of %s the server gives no signatures: %s", m.Name, m.Reason)
	}
	return b.String()
}
