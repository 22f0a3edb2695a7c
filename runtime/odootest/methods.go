package odootest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// method is a method that every model has.
type method struct {
	records bool // it is called on records: their ids are the first argument
	params  []param
	run     func(t *tx, m *model, a arguments) (any, error)
}

// ormMethods are the methods of a version, with the names that it has for their parameters.
func ormMethods(d dialect) map[string]method {
	domain, nameDomain, defaults := "domain", "args", "fields_list"
	if d.major < 16 {
		domain = "args"
	}
	if d.modern() {
		nameDomain, defaults = "domain", "fields"
	}
	page := optional("offset", "limit", "order")
	methods := map[string]method{
		"action_archive":      {true, nil, archiver(func(bool) bool { return false })},
		"action_unarchive":    {true, nil, archiver(func(bool) bool { return true })},
		"toggle_active":       {true, nil, archiver(func(active bool) bool { return !active })},
		"check_access_rights": {false, slices.Concat(needed("operation"), optional("raise_exception")), (*tx).checkAccessRights},
		"copy":                {true, optional("default"), (*tx).copyAll},
		"create":              {false, needed("vals_list"), (*tx).createAll},
		"default_get":         {false, needed(defaults), (*tx).defaultGet},
		"fields_get":          {false, optional("allfields", "attributes"), (*tx).fieldsGet},
		"get_external_id":     {true, nil, (*tx).getExternalID},
		"load":                {false, needed("fields", "data"), (*tx).load},
		"name_create":         {false, needed("name"), (*tx).nameCreate},
		"name_search":         {false, optional("name", nameDomain, "operator", "limit"), (*tx).nameSearch},
		"read":                {true, optional("fields", "load"), (*tx).readAll},
		"read_group":          {false, slices.Concat(needed("domain", "fields", "groupby"), optional("offset", "limit", "orderby", "lazy")), (*tx).readGroup},
		"search":              {false, slices.Concat(needed(domain), page), (*tx).searchIDs},
		"search_count":        {false, needed(domain), (*tx).searchCount},
		"search_read":         {false, slices.Concat(optional("domain", "fields"), page, optional("load")), (*tx).searchRead},
		"unlink":              {true, nil, (*tx).unlinkAll},
		"write":               {true, needed("vals"), (*tx).writeAll},
	}
	if d.major >= 16 {
		methods["search_count"] = method{false, slices.Concat(needed(domain), optional("limit")), (*tx).searchCount}
	}
	if d.formatsGroups() {
		methods["formatted_read_group"] = method{false, slices.Concat(needed("domain"), optional("groupby", "aggregates", "having"), page), (*tx).formattedReadGroup}
	}
	if d.hasAny() {
		methods["web_read"] = method{true, needed("specification"), (*tx).webReadAll}
		methods["web_search_read"] = method{false, slices.Concat(needed("domain", "specification"), page, optional("count_limit")), (*tx).webSearchRead}
		methods["web_save"] = method{true, slices.Concat(needed("vals", "specification"), optional("next_id")), (*tx).webSave}
	}
	if d.does(odoofacts.FieldTranslations) {
		methods["get_field_translations"] = method{true, slices.Concat(needed("field_name"), optional("langs")), (*tx).fieldTranslations}
		methods["update_field_translations"] = method{true, slices.Concat(needed("field_name", "translations"), optional("source_lang")), (*tx).updateTranslations}
	}
	if d.readGroupIsGone() {
		delete(methods, "read_group")
	}
	if d.major < 17 {
		methods["search"] = method{false, slices.Concat(needed(domain), page, optional("count")), (*tx).searchIDs}
	}
	if !d.does(odoofacts.ExistsIsPrivate) {
		methods["exists"] = method{true, nil, (*tx).exist}
	}
	if d.hasHasAccess() {
		methods["has_access"] = method{true, needed("operation"), (*tx).hasAccess}
	} else {
		methods["check_access_rule"] = method{true, needed("operation"), (*tx).checkAccessRule}
		methods["name_get"] = method{true, nil, (*tx).nameGet}
	}
	return methods
}

