package generator

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Selection is what a configuration selects of a snapshot. All that reads names or patterns of the configuration asks it.
type Selection struct {
	Schema  *snapshot.Schema // the whole snapshot, with the signatures of the configuration
	Models  []snapshot.Model // the models to generate, each with the fields and methods to generate
	LeftOut map[string]int   // methods of Models that are not generated, by the reason
	// Shadowing are the signatures of the configuration for methods whose signature the server has given, unless they add
	// types that the server does not give.
	Shadowing []Shadowing
	// Unused are settings without effect, since they are about models that are not generated.
	Unused []string

	wrong []problem
}

// Shadowing is a signature of the configuration that is used in place of the server's.
type Shadowing struct{ Model, Config, Server string }

// String says what to do about it.
func (s Shadowing) String() string {
	if s.Config == s.Server {
		return fmt.Sprintf("methods: %s: the server gives the signature %s itself: remove it from %s", s.Model, s.Config, ConfigFile)
	}
	return fmt.Sprintf("methods: %s: %s uses the signature %s in place of the server's %s: calls may fail", s.Model, ConfigFile, s.Config, s.Server)
}

// section is a key of the configuration. The order is that in which the sections are resolved and reported.
type section int

const (
	methodSection section = iota
	renameSection
	modelSection
	profileSection
	fieldSection
	typeSection
)

var sectionNames = map[section]string{methodSection: "methods", renameSection: "rename", profileSection: "profile", fieldSection: "fields", typeSection: "types"}

// setting is an entry of the configuration: in the list of a pattern of models, or that list as a whole; a model, or a
// rename.
type setting struct {
	section section
	key     string // the pattern of models
	entry   string // "" is the whole list
}

// problem is a setting that names nothing in the snapshot, or that makes no sense.
type problem struct {
	setting
	text string
}

// Resolve finds out what the configuration selects of the snapshot, which stays unchanged. If a setting names nothing in the
// snapshot or makes no sense, that is an error, and the selection is that of the other settings.
func Resolve(c Config, s *snapshot.Schema) (*Selection, error) {
	withSignatures := *s
	withSignatures.Models = slices.Clone(s.Models)
	r := &resolver{config: c, Selection: &Selection{Schema: &withSignatures, LeftOut: map[string]int{}}}
	lists := r.signatures()
	r.methodNames(lists)
	r.renames()
	r.chooseModels()
	r.chooseFields()
	r.ownTypes()
	r.chooseMethods(lists)
	return r.Selection, r.err()
}

// Methods is the number of methods to generate.
func (s *Selection) Methods() int {
	n := 0
	for _, m := range s.Models {
		n += len(m.Methods)
	}
	return n
}

// err reports the problems of the first section that has any: later sections depend on it.
func (s *Selection) err() error {
	if len(s.wrong) == 0 {
		return nil
	}
	first := slices.MinFunc(s.wrong, func(a, b problem) int { return cmp.Compare(a.section, b.section) }).section
	var texts, patterns []string
	for _, p := range s.wrong {
		if p.section == first {
			texts, patterns = append(texts, p.text), append(patterns, p.entry)
		}
	}
	if first == modelSection {
		if i := slices.IndexFunc(texts, func(text string) bool { return text != noModel }); i >= 0 {
			return errors.New(texts[i])
		}
		return withoutModels(s.Schema, patterns)
	}
	return fmt.Errorf("%s: %s: %s", ConfigFile, sectionNames[first], strings.Join(texts, "; "))
}

// noModel is the problem of a pattern that matches no model of the snapshot.
const noModel = "no model matches"

// resolver is a resolution under way.
type resolver struct {
	*Selection
	config Config
}

func (r *resolver) problem(at section, key, entry, format string, args ...any) {
	r.wrong = append(r.wrong, problem{setting{at, key, entry}, fmt.Sprintf(format, args...)})
}

// methodList is what the configuration says about the methods of some models: signatures as Python has them, and names or
// globs of those to generate, or with a "!" of those not to.
type methodList struct {
	glob       string
	models     map[string]bool
	signatures []snapshot.Method
	patterns   []string
}

// signatures reads the settings of methods, in the order of their patterns of models, and puts the signatures into the
// snapshot.
func (r *resolver) signatures() (lists []methodList) {
	for _, glob := range slices.Sorted(maps.Keys(r.config.Methods)) {
		matched, unmatched, err := snapshot.Match(r.Schema.Models, []string{glob})
		if err != nil || len(unmatched) > 0 {
			r.problem(methodSection, glob, "", "the snapshot has no model %s", glob)
			continue
		}
		list := methodList{glob: glob, models: map[string]bool{}}
		for _, m := range matched {
			list.models[m.Name] = true
		}
		for _, entry := range r.config.Methods[glob] {
			if err := list.parse(entry); err != nil {
				r.problem(methodSection, glob, entry, "%s: %v", glob, err)
			}
		}
		for i, m := range r.Schema.Models {
			if list.models[m.Name] && len(list.signatures) > 0 {
				r.Schema.Models[i].Methods = r.withSignatures(m, list.signatures)
			}
		}
		lists = append(lists, list)
	}
	return lists
}

