package odootest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// tree seeds what the conditions are about: A above B above C, which is archived, and D alone.
func tree(t *testing.T, series string) *odootest.Server {
	t.Helper()
	s := odootest.New(t, small(series))
	for _, name := range []string{"red", "blue"} {
		create(t, s, "x.tag", map[string]any{"name": name})
	}
	create(t, s, "x.node", map[string]any{"name": "nodeA", "ref": "R1", "tag_ids": []any{1, 2}, "rank": 3, "day": "2024-01-01"})
	create(t, s, "x.node", map[string]any{"name": "nodeB", "parent_id": 1, "day": "2024-02-01"})
	create(t, s, "x.node", map[string]any{"name": "nodeC", "parent_id": 2, "ref": "R2", "active": false})
	create(t, s, "x.node", map[string]any{"name": "NODEd", "company": true, "tag_ids": []any{2}})
	return s
}

func parse(t *testing.T, domain string) any {
	t.Helper()
	var v any
	must(t, json.Unmarshal([]byte(domain), &v))
	return v
}

// search gives the last letters of the nodes that match, or the error.
func search(t *testing.T, s *odootest.Server, domain string, kwargs map[string]any) string {
	t.Helper()
	a := kw(t, s, "x.node", "search", []any{parse(t, domain)}, kwargs)
	if a.Error != nil {
		return strings.TrimPrefix(a.Error.Data.Name, "builtins.") + ": " + a.Error.Data.Message
	}
	var ids []int
	must(t, json.Unmarshal(a.Result, &ids))
	var b strings.Builder
	for _, id := range ids {
		b.WriteByte("?ABCD"[id])
	}
	return b.String()
}