// privateMethods cannot be called from outside: since Odoo 18 their code is marked so; before, the name decided.
var privateMethods = []string{
	"browse", "ensure_one", "exists", "fetch", "filtered", "filtered_domain", "mapped", "search_fetch", "sorted", "sudo",
	"with_company", "with_context", "with_env", "with_user",
}

func (d dialect) isPrivate(method string) bool {
	known := privateMethods
	if !d.does(odoofacts.ExistsIsPrivate) {
		known = []string{"mapped", "filtered", "with_context"}
	}
	return strings.HasPrefix(method, "_") || method == "init" || d.hasHasAccess() && slices.Contains(known, method)
}

// modelMethods are methods of one model.
var modelMethods = map[scriptKey]method{
	{"res.users", "context_get"}: {false, nil, (*tx).contextGet},
}

// method finds a method of a model.
func (s *Server) method(model, name string) (method, bool) {
	for _, own := range []map[scriptKey]method{modelMethods, dataMethods, translationMethods, reportMethods, invoiceMethods, contentMethods, keyMethods} {
		if found, ok := own[scriptKey{model, name}]; ok {
			return found, true
		}
	}
	if name == messagePosting && s.hasChatter(model) {
		return messagePost, true
	}
	if name == portalURL && s.hasPortal(model) {
		return portalMethod, true
	}
	found, ok := s.methods[name]
	return found, ok
}

// call runs a method of a model: a scripted one if there is one.
func (t *tx) call(s *Server, m *model, name string, args []any, kwargs map[string]any) (any, error) {
	if t.isPrivate(name) {
		return nil, t.privateMethod(m.name, name)
	}
	if fn := s.scripts[scriptKey{m.name, name}]; fn != nil {
		return t.scriptPositional(fn, m, name, args, kwargs)
	}
	found, ok := s.method(m.name, name)
	if !ok {
		return nil, t.noMethod(m.name, name)
	}
	return t.run(found, m, name, args, kwargs)
}

func (t *tx) run(called method, m *model, name string, args []any, kwargs map[string]any) (any, error) {
	if name == "create" && len(args)+len(kwargs) == 0 && t.does(odoofacts.NamelessIsEmpty) {
		return nil, fail(classType, "missing a required argument: 'vals_list'")
	}
	class := t.since(odoofacts.QualifiedNames, "", "BaseModel.")
	if name == "create" && t.does(odoofacts.CreatePlain) {
		class = ""
	}
	sign := signature{class + name + "()", true, called.params}
	var ids []int64
	if called.records {
		if len(args) == 0 {
			return nil, fail(classIndex, "%s index out of range", t.pick("tuple", "list"))
		}
		var err error
		if ids, err = m.recordIDs(args[0]); err != nil {
			return nil, err
		}
		args = args[1:]
	}
	a, err := sign.bind(args, kwargs)
	if err != nil {
		return nil, err
	}
	a.ids = ids
	return called.run(t, m, a)
}

// recordIDs are the ids that a method is called on: a list, one id, or false for none.
func recordIDs(v any) ([]int64, error) {
	list, ok := v.([]any)
	if !ok && !unset(v) {
		list = []any{v}
	}
	found := ints(list)
	if len(found) < len(list) {
		return nil, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", str(v))
	}
	return found, nil
}

func (t *tx) searchIDs(m *model, a arguments) (any, error) {
	if _, isText := a.named["limit"].(string); isText && !t.does(odoofacts.TextLimits) {
		return nil, fail(classType, "%%d format: a %snumber is required, not str", t.since(odoofacts.QualifiedNames, "", "real "))
	}
	found, err := t.search(m, query{a.first(), a.int("offset"), a.int("limit"), a.text("order")})
	if err != nil {
		return nil, err
	}
	if truthy(a.named["count"]) {
		return len(found), nil
	}
	return m.wireIDs(ids(found)), nil
}

