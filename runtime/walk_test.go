package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// table is a model of the fake whose records have the ids, in the order of any query with an order but by id.
type table []int64

func (ids table) answer(c fakeCall) string {
	switch c.Method {
	case "search_read":
		rows := ids.matching(c.Named["domain"], c.Named["order"])
		return resultOf(tableRows(firstOf(rows, c.Named["limit"])))
	case "search":
		var offset int
		_ = json.Unmarshal(c.Args[1], &offset)
		rows := ids.matching(c.Args[0], c.Args[3])
		list, _ := json.Marshal(firstOf(rows[min(offset, len(rows)):], c.Args[2]))
		return resultOf(string(list))
	}
	return faultOf("builtins.AttributeError", c.Method)
}

// matching are the ids that fit a domain that ends in a term on the id, if it has one.
func (ids table) matching(domain, order json.RawMessage) []int64 {
	var terms []json.RawMessage
	_ = json.Unmarshal(domain, &terms)
	var last []json.RawMessage
	if len(terms) > 0 {
		_ = json.Unmarshal(terms[len(terms)-1], &last)
	}
	rows := slices.Clone(ids)
	if string(order) == `"id"` {
		slices.Sort(rows)
	}
	if len(last) != 3 || string(last[0]) != `"id"` {
		return rows
	}
	var after int64
	var list []int64
	_ = json.Unmarshal(last[2], &after)
	_ = json.Unmarshal(last[2], &list)
	return slices.DeleteFunc(rows, func(id int64) bool {
		return id <= after || list != nil && !slices.Contains(list, id)
	})
}

