package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// table is a model of the fake whose records have the ids, in the order of any query with an order but by id.
type table []int64

func (ids table) answer(c fakeCall) string {
	switch c.Method {
	case "search_read":
		var limit int
		_ = json.Unmarshal(c.Named["limit"], &limit)
		rows := slices.Sorted(slices.Values(ids))
		rows = slices.DeleteFunc(rows, func(id int64) bool { return id <= afterID(c.Named["domain"]) })
		return resultOf(tableRows(rows[:min(limit, len(rows))]))
	case "search":
		var offset, limit int
		_ = json.Unmarshal(c.Args[1], &offset)
		_ = json.Unmarshal(c.Args[2], &limit)
		found := ids[min(offset, len(ids)):]
		if limit > 0 {
			found = found[:min(limit, len(found))]
		}
		list, _ := json.Marshal(found)
		return resultOf(string(list))
	case "read":
		var wanted []int64
		_ = json.Unmarshal(c.Args[0], &wanted)
		return resultOf(tableRows(slices.DeleteFunc(wanted, func(id int64) bool { return !slices.Contains(ids, id) })))
	}
	return faultOf("builtins.AttributeError", c.Method)
}

// after finds n in a domain that ends in ["id", ">", n].
func afterID(domain json.RawMessage) (n int64) {
	var terms []json.RawMessage
	_ = json.Unmarshal(domain, &terms)
	if len(terms) > 0 {
		_, _ = fmt.Sscanf(string(terms[len(terms)-1]), `["id",">",%d]`, &n)
	}
	return n
}