func (t *tx) searchCount(m *model, a arguments) (any, error) {
	found, err := t.search(m, query{domain: a.first(), limit: a.int("limit")})
	return len(found), err
}

func (t *tx) searchRead(m *model, a arguments) (any, error) {
	fields, err := t.readable(m, a.named["fields"])
	if err != nil {
		return nil, err
	}
	found, err := t.search(m, query{a.domain(), a.int("offset"), a.int("limit"), a.text("order")})
	if err != nil {
		return nil, err
	}
	load, given := a.named["load"]
	return t.without("active_test").read(m, found, t.inSearchRead(m, fields), !given || truthy(load)), nil
}

func (t *tx) readAll(m *model, a arguments) (any, error) {
	if err := t.may(m, "read"); err != nil {
		return nil, err
	}
	fields, err := t.readable(m, a.named["fields"])
	if err != nil {
		return nil, err
	}
	records := t.existing(m, a.ids)
	if err := t.obey(m, "read", records); err != nil {
		return nil, err
	}
	load, given := a.named["load"]
	return t.read(m, records, fields, !given || load == "_classic_read"), nil
}

// readable are the fields that a read names: all of the model unless it names any.
func (t *tx) readable(m *model, names any) ([]*field, error) {
	list, _ := names.([]any)
	if text, isText := names.(string); isText {
		for _, letter := range text {
			list = append(list, string(letter))
		}
	}
	var out []*field
	for _, name := range list {
		f := m.fields[str(name)]
		if f == nil {
			return nil, t.noFieldToRead(m.name, str(name))
		}
		if f.Translated {
			if err := t.checkLanguage(); err != nil {
				return nil, err
			}
		}
		out = append(out, f)
	}
	if len(list) == 0 {
		for _, f := range m.declared {
			out = append(out, m.fields[f.Name])
		}
	}
	return out, nil
}

// createAll makes one record of an object and several of a list of them.
func (t *tx) createAll(m *model, a arguments) (any, error) {
	switch given := a.first().(type) {
	case map[string]any:
		return t.create(m, given)
	case []any:
		made := make([]int64, len(given))
		for i, v := range given {
			values, ok := v.(map[string]any)
			if !ok {
				return nil, fail(classType, "'%s' object is not iterable", typeName(v))
			}
			var err error
			if made[i], err = t.create(m, values); err != nil {
				return nil, err
			}
		}
		return made, nil
	default:
		return nil, t.noValues(given)
	}
}

// noValues is the error for a create of something else than objects.
func (t *tx) noValues(given any) error {
	_, isText := given.(string)
	switch {
	case t.modern():
		return fail(classAssertion, "")
	case isText:
		return fail(classValue, "dictionary update sequence element #0 has length 1; 2 is required")
	}
	return fail(classType, "'%s' object is not iterable", typeName(given))
}

func (t *tx) writeAll(m *model, a arguments) (any, error) {
	values, ok := a.first().(map[string]any)
	if text, isText := a.first().(string); isText && text != "" && t.modern() {
		return nil, t.noFieldToWrite(m, text[:1])
	}
	if !ok {
		return nil, fail(classAttribute, "'%s' object has no attribute '%s'", typeName(a.first()), t.pick("keys", "items"))
	}
	return true, t.write(m, a.ids, values)
}

func (t *tx) unlinkAll(m *model, a arguments) (any, error) {
	slices.Sort(a.ids)
	return true, t.unlink(m, slices.Compact(a.ids))
}

// copyAll copies one record before Odoo 18, and gives its id; since then any number.
func (t *tx) copyAll(m *model, a arguments) (any, error) {
	if len(a.ids) != 1 && !t.hasHasAccess() {
		return nil, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
	}
	records, err := t.need(m, a.ids)
	if err == nil {
		err = t.obey(m, "read", records)
	}
	if err != nil {
		return nil, err
	}
	over, _ := a.named["default"].(map[string]any)
	made := make([]int64, len(records))
	for i, r := range records {
		if made[i], err = t.copy(m, r, over); err != nil {
			return nil, err
		}
	}
	if !t.hasHasAccess() {
		return made[0], nil
	}
	return made, nil
}