// Each line is a condition on all the nodes, archived ones included, and the nodes that match on 14 and on 19. The
// answers are those of real servers on records of the same shape.
const conditions = `
[]                                     ABCD ABCD
[["ref","=","R1"]]                     A    A
[["ref","=","r1"]]                     -    -
[["ref","=",false]]                    BD   BD
[["ref","=",null]]                     BD   BD
[["ref","=",""]]                       -    BD
[["ref","=",["R1",false]]]             ABD  ABD
[["ref","=",[]]]                       -    BD
[["ref","=",true]]                     -    -
[["ref","!=","R1"]]                    BCD  BCD
[["ref","!=",false]]                   AC   AC
[["ref","!=",""]]                      AC   AC
[["ref","!=",[]]]                      ABCD AC
[["ref","!=",["R1",false]]]            C    C
[["ref","<>","R1"]]                    BCD  BCD
[["ref","in",["R1"]]]                  A    A
[["ref","in",["R1",false]]]            ABD  ABD
[["ref","in",[]]]                      -    -
[["ref","in",false]]                   -    -
[["ref","not in",["R1"]]]              BCD  BCD
[["ref","not in",["R1",false]]]        C    C
[["ref","not in",[]]]                  ABCD ABCD
[["ref","not in",false]]               AC   ABCD
[["ref","like","R"]]                   AC   AC
[["ref","like","r"]]                   -    -
[["ref","like",""]]                    ABCD ABCD
[["ref","not like","R1"]]              BCD  BCD
[["ref","not like",""]]                BD   -
[["ref","ilike","r%"]]                 AC   AC
[["ref","not ilike","r1"]]             BCD  BCD
[["ref","=like","R_"]]                 AC   AC
[["ref","=like","r_"]]                 -    -
[["ref","=ilike","r_"]]                AC   AC
[["ref","=like",false]]                -    BD
[["ref","like","R\\_"]]                -    -
[["ref","<","R2"]]                     A    ABD
[["ref","<=","R2"]]                    AC   ABCD
[["ref",">","R1"]]                     C    C
[["ref",">=","R1"]]                    AC   AC
[["ref",">",false]]                    -    AC
[["ref","=?",false]]                   ABCD ABCD
[["ref","=?",null]]                    ABCD ABCD
[["ref","=?",""]]                      -    ABCD
[["ref","=?","R1"]]                    A    A
[["rank","=",3]]                       A    A
[["rank","=","3"]]                     A    A
[["rank","=",0]]                       -    BCD
[["rank","=",false]]                   BCD  BCD
[["rank","!=",false]]                  A    A
[["rank","in",[0,3]]]                  ABCD ABCD
[["rank","=",2.5]]                     -    -
[["rank",">",2.5]]                     A    A
[["rank","<","3"]]                     -    BCD
[["rank",">=",false]]                  A    ABCD
[["company","=",true]]                 D    D
[["company","=",false]]                ABC  ABC
[["company","!=",false]]               D    D
[["company","=",1]]                    D    D
[["company","in",[true,false]]]        ABCD ABCD
[["day","=",false]]                    CD   CD
[["day",">","2024-01-01"]]             B    B
[["day","<=","2024-01-01"]]            A    A
[["day","!=","2024-01-01"]]            BCD  BCD
[["id","=",2]]                         B    B
[["id","=","2"]]                       B    -
[["id","in",[2,3,99]]]                 BC   BC
[["id",">",2]]                         CD   CD
[["id","!=",false]]                    ABCD ABCD
[["id","child_of",2]]                  BC   BC
[["id","child_of",[1,4]]]              ABCD ABCD
[["id","child_of","nodeb"]]            BC   BC
[["id","child_of",false]]              -    -
[["id","parent_of",[3]]]               ABC  ABC
[["parent_id","=",1]]                  B    B
[["parent_id","=",[1,2]]]              BC   BC
[["parent_id","=",false]]              AD   AD
[["parent_id","=","nodeA"]]            B    B
[["parent_id","=","nodea"]]            -    -
[["parent_id","=",99]]                 -    -
[["parent_id","!=",1]]                 ACD  ACD
[["parent_id","!=",false]]             BC   BC
[["parent_id","!=","nodeA"]]           ACD  ACD
[["parent_id","in",[1,false]]]         ABD  ABD
[["parent_id","in",["nodeA"]]]         B    B
[["parent_id","not in",[1]]]           ACD  ACD
[["parent_id","not in",[false]]]       BC   BC
[["parent_id","ilike","NODEA"]]        B    B
[["parent_id","not ilike","nodea"]]    ACD  ACD
[["parent_id","=like","nodeA"]]        B    B
[["parent_id","<",2]]                  B    B
[["parent_id","=?",false]]             ABCD ABCD
[["parent_id","child_of",1]]           ABC  ABC
[["parent_id","parent_of",2]]          AB   AB
[["child_ids","=",2]]                  A    A
[["child_ids","=",3]]                  B    B
[["child_ids","=",false]]              CD   CD
[["child_ids.name","=","nodeB"]]       A    A
[["tag_ids","=",1]]                    A    A
[["tag_ids","in",[1,2]]]               AD   AD
[["tag_ids","not in",[1]]]             BCD  BCD
[["tag_ids","=",false]]                BC   BC
[["tag_ids","=","red"]]                A    A
[["tag_ids","ilike","RED"]]            A    A
[["tag_ids","not ilike","red"]]        BCD  BCD
[["tag_ids.name","!=","red"]]          AD   AD
[["tag_ids","child_of","red"]]         !    !
[["parent_id.ref","=","R1"]]           B    B
[["parent_id.ref","!=","R1"]]          C    C
[["parent_id.ref","=",false]]          C    C
[["parent_id.parent_id","=",1]]        C    C
[["parent_id.active","=",false]]       -    -
["!",["ref","=","R1"]]                 BCD  BCD
["!",["parent_id.ref","=","R1"]]       C    ACD
["|",["ref","=","R1"],["rank","=",0]]  A    ABCD
["&",["ref","=","R1"],["rank","=",0]]  -    -
[["ref","=","R1"],["rank","=",3]]      A    A
["!","|",["ref","=","R1"],["name","=","NODEd"]] BC BC
[[1,"=",1]]                            ABCD ABCD
[[0,"=",1]]                            -    -
["!",[1,"=",1]]                        -    -
[true]                                 ! !
`

func TestConditions(t *testing.T) {
	t.Parallel()
	for column, series := range map[int]string{1: "14.0", 2: "19.0"} {
		s := tree(t, series)
		for line := range strings.Lines(strings.TrimSpace(conditions)) {
			words := strings.Fields(line)
			n := len(words) - 3
			domain, want := strings.Join(words[:n+1], " "), words[n+column]
			got := search(t, s, domain, map[string]any{"context": map[string]any{"active_test": false}})
			switch {
			case got == "":
				got = "-"
			case strings.Contains(got, ":"):
				t.Logf("%s: %s: %s", series, domain, got)
				got = "!"
			}
			if got != want {
				t.Errorf("%s: %s: got %s, want %s", series, domain, got, want)
			}
		}
	}
}