// parse adds an entry of the configuration.
func (l *methodList) parse(entry string) error {
	if !strings.Contains(entry, "(") {
		if _, err := path.Match(entry, ""); err != nil {
			return fmt.Errorf("%q is not a pattern", entry)
		}
		l.patterns = append(l.patterns, entry)
		return nil
	}
	m, err := parseSignature(entry)
	if err != nil {
		return fmt.Errorf("%q is no signature, such as \"name(a: int, *, b: str = '') -> bool\": %w", entry, err)
	}
	l.signatures = append(l.signatures, m)
	return nil
}

// withSignatures are the methods of a model with signatures in place of what is known of them.
func (r *resolver) withSignatures(model snapshot.Model, signatures []snapshot.Method) []snapshot.Method {
	byName := map[string]snapshot.Method{}
	for _, m := range model.Methods {
		byName[m.Name] = m
	}
	for _, m := range signatures {
		known := byName[m.Name]
		m.Label, m.Module, m.Doc, m.Shadows = known.Label, known.Module, known.Doc, known.Shadows
		if known.Source == snapshot.SourceDoc {
			m.Shadows = r.shadowed(model.Name, m, known)
		}
		byName[m.Name] = m
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b snapshot.Method) int { return cmp.Compare(a.Name, b.Name) })
}

// shadowed notes a signature that the server has given, and gives the server's if calls by the other one may fail.
func (r *resolver) shadowed(model string, own, server snapshot.Method) string {
	s := Shadowing{model, own.Signature(), server.Signature()}
	fits := own.CalledAs(server)
	if s.Config == s.Server || !fits {
		r.Shadowing = append(r.Shadowing, s)
	}
	if fits {
		return ""
	}
	return s.Server
}

// methodNames refuses names and globs that match no method of their models. A glob that excludes nothing does no harm, nor
// does one for models of which the snapshot has no methods at all.
func (r *resolver) methodNames(lists []methodList) {
	for _, list := range lists {
		var known []string
		for _, m := range r.Schema.Models {
			if list.models[m.Name] {
				for _, method := range m.Methods {
					known = append(known, method.Name)
				}
			}
		}
		for _, entry := range list.patterns {
			name, exclusive := strings.CutPrefix(entry, "!")
			if exclusive && list.hasSignature(name) {
				r.problem(methodSection, list.glob, entry, "%s: %s has no effect on the signature of %s", list.glob, entry, name)
				continue
			}
			has := slices.ContainsFunc(known, func(method string) bool { ok, _ := path.Match(name, method); return ok })
			if has || isGlob(name) && (exclusive || len(known) == 0) {
				continue
			}
			example := name
			if isGlob(name) {
				example = "name"
			}
			r.problem(methodSection, list.glob, entry, "%s: the snapshot has no method %s; a method that Odoo does not report needs its signature: '%s()'", list.glob, name, example)
		}
	}
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

// keeps reports whether a method is to be generated.
func (l methodList) keeps(m snapshot.Method) bool {
	keep := !slices.ContainsFunc(l.patterns, func(p string) bool { return !strings.HasPrefix(p, "!") })
	for _, p := range l.patterns {
		p, exclusive := strings.CutPrefix(p, "!")
		if ok, _ := path.Match(p, m.Name); ok {
			keep = !exclusive
		}
	}
	return keep
}

// hasSignature reports whether the configuration has a signature of the method.
func (l methodList) hasSignature(method string) bool {
	return slices.ContainsFunc(l.signatures, func(m snapshot.Method) bool { return m.Name == method })
}

// renames refuses renames that name nothing in the snapshot, or give a name that Go does not take.
func (r *resolver) renames() {
	if len(r.config.Rename) == 0 {
		return
	}
	known := addresses(r.Schema)
	for _, address := range slices.Sorted(maps.Keys(r.config.Rename)) {
		name := r.config.Rename[address]
		switch {
		case !known[address]:
			r.problem(renameSection, "", address, "the snapshot has no %s", address)
		case !isGoName(address, name):
			r.problem(renameSection, "", address, "%s: %q is not an exported Go name", address, name)
		}
	}
}

// chooseModels selects the models.
func (r *resolver) chooseModels() {
	var good []string
	for _, pattern := range r.config.Models {
		if _, _, err := snapshot.Match(nil, []string{pattern}); err != nil {
			r.problem(modelSection, "", pattern, "%v", err)
			continue
		}
		good = append(good, pattern)
	}
	matched, unmatched, _ := snapshot.Match(r.Schema.Models, good)
	for _, pattern := range unmatched {
		r.problem(modelSection, "", pattern, "%s", noModel)
	}
	r.Models = matched
}

// chooseFields leaves to the selected models the fields that the configuration lists for them, and the id in any case; to
// those without a list, the fields of the profile.
func (r *resolver) chooseFields() {
	profile := r.config.Profile
	if profile != "" && profile != ProfileAll && profile != ProfileStored {
		r.problem(profileSection, "", profile, "%q is neither %s nor %s", profile, ProfileAll, ProfileStored)
	}
	kept := map[string]map[string]bool{} // model → fields; no entry for models without a list
	for _, glob := range slices.Sorted(maps.Keys(r.config.Fields)) {
		models, err := r.modelsWithFields(glob)
		if err != nil {
			r.problem(fieldSection, glob, "", "%v", err)
			continue
		}
		if len(models) == 0 {
			r.unused("fields", glob)
		}
		for _, m := range models {
			if kept[m.Name] == nil {
				kept[m.Name] = setOf("id")
			}
		}
		for _, pattern := range r.config.Fields[glob] {
			if err := keep(kept, models, pattern); err != nil {
				r.problem(fieldSection, glob, pattern, "%s: %v", glob, err)
			}
		}
	}
	for i, m := range r.Models {
		fields, listed := kept[m.Name]
		r.Models[i].Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(f snapshot.Field) bool {
			if listed {
				return !fields[f.Name]
			}
			return profile == ProfileStored && f.Computed && f.Name != "display_name"
		})
	}
}