func tableRows(ids []int64) string {
	rows := make([]string, len(ids))
	for i, id := range ids {
		rows[i] = fmt.Sprintf(`{"id":%d,"name":"S%d"}`, id, id)
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// row is what is read of a sale.
type row struct {
	ID   ID[sale] `odoo:"id"`
	Name string   `odoo:"name"`
}

// walk reads all pages, and gives the ids and, of each call, what says which page it is.
func walkPages(t *testing.T, object func(fakeCall) string, where Domain[sale], options ...Option) (ids []ID[sale], pages []string, err error) {
	t.Helper()
	f := &fakeOdoo{object: object}
	for r, failed := range All[row](t.Context(), dialFake(t, f), where, options...) {
		if err != nil {
			t.Fatal("a record after an error")
		}
		if err = failed; err == nil {
			ids = append(ids, r.ID)
		} else if r != (row{}) {
			t.Errorf("the error came with the record %v", r)
		}
	}
	for _, c := range f.log() {
		switch c.Method {
		case "search_read":
			pages = append(pages, fmt.Sprintf("search_read %s limit %s order %s", c.Named["domain"], c.Named["limit"], c.Named["order"]))
		default:
			pages = append(pages, strings.TrimPrefix(c.String(), "sale.order."))
		}
	}
	return ids, pages, err
}

func TestPagesFollowTheID(t *testing.T) {
	many := table{9, 2, 7, 4, 5}
	for name, c := range map[string]struct {
		where   Domain[sale]
		options []Option
		ids     []ID[sale]
		pages   []string
	}{
		"one page": {Domain[sale]{}, nil, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 500 order "id"`}},
		"three pages": {Domain[sale]{}, []Option{PageSize(2)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 2 order "id"`,
			`search_read [["id",">",7]] limit 2 order "id"`}},
		"a full last page": {Domain[sale]{}, []Option{PageSize(5)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 5 order "id"`,
			`search_read [["id",">",9]] limit 5 order "id"`}},
		"with a condition": {condA, []Option{PageSize(3)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [["a","=",1]] limit 3 order "id"`,
			`search_read ["&",["a","=",1],["id",">",5]] limit 3 order "id"`}},
		"with a choice": {Or(condA, condB), []Option{PageSize(3)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read ["|",["a","=",1],["b","=",2]] limit 3 order "id"`,
			`search_read ["&","|",["a","=",1],["b","=",2],["id",">",5]] limit 3 order "id"`}},
		"a limit within a page": {Domain[sale]{}, []Option{PageSize(3), Limit(2)}, []ID[sale]{2, 4}, []string{
			`search_read [] limit 2 order "id"`}},
		"a limit of whole pages": {Domain[sale]{}, []Option{PageSize(2), Limit(4)}, []ID[sale]{2, 4, 5, 7}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 2 order "id"`}},
		"a limit across pages": {Domain[sale]{}, []Option{PageSize(2), Limit(3)}, []ID[sale]{2, 4, 5}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 1 order "id"`}},
		"a limit beyond the end": {Domain[sale]{}, []Option{PageSize(4), Limit(99)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 4 order "id"`,
			`search_read [["id",">",7]] limit 4 order "id"`}},
		"a page size of nothing": {Domain[sale]{}, []Option{PageSize(-1)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 500 order "id"`}},
	} {
		ids, pages, err := walkPages(t, many.answer, c.where, c.options...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.ids, ids); diff != "" {
			t.Errorf("%s: the ids (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.pages, pages); diff != "" {
			t.Errorf("%s: the calls (-want +got)\n%s", name, diff)
		}
	}
}

func TestWithAnOrderTheIDsAreLookedUpFirst(t *testing.T) {
	many := table{9, 2, 7, 4, 5}
	for name, c := range map[string]struct {
		options []Option
		ids     []ID[sale]
		pages   []string
	}{
		"an order": {[]Option{Desc(saleF.Total), PageSize(2)}, []ID[sale]{9, 2, 7, 4, 5}, []string{
			`search [[],0,null,"amount_total desc"] {}`,
			`read [[9,2],["id","name"]] {}`,
			`read [[7,4],["id","name"]] {}`,
			`read [[5],["id","name"]] {}`}},
		"a limit": {[]Option{Desc(saleF.Total), PageSize(2), Limit(3)}, []ID[sale]{9, 2, 7}, []string{
			`search [[],0,3,"amount_total desc"] {}`,
			`read [[9,2],["id","name"]] {}`,
			`read [[7],["id","name"]] {}`}},
		"an offset": {[]Option{Offset(3)}, []ID[sale]{4, 5}, []string{
			`search [[],3,null,null] {}`,
			`read [[4,5],["id","name"]] {}`}},
		"an offset beyond the end": {[]Option{Offset(9)}, nil, []string{
			`search [[],9,null,null] {}`}},
		"a context": {[]Option{Asc(saleF.Name), Context{"lang": "fr_FR"}}, []ID[sale]{9, 2, 7, 4, 5}, []string{
			`search [[],0,null,"name asc"] {"context":{"lang":"fr_FR"}}`,
			`read [[9,2,7,4,5],["id","name"]] {"context":{"lang":"fr_FR"}}`}},
	} {
		ids, pages, err := walkPages(t, many.answer, Domain[sale]{}, c.options...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.ids, ids); diff != "" {
			t.Errorf("%s: the ids (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.pages, pages); diff != "" {
			t.Errorf("%s: the calls (-want +got)\n%s", name, diff)
		}
	}
}

func TestNoRecordsAreOneCall(t *testing.T) {
	ids, pages, err := walkPages(t, table{}.answer, Domain[sale]{})
	if ids != nil || len(pages) != 1 || err != nil {
		t.Errorf("%v, %v, %v", ids, pages, err)
	}
}

func TestRecordsThatGoBetweenPagesAreLeftOut(t *testing.T) {
	many := table{9, 2, 7, 4, 5}
	object := func(c fakeCall) string {
		answer := many.answer(c)
		if c.Method == "search" {
			many = table{9, 7, 5}
		}
		return answer
	}
	ids, _, err := walkPages(t, object, Domain[sale]{}, Desc(saleF.Total), PageSize(2))
	if want := []ID[sale]{9, 7, 5}; err != nil || !slices.Equal(ids, want) {
		t.Errorf("got %v, %v", ids, err)
	}
}

func TestStoppingEarlyEndsTheCalls(t *testing.T) {
	for name, options := range map[string][]Option{"by id": {PageSize(2)}, "of a list": {PageSize(2), Asc(saleF.Name)}} {
		f := &fakeOdoo{object: table{1, 2, 3, 4, 5, 6}.answer}
		var ids []ID[sale]
		for r, err := range All[row](t.Context(), dialFake(t, f), Domain[sale]{}, options...) {
			if err != nil {
				t.Fatal(err)
			}
			if ids = append(ids, r.ID); len(ids) == 3 {
				break
			}
		}
		reads := slices.DeleteFunc(f.log(), func(c fakeCall) bool { return c.Method == "search" })
		if len(ids) != 3 || len(reads) != 2 {
			t.Errorf("%s: %v after %v", name, ids, reads)
		}
	}
}

func TestAnErrorBetweenPagesIsTheLastYield(t *testing.T) {
	broken := map[string]string{
		"an error of Odoo":      faultOf("odoo.exceptions.AccessError", "no"),
		"a field that is wrong": resultOf(`[{"id":8,"name":"S8"},{"id":9,"name":[]}]`),
		"no list":               resultOf(`true`),
	}
	for name, failure := range broken {
		for method, options := range map[string][]Option{"search_read": {PageSize(2)}, "read": {PageSize(2), Asc(saleF.Name)}} {
			reads := 0
			object := func(c fakeCall) string {
				if c.Method == method {
					if reads++; reads == 2 {
						return failure
					}
				}
				return table{1, 2, 3, 4, 5}.answer(c)
			}
			ids, _, err := walkPages(t, object, Domain[sale]{}, options...)
			if err == nil || !slices.Equal(ids, []ID[sale]{1, 2}) || reads != 2 {
				t.Errorf("%s in %s: %v, %v after %d reads", name, method, ids, err, reads)
			}
		}
	}
}

func TestAnErrorBeforeTheFirstPageIsYieldedOnce(t *testing.T) {
	c := dialFake(t, &fakeOdoo{object: answerAll(faultOf("odoo.exceptions.AccessError", "no"))})
	for name, options := range map[string][]Option{"by id": nil, "of a list": {Asc(saleF.Name)}, "a wrong order": {Asc(partnerF.Name)}} {
		var errs []error
		for _, err := range All[row](t.Context(), c, Domain[sale]{}, options...) {
			errs = append(errs, err)
		}
		if len(errs) != 1 || errs[0] == nil || (name != "a wrong order" && !errors.Is(errs[0], ErrAccess)) {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

func TestAllCanBeRangedOverTwice(t *testing.T) {
	all := All[row](t.Context(), dialFake(t, &fakeOdoo{object: table{1, 2, 3}.answer}), Domain[sale]{}, PageSize(2))
	for range 2 {
		n := 0
		for _, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 3 {
			t.Errorf("%d records", n)
		}
	}
}