func TestArchivedRecordsAreHidden(t *testing.T) {
	t.Parallel()
	s := tree(t, "19.0")
	for domain, want := range map[string]string{
		`[]`:                             "ABD",
		`[["active","=",false]]`:         "C",
		`[["active","in",[true,false]]]`: "ABCD",
		`["|",["active","=",true],["name","=","nodeC"]]`:         "ABCD",
		`["!",["active","=",true]]`:                              "C",
		`[["child_ids.name","=","nodeC"]]`:                       "",
		`[["child_ids","any",[["name","=","nodeC"]]]]`:           "",
		`[["child_ids","!=",false]]`:                             "AB",
		`[["parent_id","any",[["active","=",true]]]]`:            "B",
		`[["parent_id.child_ids.active","=",true],["id","=",2]]`: "B",
	} {
		equal(t, domain, search(t, s, domain, nil), want)
	}
	kw(t, s, "x.node", "read", []any{[]any{2}, []any{"child_ids"}}, nil).result(t, `[{"id":2,"child_ids":[]}]`)
	kw(t, s, "x.node", "read", []any{[]any{2}, []any{"child_ids"}}, map[string]any{"context": map[string]any{"active_test": false}}).result(t, `[{"id":2,"child_ids":[3]}]`)
	equal(t, "before 19", search(t, tree(t, "14.0"), `[["child_ids","!=",false]]`, nil), "AB")
}

func TestAny(t *testing.T) {
	t.Parallel()
	s := tree(t, "17.0")
	all := map[string]any{"context": map[string]any{"active_test": false}}
	for domain, want := range map[string]string{
		`[["parent_id","any",[["ref","=","R1"]]]]`:                    "B",
		`[["parent_id","not any",[["ref","=","R1"]]]]`:                "ACD",
		`["!",["parent_id","any",[["ref","=","R1"]]]]`:                "ACD",
		`[["child_ids","any",[]]]`:                                    "AB",
		`[["child_ids","any",["|",["ref","=","R2"],["rank",">",0]]]]`: "B",
		`[["tag_ids","any",[["name","=","red"],["id","=",2]]]]`:       "",
	} {
		equal(t, domain, search(t, s, domain, all), want)
	}
	equal(t, "before 17", search(t, tree(t, "16.0"), `[["parent_id","any",[["ref","=","R1"]]]]`, nil), "TypeError: unhashable type: 'list'")
}

func TestDomainErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ domain, on14, on19 string }{
		{`[["foo","=",1]]`, "ValueError: Invalid field x.node.foo in leaf ('foo', '=', 1)", "ValueError: Invalid field x.node.foo in condition ('foo', '=', 1)"},
		{`[["parent_id.foo","=",1]]`, "ValueError: Invalid field x.node.foo in leaf ('foo', '=', 1)", "ValueError: Invalid field x.node.foo in condition ('foo', '=', 1)"},
		{`[["ref.foo","=",1]]`, "AttributeError: 'Char' object has no attribute 'auto_join'", "ValueError: Invalid field property 'foo' on x.node.ref"},
		{`[["name","foo",[1,"a",null,true,1.5]]]`, "ValueError: Invalid leaf ('name', 'foo', [1, 'a', None, True, 1.5])", "ValueError: Invalid operator in condition ('name', 'foo', [1, 'a', None, True, 1.5])"},
		{`[["name","="]]`, "ValueError: Invalid leaf ('name', '=')", "ValueError: Domain() invalid item in domain: ['name', '=']"},
		{`["&",["name","=","x"]]`, "AssertionError: This domain is syntactically not correct: ['&', ['name', '=', 'x']]", "ValueError: Domain() malformed domain ['&', ['name', '=', 'x']]"},
		{`"foo"`, "AssertionError: Domains to normalize must have a 'domain' form: a list or tuple of domain components", "TypeError: Domain() invalid argument type for domain: 'foo'"},
		{`["x",["name","=","x"]]`, "IndexError: string index out of range", "ValueError: Domain() invalid item in domain: 'x'"},
		{`[[1,"=",0]]`, "ValueError: Invalid leaf (1, '=', 0)", "TypeError: Domain() invalid arguments: (1, '=', 0)"},
		{`[["ref","in","R1"]]`, "ValueError: Invalid domain term ('ref', 'in', 'R1')", "A"},
		{`[["ref","not in",5]]`, "ValueError: Invalid domain term ('ref', 'not in', 5)", "ABD"},
		{`[["ref","NOT IN",["R1"]]]`, "ValueError: Invalid leaf ('ref', 'NOT IN', ['R1'])", "BD"},
		{`[["ref","==","R1"]]`, "ValueError: Invalid leaf ('ref', '==', 'R1')", "A"},
		{`[["ref","=like",5]]`, "", "TypeError: The pattern to match must be a string in condition ('ref', '=like', 5)"},
		{`[["company",">",true]]`, "", "ValueError: Cannot compare 'company' to <class 'bool'> which is not a collection of length 1 in condition ('company', '>', True)"},
		{`[["day","<","foo"]]`, "psycopg2.errors.InvalidDatetimeFormat: invalid input syntax for type date: \"foo\"\n", "ValueError: Invalid term 'foo' in expression date: 'foo'"},
		{`[["rank","<",[3]]]`, "TypeError: int() argument must be a string, a bytes-like object or a number, not 'list'", "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'"},
		{`[["parent_id","=",true]]`, "psycopg2.errors.UndefinedFunction: operator does not exist: integer = boolean\n", "psycopg2.errors.UndefinedFunction: operator does not exist: integer = boolean\n"},
		{`[["ref","any",[["ref","=","R2"]]]]`, "TypeError: unhashable type: 'list'", "ValueError: Cannot use 'any' with non-relational fields in condition ('ref', 'any', [['ref', '=', 'R2']])"},
		{`[["outside_id.name","=","x"]]`, "KeyError: odootest: res.nowhere, the target of x.node.outside_id, is not in the snapshot", "KeyError: odootest: res.nowhere, the target of x.node.outside_id, is not in the snapshot"},
		{`[["outside_id","=",5]]`, "", ""},
	} {
		equal(t, "14: "+c.domain, search(t, tree(t, "14.0"), c.domain, nil), c.on14)
		equal(t, "19: "+c.domain, search(t, tree(t, "19.0"), c.domain, nil), c.on19)
	}
}

func TestOrderAndPages(t *testing.T) {
	t.Parallel()
	s := tree(t, "19.0")
	for order, want := range map[string]string{
		"":                       "ABCD",
		"id desc":                "DCBA",
		"name":                   "DABC", // by bytes
		"ref":                    "ACBD", // unset ones last
		"ref desc":               "BDCA",
		"ref asc nulls first":    "BDAC",
		"parent_id, id desc":     "BCDA",
		"parent_id desc, id":     "ADCB",
		"rank desc, name asc":    "DBCA", // D, B and C have none
		" company DESC ,id desc": "DCBA",
	} {
		equal(t, order, search(t, s, `[]`, map[string]any{"order": order, "context": map[string]any{"active_test": false}}), want)
	}
	for _, c := range []struct {
		limit, offset any
		want          string
	}{{2, 0, "AB"}, {2, 1, "BD"}, {0, 1, "BD"}, {false, 2, "D"}, {nil, nil, "ABD"}, {5, 9, ""}} {
		equal(t, fmt.Sprint(c), search(t, s, `[]`, map[string]any{"limit": c.limit, "offset": c.offset}), c.want)
	}
	const bad = `odoo.exceptions.UserError: Invalid "order" specified (%s). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`
	for order, want := range map[string]string{
		"foo":            "ValueError: Invalid field 'foo' on model 'x.node'",
		"name foo":       fmt.Sprintf(bad, "name foo"),
		"id, ;":          fmt.Sprintf(bad, "id, ;"),
		"parent_id.name": "ValueError: Invalid field property 'name' on x.node.parent_id",
		"tag_ids":        "ValueError: Cannot convert x.node.tag_ids to SQL because it is not stored",
	} {
		equal(t, order, search(t, s, `[]`, map[string]any{"order": order}), want)
	}
	equal(t, "nulls on 14", search(t, tree(t, "14.0"), `[]`, map[string]any{"order": "ref asc nulls first"}), fmt.Sprintf(bad, "ref asc nulls first"))
	equal(t, "a negative limit", search(t, s, `[]`, map[string]any{"limit": -1}), "psycopg2.errors.InvalidRowCountInLimitClause: LIMIT must not be negative\n")
}