// modelsWithFields are the selected models that a pattern matches. One that matches models of the snapshot that are not
// selected is right, and without effect.
func (r *resolver) modelsWithFields(glob string) ([]snapshot.Model, error) {
	models, unmatched, err := snapshot.Match(r.Models, []string{glob})
	if err == nil && len(unmatched) > 0 {
		if _, unmatched, _ = snapshot.Match(r.Schema.Models, unmatched); len(unmatched) > 0 {
			err = fmt.Errorf("the snapshot has no model %s", glob)
		}
	}
	return models, err
}

// keep notes the fields of the models that match the pattern, or drops them if it starts with "!".
func keep(kept map[string]map[string]bool, models []snapshot.Model, pattern string) error {
	pattern, exclusive := strings.CutPrefix(pattern, "!")
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("%q is not a pattern", pattern)
	}
	found := len(models) == 0 // then nothing can be said about the pattern
	for _, m := range models {
		for _, f := range m.Fields {
			if ok, _ := path.Match(pattern, f.Name); ok {
				kept[m.Name][f.Name], found = !exclusive || f.Name == "id", true
			}
		}
	}
	if !found {
		return fmt.Errorf("no field %s%s", pattern, misspelled(pattern, models))
	}
	return nil
}

// misspelled names the field of the models that a name may have been meant for.
func misspelled(name string, models []snapshot.Model) string {
	var names []string
	for _, m := range models {
		for _, f := range m.Fields {
			names = append(names, clean(f.Name, labelLength))
		}
	}
	return spelling.Hint(name, slices.Values(names))
}

func (r *resolver) unused(section, key string) {
	r.Unused = append(r.Unused, fmt.Sprintf("%s: %s has no effect: it matches no model that is generated", section, key))
}

// chooseMethods leaves to the selected models the methods that their clients get.
func (r *resolver) chooseMethods(lists []methodList) {
	for _, l := range lists {
		if !slices.ContainsFunc(r.Models, func(m snapshot.Model) bool { return l.models[m.Name] }) {
			r.unused("methods", l.glob)
		}
	}
	if len(lists) > 0 && !r.config.Clients {
		r.Unused = append(r.Unused, "methods has no effect: clients is false")
	}
	for i, m := range r.Models {
		r.Models[i].Methods = slices.DeleteFunc(slices.Clone(m.Methods), func(method snapshot.Method) bool {
			reason := r.leaveOut(m, method, lists)
			if reason != "" {
				r.LeftOut[reason]++
			}
			return reason != ""
		})
	}
}

// leaveOut is the reason for not generating a method, or "".
func (r *resolver) leaveOut(m snapshot.Model, method snapshot.Method, lists []methodList) string {
	switch {
	case m.Kind == snapshot.Abstract:
		return withoutClient
	case !r.config.Clients:
		return clientsOff
	case slices.Contains(r.Schema.TextIDs, m.Name):
		return withTextIDs
	case !slices.ContainsFunc(lists, func(l methodList) bool { return l.models[m.Name] && l.hasSignature(method.Name) }) &&
		slices.ContainsFunc(lists, func(l methodList) bool { return l.models[m.Name] && !l.keeps(method) }):
		return notChosen
	case !strings.ContainsFunc(method.Name, unicode.IsLetter):
		return withoutName
	}
	return ""
}