func firstOf(rows []int64, limit json.RawMessage) []int64 {
	var n int
	if _ = json.Unmarshal(limit, &n); n > 0 {
		return rows[:min(n, len(rows))]
	}
	return append([]int64{}, rows...)
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
func walkPages(t *testing.T, object func(fakeCall) string, where Domain[sale], options ...WalkOption) (ids []ID[sale], pages []string, err error) {
	t.Helper()
	f := &fakeOdoo{Object: object}
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
	for _, c := range f.Log() {
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
		options []WalkOption
		ids     []ID[sale]
		pages   []string
	}{
		"one page": {Domain[sale]{}, nil, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 500 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
		"three pages": {Domain[sale]{}, []WalkOption{PageSize(2)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 2 order "id"`,
			`search_read [["id",">",7]] limit 2 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
		"a full last page": {Domain[sale]{}, []WalkOption{PageSize(5)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 5 order "id"`,
			`search_read [["id",">",9]] limit 5 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
		"with a condition": {condA, []WalkOption{PageSize(3)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [["a","=",1]] limit 3 order "id"`,
			`search_read ["&",["a","=",1],["id",">",5]] limit 3 order "id"`,
			`search [["&",["a","=",1],["id",">",9]],0,null,"id"] {}`}},
		"with a choice": {Or(condA, condB), []WalkOption{PageSize(3)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read ["|",["a","=",1],["b","=",2]] limit 3 order "id"`,
			`search_read ["&","|",["a","=",1],["b","=",2],["id",">",5]] limit 3 order "id"`,
			`search [["&","|",["a","=",1],["b","=",2],["id",">",9]],0,null,"id"] {}`}},
		"a limit within a page": {Domain[sale]{}, []WalkOption{PageSize(3), Limit(2)}, []ID[sale]{2, 4}, []string{
			`search_read [] limit 2 order "id"`}},
		"a limit of whole pages": {Domain[sale]{}, []WalkOption{PageSize(2), Limit(4)}, []ID[sale]{2, 4, 5, 7}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 2 order "id"`}},
		"a limit across pages": {Domain[sale]{}, []WalkOption{PageSize(2), Limit(3)}, []ID[sale]{2, 4, 5}, []string{
			`search_read [] limit 2 order "id"`,
			`search_read [["id",">",4]] limit 1 order "id"`}},
		"a limit beyond the end": {Domain[sale]{}, []WalkOption{PageSize(4), Limit(99)}, []ID[sale]{2, 4, 5, 7, 9}, []string{
			`search_read [] limit 4 order "id"`,
			`search_read [["id",">",7]] limit 4 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
		"after a record": {Domain[sale]{}, []WalkOption{PageSize(2), After(ID[sale](4))}, []ID[sale]{5, 7, 9}, []string{
			`search_read [["id",">",4]] limit 2 order "id"`,
			`search_read [["id",">",7]] limit 2 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
		"after a record that is gone": {condA, []WalkOption{After(ID[sale](6)), Limit(1)}, []ID[sale]{7}, []string{
			`search_read ["&",["a","=",1],["id",">",6]] limit 1 order "id"`}},
		"after nothing": {Domain[sale]{}, []WalkOption{After(ID[sale](0)), Limit(1)}, []ID[sale]{2}, []string{
			`search_read [] limit 1 order "id"`}},
		"after the last": {Domain[sale]{}, []WalkOption{After(ID[sale](9))}, nil, []string{
			`search_read [["id",">",9]] limit 500 order "id"`,
			`search [[["id",">",9]],0,null,"id"] {}`}},
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
		options []WalkOption
		ids     []ID[sale]
		pages   []string
	}{
		"an order": {[]WalkOption{Desc(saleF.Total), PageSize(2)}, []ID[sale]{9, 2, 7, 4, 5}, []string{
			`search [[],0,null,"amount_total desc"] {}`,
			`search_read [["id","in",[9,2]]] limit  order "id"`,
			`search_read [["id","in",[7,4]]] limit  order "id"`,
			`search_read [["id","in",[5]]] limit  order "id"`}},
		"pages that are full": {[]WalkOption{Desc(saleF.Total), PageSize(5)}, []ID[sale]{9, 2, 7, 4, 5}, []string{
			`search [[],0,null,"amount_total desc"] {}`,
			`search_read [["id","in",[9,2,7,4,5]]] limit  order "id"`}},
		"a limit": {[]WalkOption{Desc(saleF.Total), PageSize(2), Limit(3)}, []ID[sale]{9, 2, 7}, []string{
			`search [[],0,3,"amount_total desc"] {}`,
			`search_read [["id","in",[9,2]]] limit  order "id"`,
			`search_read [["id","in",[7]]] limit  order "id"`}},
		"an offset": {[]WalkOption{Offset(3)}, []ID[sale]{4, 5}, []string{
			`search [[],3,null,null] {}`,
			`search_read [["id","in",[4,5]]] limit  order "id"`}},
		"an offset and a limit": {[]WalkOption{Offset(1), Limit(3), PageSize(2)}, []ID[sale]{2, 7, 4}, []string{
			`search [[],1,3,null] {}`,
			`search_read [["id","in",[2,7]]] limit  order "id"`,
			`search_read [["id","in",[4]]] limit  order "id"`}},
		"an offset beyond the end": {[]WalkOption{Offset(9)}, nil, []string{
			`search [[],9,null,null] {}`}},
		"after a record": {[]WalkOption{Asc(saleF.Name), PageSize(2), After(ID[sale](2))}, []ID[sale]{7, 4, 5}, []string{
			`search [[],0,null,"name asc"] {}`,
			`search_read [["id","in",[7,4]]] limit  order "id"`,
			`search_read [["id","in",[5]]] limit  order "id"`}},
		"after a record, with a limit and an offset": {[]WalkOption{Offset(1), Limit(2), After(ID[sale](2))}, []ID[sale]{7, 4}, []string{
			`search [[],1,null,null] {}`,
			`search_read [["id","in",[7,4]]] limit  order "id"`}},
		"after the last": {[]WalkOption{Asc(saleF.Name), After(ID[sale](5))}, nil, []string{
			`search [[],0,null,"name asc"] {}`}},
		"a context": {[]WalkOption{Asc(saleF.Name), Context{"lang": "fr_FR"}}, []ID[sale]{9, 2, 7, 4, 5}, []string{
			`search [[],0,null,"name asc"] {"context":{"lang":"fr_FR"}}`,
			`search_read [["id","in",[9,2,7,4,5]]] limit  order "id"`}},
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

func TestNoRecordsAreNoYield(t *testing.T) {
	ids, pages, err := walkPages(t, table{}.answer, Domain[sale]{})
	if ids != nil || len(pages) != 2 || err != nil {
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
	for name, options := range map[string][]WalkOption{"by id": {PageSize(2)}, "of a list": {PageSize(2), Asc(saleF.Name)}} {
		f := &fakeOdoo{Object: table{1, 2, 3, 4, 5, 6}.answer}
		var ids []ID[sale]
		for r, err := range All[row](t.Context(), dialFake(t, f), Domain[sale]{}, options...) {
			if err != nil {
				t.Fatal(err)
			}
			if ids = append(ids, r.ID); len(ids) == 3 {
				break
			}
		}
		reads := slices.DeleteFunc(f.Log(), func(c fakeCall) bool { return c.Method == "search" })
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
		for kind, options := range map[string][]WalkOption{
			"by id":      {PageSize(2)},
			"of a list":  {PageSize(2), Asc(saleF.Name)},
			"prefetched": {PageSize(2), Prefetch()},
		} {
			reads := 0
			object := func(c fakeCall) string {
				if c.Method == "search_read" {
					if reads++; reads == 2 {
						return failure
					}
				}
				return table{1, 2, 3, 4, 5}.answer(c)
			}
			ids, _, err := walkPages(t, object, Domain[sale]{}, options...)
			if err == nil || !slices.Equal(ids, []ID[sale]{1, 2}) || reads != 2 {
				t.Errorf("%s, %s: %v, %v after %d reads", name, kind, ids, err, reads)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "orm: page 2, after record 2: sale.order") {
				t.Errorf("%s, %s: the error does not say where: %v", name, kind, err)
			}
		}
	}
}

func TestAnErrorBeforeTheFirstPageIsYieldedOnce(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(faultOf("odoo.exceptions.AccessError", "no"))})
	for name, options := range map[string][]WalkOption{"by id": nil, "of a list": {Asc(saleF.Name)}, "a wrong order": {Asc(partnerF.Name)}} {
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
	all := All[row](t.Context(), dialFake(t, &fakeOdoo{Object: table{1, 2, 3}.answer}), Domain[sale]{}, PageSize(2))
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

// A page that is not full is not the end: mail.message hides records after they have been counted.
func TestRecordsThatAreHiddenDoNotEndTheWalk(t *testing.T) {
	many := table{1, 2, 3, 4, 5, 6, 7, 8, 9}
	hiding := func(hidden ...int64) func(fakeCall) string {
		return func(c fakeCall) string {
			var rows []map[string]any
			var ids []int64
			answer := strings.TrimPrefix(many.answer(c), `"result":`)
			isHidden := func(id int64) bool { return slices.Contains(hidden, id) }
			if c.Method == "search" {
				_ = json.Unmarshal([]byte(answer), &ids)
				answer = jsonOf(slices.DeleteFunc(ids, isHidden))
			} else {
				_ = json.Unmarshal([]byte(answer), &rows)
				answer = jsonOf(slices.DeleteFunc(rows, func(r map[string]any) bool { return isHidden(int64(r["id"].(float64))) }))
			}
			return resultOf(answer)
		}
	}
	for _, test := range []struct {
		hidden  []int64
		options []WalkOption
		want    []ID[sale]
	}{
		{[]int64{2}, []WalkOption{PageSize(3)}, []ID[sale]{1, 3, 4, 5, 6, 7, 8, 9}},
		{[]int64{1, 2, 3}, []WalkOption{PageSize(3)}, []ID[sale]{4, 5, 6, 7, 8, 9}},
		{[]int64{4, 5, 6, 9}, []WalkOption{PageSize(3)}, []ID[sale]{1, 2, 3, 7, 8}},
		{[]int64{2}, []WalkOption{PageSize(3), Limit(4)}, []ID[sale]{1, 3, 4, 5}},
		{[]int64{1, 2}, []WalkOption{PageSize(2), Limit(1)}, []ID[sale]{3}},
		{[]int64{2}, []WalkOption{PageSize(3), Prefetch()}, []ID[sale]{1, 3, 4, 5, 6, 7, 8, 9}},
	} {
		ids, _, err := walkPages(t, hiding(test.hidden...), Domain[sale]{}, test.options...)
		if err != nil || !slices.Equal(ids, test.want) {
			t.Errorf("without %v: got %v, %v; want %v", test.hidden, ids, err, test.want)
		}
	}
}

func TestAfterNeedsItsRecordInAnOrder(t *testing.T) {
	_, _, err := walkPages(t, table{9, 2, 7}.answer, Domain[sale]{}, Asc(saleF.Name), After(ID[sale](8)))
	if !errors.Is(err, ErrNoRecord) || !strings.Contains(err.Error(), "After(8)") {
		t.Errorf("got %v", err)
	}
	_, _, err = walkPages(t, table{9, 2, 7}.answer, Domain[sale]{}, After(ID[partner](2)))
	if err == nil || !strings.Contains(err.Error(), "res.partner") {
		t.Errorf("a record of another model: got %v", err)
	}
}

// Broken off anywhere and resumed, a walk yields each record once.
func TestAWalkCanBeResumedAnywhere(t *testing.T) {
	many := table{9, 2, 7, 4, 5, 1, 8}
	for name, options := range map[string][]WalkOption{
		"by id": {PageSize(3)}, "of a list": {PageSize(3), Asc(saleF.Name)}, "with an offset": {PageSize(2), Offset(0), Desc(saleF.Total)},
	} {
		whole, _, err := walkPages(t, many.answer, Domain[sale]{}, options...)
		if err != nil || len(whole) != len(many) {
			t.Fatal(whole, err)
		}
		for i := range whole {
			rest, _, err := walkPages(t, many.answer, Domain[sale]{}, append(slices.Clone(options), After(whole[i]))...)
			if err != nil || !slices.Equal(rest, whole[i+1:]) {
				t.Errorf("%s after %d: %v, %v", name, whole[i], rest, err)
			}
		}
	}
}

func TestAnAttachmentWalkLeavesOutTheFilesOfFields(t *testing.T) {
	f := &fakeOdoo{Object: table{3}.answer}
	m := dialFake(t, f).Model("ir.attachment")
	var one struct {
		ID int64 `odoo:"id"`
	}
	for where, want := range map[Expr]string{
		trustedLeaf("name", "=", "x"):                      `["&",["name","=","x"],["res_field","=",false]]`,
		trustedLeaf("res_field", "!=", false):              `[["res_field","!=",false]]`,
		not(trustedLeaf("id", "in", []int64{3})):           `["!",["id","in",[3]]]`,
		anyOf("company_id", "", trustedLeaf("id", "=", 1)): `["&",["company_id.id","=",1],["res_field","=",false]]`,
	} {
		m.Each(t.Context(), &one, where, func(err error) bool {
			if err != nil {
				t.Error(err)
			}
			return true
		})
		got := string(f.Log()[0].Named["domain"])
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPrefetchReadsOnePageAhead(t *testing.T) {
	many := table{1, 2, 3, 4, 5, 6}
	var reads atomic.Int32
	arrived := make(chan int32, 10)
	f := &fakeOdoo{Object: func(c fakeCall) string {
		if c.Method == "search_read" {
			arrived <- reads.Add(1)
		}
		return many.answer(c)
	}}
	var ids []ID[sale]
	for r, err := range All[row](t.Context(), dialFake(t, f), Domain[sale]{}, PageSize(2), Prefetch()) {
		if err != nil {
			t.Fatal(err)
		}
		switch ids = append(ids, r.ID); r.ID {
		case 1: // the first page has arrived, the second does while the loop works on the first, and no third
			if first, second := <-arrived, <-arrived; first != 1 || second != 2 {
				t.Errorf("reads %d and %d", first, second)
			}
		case 2:
			if n := reads.Load(); n != 2 {
				t.Errorf("%d pages are held or on their way beside the first", n-1)
			}
		}
	}
	if want := []ID[sale]{1, 2, 3, 4, 5, 6}; !slices.Equal(ids, want) {
		t.Errorf("got %v", ids)
	}
}

// When the loop ends, however it does, nothing is being read any more.
func TestPrefetchEndsWithTheLoop(t *testing.T) {
	for name, leave := range map[string]func(cancel func()) (stop bool){
		"break":  func(func()) bool { return true },
		"panic":  func(func()) bool { panic("stop") },
		"cancel": func(cancel func()) bool { cancel(); return false },
	} {
		var running atomic.Int32
		calls := make(chan struct{}, 10)
		counting := func(next Handler) Handler {
			return func(ctx context.Context, r *Request) error {
				running.Add(1)
				defer running.Add(-1)
				calls <- struct{}{}
				return next(ctx, r)
			}
		}
		// The second page comes when its call has been given up, not before.
		given := make(chan struct{})
		f := &fakeOdoo{Object: func(c fakeCall) string {
			if strings.Contains(string(c.Named["domain"]), `">"`) {
				<-given
			}
			return table{1, 2, 3, 4, 5}.answer(c)
		}}
		c := dialFake(t, f, Intercept(counting))
		ctx, cancel := context.WithCancel(t.Context())
		var last error
		seen := 0
		func() {
			defer func() { _ = recover() }()
			for _, err := range All[row](ctx, c, Domain[sale]{}, PageSize(2), Prefetch()) {
				if last = err; err != nil {
					continue
				}
				for seen < 2 { // until the second page is on its way
					<-calls
					seen++
				}
				if leave(cancel) {
					break
				}
			}
		}()
		if n := running.Load(); n != 0 {
			t.Errorf("%s: %d calls are running after the loop", name, n)
		}
		if name == "cancel" && !errors.Is(last, context.Canceled) {
			t.Errorf("the walk ended with %v", last)
		}
		cancel()
		close(given)
	}
}

func TestAWalkEndsWithItsContext(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: table{1, 2, 3, 4, 5}.answer})
	for name, options := range map[string][]WalkOption{"by id": {PageSize(2)}, "of a list": {PageSize(2), Asc(saleF.Name)}, "prefetched": {PageSize(2), Prefetch()}} {
		ctx, cancel := context.WithCancel(t.Context())
		var n int
		var last error
		for _, err := range All[row](ctx, c, Domain[sale]{}, options...) {
			if last = err; err == nil {
				n++
				cancel()
			}
		}
		cancel()
		// The page that was read ahead may have come in time.
		if !errors.Is(last, context.Canceled) || n != 2 && (name != "prefetched" || n != 4) {
			t.Errorf("%s: %d records, then %v", name, n, last)
		}
	}
}

func TestIDsThatAreNoNumbersCanNotBePaged(t *testing.T) {
	object := func(c fakeCall) string {
		if c.Method == "search" {
			return resultOf(`["hello"]`)
		}
		return resultOf(`[{"id":"hello","name":"test"}]`)
	}
	type named struct {
		Name string `odoo:"name"`
	}
	c := dialFake(t, &fakeOdoo{Object: object})
	for name, options := range map[string][]WalkOption{"by id": nil, "of a list": {Asc(saleF.Name)}} {
		var errs []string
		for _, err := range All[named](t.Context(), c, Domain[sale]{}, options...) {
			errs = append(errs, fmt.Sprint(err))
		}
		if len(errs) != 1 || !strings.Contains(errs[0], "sale.order: the id of a record is not a number") {
			t.Errorf("%s: %v", name, errs)
		}
	}
}
