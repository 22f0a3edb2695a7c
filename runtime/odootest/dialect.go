package odootest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// dialect is what differs between the versions of Odoo.
type dialect struct {
	series string // "19.0", "saas~18.2"
	major  int
}

// does reports whether the version has a behaviour.
func (d dialect) does(b odoofacts.Behaviour) bool {
	return b.In(d.version())
}

// version is the version as the facts about Odoo take it.
func (d dialect) version() odoofacts.Version {
	_, minor, _ := strings.Cut(d.series, ".")
	n, _ := strconv.Atoi(minor)
	return odoofacts.Version{Major: d.major, Minor: n}
}

// since picks the text of this version: the second one if it has the behaviour.
func (d dialect) since(b odoofacts.Behaviour, before, after string) string {
	if d.does(b) {
		return after
	}
	return before
}

func dialectOf(series string) (dialect, error) {
	major, _, _ := strings.Cut(strings.TrimPrefix(series, "saas~"), ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return dialect{}, fmt.Errorf("odootest: the snapshot's series %q is not a version of Odoo", series)
	}
	return dialect{series, n}, nil
}

// modern is the version in which domains and most messages were written anew.
func (d dialect) modern() bool { return d.major >= 19 }

// formatsGroups recognises 18.2 and later, which have formatted_read_group.
func (d dialect) formatsGroups() bool {
	_, minor, _ := strings.Cut(d.series, ".")
	return d.modern() || d.major == 18 && minor >= "2"
}

// readGroupIsGone recognises 19.1 and later.
func (d dialect) readGroupIsGone() bool {
	return d.major > 19 || d.major == 19 && !strings.HasSuffix(d.series, "19.0")
}

func (d dialect) hasAny() bool       { return d.major >= 17 } // the operators any and not any
func (d dialect) hasHasAccess() bool { return d.major >= 18 } // has_access, and copy of several records

// info is server_version_info.
func (d dialect) info() []any {
	major, minor, _ := strings.Cut(d.series, ".")
	return []any{versionPart(major), versionPart(minor), 0, "final", 0, ""}
}

func versionPart(s string) any {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if s == "" {
		return 0
	}
	return s
}

// code is the code of every error.
func (d dialect) code() int {
	if d.modern() {
		return 0
	}
	return 200
}

// pick picks the text of this version.
func (d dialect) pick(before, modern string) string {
	if d.modern() {
		return modern
	}
	return before
}

func (d dialect) noDatabase(name string) error {
	return fail(classOperational, d.pick("", `connection to server at "127.0.0.1", port 5432 failed: `)+"FATAL:  database \"%s\" does not exist\n", name)
}

func (d dialect) noMethod(model, method string) error {
	return fail(classAttribute, "%s", odoofacts.UnknownMethod(d.version(), model, method))
}

func (d dialect) privateMethod(model, method string) error {
	if d.major >= 18 {
		return fail(classAccess, "Private methods (such as '%s.%s') cannot be called remotely.", model, method)
	}
	return fail(classAccess, "Private methods (such as %s) cannot be called remotely.", method)
}

func (d dialect) noFieldToRead(model, field string) error {
	return fail(classValue, d.pick("Invalid field '%s' on model '%s'", "Invalid field '%s' on '%s'"), field, model)
}

func (d dialect) noFieldToCreate(model, field string) error {
	return fail(classValue, d.pick("Invalid field '%s' on model '%s'", "Invalid field '%s' in '%s'"), field, model)
}

func (d dialect) noFieldToWrite(m *model, field string) error {
	if d.modern() && !m.custom {
		return fail(classKey, "%s", field)
	}
	return d.noFieldToCreate(m.name, field)
}

func (d dialect) noFieldInLeaf(model, field string, leaf []any) error {
	return fail(classValue, d.pick("Invalid field %s.%s in leaf %s", "Invalid field %s.%s in condition %s"), model, field, tuple(leaf))
}

func (d dialect) notARelation(m *model, f *field, rest string) error {
	if d.modern() {
		return fail(classValue, "Invalid field property '%s' on %s.%s", rest, m.name, f.Name)
	}
	return fail(classAttribute, "'%s' object has no attribute 'auto_join'", strings.ToUpper(f.Type[:1])+f.Type[1:])
}

func (d dialect) badOperator(leaf []any) error {
	return fail(classValue, d.pick("Invalid leaf %s", "Invalid operator in condition %s"), tuple(leaf))
}