func (t *tx) exist(m *model, a arguments) (any, error) { return ids(t.existing(m, a.ids)), nil }

func (t *tx) nameGet(m *model, a arguments) (any, error) {
	if err := t.may(m, "read"); err != nil {
		return nil, err
	}
	records, err := t.need(m, a.ids)
	if err == nil {
		err = t.obey(m, "read", records)
	}
	if err != nil {
		return nil, err
	}
	return t.names(m, records), nil
}

// names are the pairs of id and display name.
func (t *tx) names(m *model, records []*record) [][2]any {
	out := make([][2]any, len(records))
	for i, r := range records {
		out[i] = [2]any{m.wireID(r.id), t.wire(m, r, m.fields["display_name"], true)}
	}
	return out
}

func (t *tx) nameCreate(m *model, a arguments) (any, error) {
	if m.recName == "" {
		return false, nil
	}
	id, err := t.create(m, map[string]any{m.recName: a.first()})
	if err != nil {
		return nil, err
	}
	return t.names(m, t.existing(m, []int64{id}))[0], nil
}

// nameSearch finds records by their display name, among those of a domain.
func (t *tx) nameSearch(m *model, a arguments) (any, error) {
	operator, limit := a.text("operator"), 100
	if operator == "" {
		operator = "ilike"
	}
	if _, given := a.named["limit"]; given {
		limit = a.int("limit")
	}
	domain, _ := a.named[a.params[1].name].([]any)
	if name := a.text("name"); name != "" {
		domain = append([]any{[]any{t.nameField(m), operator, name}}, domain...)
	}
	found, err := t.search(m, query{domain: domain, limit: limit})
	return t.names(m, found), err
}

// nameField is the field that a search by name is about.
func (t *tx) nameField(m *model) string {
	if t.modern() || !m.fields["display_name"].Computed {
		return "display_name"
	}
	if m.name == "res.partner" && m.has("complete_name") && t.does(odoofacts.CompleteNames) {
		return "complete_name"
	}
	return cmp.Or(m.recName, "id")
}

func (t *tx) hasAccess(m *model, a arguments) (any, error) {
	may, err := t.allowed(m, a.text("operation"))
	return may && t.obey(m, a.text("operation"), t.existing(m, a.ids)) == nil, err
}

func (t *tx) checkAccessRights(m *model, a arguments) (any, error) {
	operation := a.text("operation")
	may, err := t.allowed(m, operation)
	raise, given := a.named["raise_exception"]
	if err == nil && !may && (!given || truthy(raise)) {
		return nil, refused(m, operation)
	}
	return may, err
}

// checkAccessRule fails if a record rule keeps one of the records from the user.
func (t *tx) checkAccessRule(m *model, a arguments) (any, error) {
	records, err := t.need(m, a.ids)
	if err == nil {
		err = t.obey(m, a.text("operation"), records)
	}
	return nil, err
}

func (t *tx) allowed(m *model, operation string) (bool, error) {
	if operationVerbs[operation] == "" {
		return false, fail(classAssertion, "Invalid access mode")
	}
	return t.may(m, operation) == nil, nil
}

// contextGet is the context that a user works in unless a call says otherwise.
func (t *tx) contextGet(*model, arguments) (any, error) {
	if !t.modern() {
		return map[string]any{"lang": "en_US", "tz": "UTC"}, nil
	}
	return userContext(t.uid), nil
}

// archiver sets the field that separates active records from archived ones.
func archiver(next func(bool) bool) func(*tx, *model, arguments) (any, error) {
	return func(t *tx, m *model, a arguments) (any, error) {
		records, err := t.need(m, a.ids)
		if err != nil || m.active == nil {
			return nil, err
		}
		for _, r := range records {
			t.set(r, m.active.Name, next(t.isActive(m, r)))
		}
		return nil, nil
	}
}