func (d dialect) badLeaf(leaf []any) error {
	switch {
	case d.modern():
		return fail(classValue, "Domain() invalid item in domain: %s", repr(leaf))
	case d.does(odoofacts.SyntaxIsValue) && len(leaf) < 3:
		return fail(classValue, "not enough values to unpack (expected 3, got %d)", len(leaf))
	case d.does(odoofacts.SyntaxIsValue) && len(leaf) > 3:
		return fail(classValue, "too many values to unpack (expected 3)")
	}
	return fail(classValue, "Invalid leaf %s", tuple(leaf))
}

func (d dialect) badConstant(leaf []any) error {
	switch {
	case d.modern():
		return fail(classType, "Domain() invalid arguments: %s", tuple(leaf))
	case d.does(odoofacts.SyntaxIsValue):
		return fail(classAttribute, "'%s' object has no attribute 'split'", typeName(leaf[0]))
	}
	return fail(classValue, "Invalid leaf %s", tuple(leaf))
}

func (d dialect) badItem(item any) error {
	if d.modern() {
		return fail(classValue, "Domain() invalid item in domain: %s", repr(item))
	}
	return fail(classIndex, "string index out of range")
}

func (d dialect) incompleteDomain(domain []any) error {
	if d.modern() {
		return fail(classValue, "Domain() malformed domain %s", repr(domain))
	}
	if d.does(odoofacts.SyntaxIsValue) {
		return fail(classValue, "Domain %s is syntactically not correct.", repr(domain))
	}
	return fail(classAssertion, "This domain is syntactically not correct: %s", repr(domain))
}

const recursionDepth = "maximum recursion depth exceeded"

// tooDeep is the error for a domain with more nested signs than the server takes.
func (d dialect) tooDeep() error {
	if d.modern() {
		return fail(classRecursion, recursionDepth)
	}
	return fail(classSyntax, "memory exhausted at or near \"(\"\n")
}

func (d dialect) notADomain(v any) error {
	if d.modern() {
		return fail(classType, "Domain() invalid argument type for domain: %s", repr(v))
	}
	return fail(classAssertion, "Domains to normalize must have a 'domain' form: a list or tuple of domain components")
}

func (d dialect) notInt(v any) error {
	return fail(classType, "int() argument must be a string, a bytes-like object or a %snumber, not '%s'", d.since(odoofacts.QualifiedNames, "", "real "), typeName(v))
}

func (d dialect) missingValue(m *model, f *field) error {
	if d.modern() {
		return fail(classValidation, "The operation cannot be completed: Missing required value for the field '%s' (%s).\nModel: '%s' (%s)\n"+
			"- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n",
			f.Label, f.Name, m.label, m.name)
	}
	return fail(classValidation, "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n"+
		"- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n"+
		d.since(odoofacts.BrokenLinkLines, "Model: %s (%s), Field: %s (%s)", "Model: %s (%s)\nField: %s (%s)\n"), m.label, m.name, f.Label, f.Name)
}

// brokenLink is the error for a link to a record that does not exist, or for the deletion of one that is linked.
func (d dialect) brokenLink(m *model, f *field) error {
	if d.modern() {
		return fail(classValidation, "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"+
			"The troublemaker is: '%s' (%s)\nThanks to the following constraint: '%s' (%s)\nHow about archiving the record instead?",
			m.label, m.name, f.Label, f.Name)
	}
	return fail(classValidation, "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\n"+
		d.since(odoofacts.BrokenLinkLines, "Model: %s (%s), Constraint: %s_%s_fkey", "Model: %s (%s)\nConstraint: %s_%s_fkey\n"), m.label, m.name, strings.ReplaceAll(m.name, ".", "_"), f.Name)
}

// brokenPair is the same for a many2many, whose table has no model.
func (d dialect) brokenPair(constraint string) error {
	if d.modern() {
		return fail(classValidation, "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"+
			"The troublemaker is: Unknown\nThanks to the following constraint: %s\nHow about archiving the record instead?", constraint)
	}
	return fail(classValidation, "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\n"+
		d.since(odoofacts.BrokenLinkLines, "Model: Unknown (Unknown), Constraint: %s", "Model: Unknown (unknown)\nConstraint: %s\n"), constraint)
}

func missing(m *model, uid int64, ids ...int64) error {
	return fail(classMissing, "Record does not exist or has been deleted.\n(Record: %s%s, User: %d)", m.name, idTuple(ids), uid)
}

// idTuple is how Odoo prints the ids of a record set.
func idTuple(ids []int64) string {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return tuple(list)
}

var operationVerbs = map[string]string{"read": "access", "write": "modify", "create": "create", "unlink": "delete"}

func refused(m *model, operation string) error {
	return fail(classAccess, "You are not allowed to %s '%s' (%s) records.\n\nNo group currently allows this operation.\n\n"+
		"Contact your administrator to request access if necessary.", operationVerbs[operation], m.label, m.name)
}
