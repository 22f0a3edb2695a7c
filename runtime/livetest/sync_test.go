//go:build live

package livetest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

var tagName = orm.Field[Tag, string]("name")

// source makes rows of partners with a ref each, the tag of each, and the first one as the parent of the others.
type source struct {
	prefix string
	n      int
	change func(i int, row *odoosync.Row[PartnerValues])
}

func (s source) ref(i int) string { return fmt.Sprintf("%s-%03d", s.prefix, i) }

func (s source) rows() []odoosync.Row[PartnerValues] {
	out := make([]odoosync.Row[PartnerValues], s.n)
	for i := range out {
		// Children come before their parent: the parent is the last row.
		out[i].Values = PartnerValues{Ref: orm.Set(s.ref(i)), Name: orm.Set(fmt.Sprintf("%s %d", s.prefix, i)), Color: orm.Set(i % 7)}
		out[i].Targets = []odoosync.Target{odoosync.FindAll(PartnerF.CategoryID, tagName, s.prefix+" tag")}
		if i < s.n-1 {
			out[i].Targets = append(out[i].Targets, odoosync.Find(PartnerF.ParentID, PartnerF.Ref, s.ref(s.n-1)))
		}
		if s.change != nil {
			s.change(i, &out[i])
		}
	}
	return out
}

// countWrites is a client that counts the calls of methods that write.
func countWrites(t *testing.T) (c *orm.Client, writes func() []string) {
	t.Helper()
	var methods []string
	count := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			switch r.Method {
			case "create", "write", "unlink", "load":
				methods = append(methods, r.Method)
			}
			return next(ctx, r)
		}
	}
	c = dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Intercept(count))
	return c, func() []string {
		out := methods
		methods = nil
		return out
	}
}

func removePartners(t *testing.T, c *orm.Client, prefix string) {
	t.Helper()
	ctx := context.Background()
	ids, err := orm.IDs(ctx, c, orm.Like(PartnerF.Ref, prefix+"-%"), orm.Archived())
	if err == nil && len(ids) > 0 {
		err = orm.Unlink(ctx, c, ids)
	}
	if err != nil {
		t.Error(err)
	}
}

func newSource(t *testing.T, c *orm.Client, n int) source {
	t.Helper()
	s := source{prefix: fmt.Sprintf("sync%d", time.Now().UnixNano()), n: n}
	tag := must[orm.ID[Tag]](t)(orm.Create(t.Context(), c, TagValues{Name: orm.Set(s.prefix + " tag")}))
	t.Cleanup(func() {
		removePartners(t, c, s.prefix)
		if err := orm.Unlink(context.Background(), c, []orm.ID[Tag]{tag}); err != nil {
			t.Error(err)
		}
	})
	return s
}

func run(t *testing.T, c *orm.Client, key odoosync.Key, rows []odoosync.Row[PartnerValues], opts ...odoosync.Option) *odoosync.Report {
	t.Helper()
	report, err := odoosync.Run(t.Context(), c, key, odoosync.Rows(rows...), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func expect(t *testing.T, what string, got *odoosync.Report, created, changed, unchanged, failures int) {
	t.Helper()
	if diff := cmp.Diff([]int{created, changed, unchanged, failures}, []int{got.Created, got.Changed, got.Unchanged, got.Failures}); diff != "" {
		t.Errorf("%s: created, changed, unchanged, failures: %s%v", what, diff, got.Failed)
	}
	if len(got.Unsettled) > 0 {
		t.Errorf("%s: stored differently: %v", what, got.Unsettled)
	}
}

func TestLiveSyncByField(t *testing.T) {
	c, writes := countWrites(t)
	s := newSource(t, c, 60)
	key := odoosync.By(PartnerF.Ref)
	writes()
	expect(t, "a dry run", run(t, c, key, s.rows(), odoosync.DryRun()), 60, 0, 0, 0)
	if w := writes(); len(w) > 0 {
		t.Errorf("a dry run calls %v", w)
	}
	expect(t, "the first run", run(t, c, key, s.rows(), odoosync.Batch(25)), 60, 0, 0, 0)
	writes()
	expect(t, "nothing changed", run(t, c, key, s.rows()), 0, 0, 60, 0)
	if w := writes(); len(w) > 0 {
		t.Errorf("nothing has changed, and the run calls %v", w)
	}
	s.change = func(i int, row *odoosync.Row[PartnerValues]) {
		if i < 50 {
			row.Values.Name = orm.Set(fmt.Sprintf("%s changed %d", s.prefix, i))
		}
	}
	changed := run(t, c, key, s.rows())
	expect(t, "50 names changed", changed, 0, 50, 10, 0)
	if diff := cmp.Diff(map[string]int{"name": 50}, changed.Fields); diff != "" {
		t.Error(diff)
	}
	if w := writes(); len(w) > 2 {
		t.Errorf("50 changes of one field are written by %v", w)
	}
	expect(t, "after the change", run(t, c, key, s.rows()), 0, 0, 60, 0)
	s.change = func(i int, row *odoosync.Row[PartnerValues]) {
		row.Values.Name = orm.Set(fmt.Sprintf("%s changed %d", s.prefix, i))
		row.Values.Color = orm.Set(3)
	}
	writes()
	run(t, c, key, s.rows())
	if w := writes(); len(w) > 4 {
		t.Errorf("one value for all is written by %v", w)
	}
}

func TestLiveSyncByXMLID(t *testing.T) {
	c, writes := countWrites(t)
	s := newSource(t, c, 40)
	module := s.prefix
	s.change = func(i int, row *odoosync.Row[PartnerValues]) { row.XMLID = fmt.Sprintf("p%d", i) }
	key := odoosync.ByXMLID(module)
	expect(t, "the first run", run(t, c, key, s.rows()), 40, 0, 0, 0)
	if _, err := xmlid.Lookup[Partner](t.Context(), c, module+".p39"); err != nil {
		t.Error(err)
	}
	writes()
	expect(t, "nothing changed", run(t, c, key, s.rows()), 0, 0, 40, 0)
	if w := writes(); len(w) > 0 {
		t.Errorf("nothing has changed, and the run calls %v", w)
	}
	gone := must[orm.ID[Partner]](t)(xmlid.Lookup[Partner](t.Context(), c, module+".p7"))
	if err := orm.Unlink(t.Context(), c, []orm.ID[Partner]{gone}); err != nil {
		t.Fatal(err)
	}
	expect(t, "one was deleted", run(t, c, key, s.rows()), 1, 0, 39, 0)
}

// Rows that Odoo refuses, or that cannot be matched, are reported, and the others are written.
// Several clients look for the same partner at once. Only one creates it where the database can refuse the second; elsewhere
// those who created a second one are notified.
func TestLiveFindOrCreate(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	prefix := fmt.Sprintf("once%d", time.Now().UnixNano())
	t.Cleanup(func() { removePartners(t, c, prefix) })
	name := prefix + "-1"
	row := func() odoosync.Row[PartnerValues] {
		return odoosync.Row[PartnerValues]{XMLID: name, Values: PartnerValues{Ref: orm.Set(name), Name: orm.Set(name)}}
	}
	const clients = 4
	type outcome struct {
		id      orm.ID[Partner]
		created bool
		err     error
	}
	atOnce := func(key odoosync.Key, row odoosync.Row[PartnerValues]) []outcome {
		out := make([]outcome, clients)
		var group sync.WaitGroup
		for i := range out {
			group.Go(func() { out[i].id, out[i].created, out[i].err = odoosync.FindOrCreate(t.Context(), c, key, row) })
		}
		group.Wait()
		return out
	}
	count := func() int {
		n, err := orm.Count(t.Context(), c, orm.Eq(PartnerF.Ref, name))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	byXMLID := atOnce(odoosync.ByXMLID("odoogen_test"), row())
	for _, o := range byXMLID {
		if o.err != nil || o.id != byXMLID[0].id {
			t.Errorf("by external ID: %+v, and %+v", o, byXMLID[0])
		}
	}
	if n := count(); n != 1 {
		t.Errorf("%d partners, want 1", n)
	}
	byRef := row()
	byRef.XMLID = ""
	for _, o := range atOnce(odoosync.By(PartnerF.Ref), byRef) {
		if o.err != nil || o.id != byXMLID[0].id || o.created {
			t.Errorf("a partner that is there: %+v", o)
		}
	}
	name = prefix + "-2"
	byRef.Values.Ref = orm.Set(name)
	var made, notified int
	for _, o := range atOnce(odoosync.By(PartnerF.Ref), byRef) {
		switch {
		case errors.Is(o.err, odoosync.ErrCreatedTwice):
			made, notified = made+1, notified+1
		case o.created:
			made++
		}
	}
	n := count()
	t.Logf("%d clients at once made %d partners with one ref, and %d of them are notified", clients, n, notified)
	if made != n || n > 1 && notified == 0 {
		t.Errorf("%d partners, %d reported, %d notified", n, made, notified)
	}
	byRef.Values.ParentID = orm.Set(orm.ID[Partner](999_999_999))
	byRef.Values.Ref = orm.Set(prefix + "-3")
	if id, created, err := odoosync.FindOrCreate(t.Context(), c, odoosync.By(PartnerF.Ref), byRef); err == nil || created || id != 0 {
		t.Errorf("a partner with a parent that is not there: %d, %v, %v", id, created, err)
	}
}

func TestLiveSyncOfBadRows(t *testing.T) {
	c, _ := countWrites(t)
	s := newSource(t, c, 30)
	s.change = func(i int, row *odoosync.Row[PartnerValues]) {
		switch i {
		case 3:
			row.Values.CategoryID = orm.Commands(orm.Replace(orm.ID[Tag](1 << 30))) // no such record
			row.Targets = nil
		case 9:
			row.Values.Ref = orm.Set(s.ref(8))
		case 12:
			row.Targets = []odoosync.Target{odoosync.Find(PartnerF.ParentID, PartnerF.Ref, "nobody has this ref")}
		case 20:
			row.Values.Ref = orm.Opt[string]{}
		}
	}
	var results []int
	report := run(t, c, odoosync.By(PartnerF.Ref), s.rows(), odoosync.Results(func(r odoosync.Result) {
		if r.Outcome == odoosync.Failed {
			results = append(results, r.Row)
		}
	}))
	if report.Created != 26 || report.Failures != 4 || len(results) != 4 {
		t.Fatalf("created %d, failed %v, results %v", report.Created, report.Failed, results)
	}
	reasons := map[int]string{3: "", 9: "the same key as row 8", 12: `ref "nobody has this ref" of res.partner: no record has this value`, 20: "the key ref is not set"}
	for _, e := range report.Failed {
		want, ok := reasons[e.Row]
		if !ok || !strings.Contains(e.Error(), want) {
			t.Errorf("row %d: %v, want %q", e.Row, e, want)
		}
	}
	if e, ok := errors.AsType[*odoosync.FieldError](error(report.Failed[len(report.Failed)-1])); !ok || e.Field != "parent_id" {
		t.Errorf("the last failure: %v, want one of parent_id", report.Failed[len(report.Failed)-1])
	}
}

func TestLiveSyncArchives(t *testing.T) {
	c, _ := countWrites(t)
	s := newSource(t, c, 20)
	s.change = func(_ int, row *odoosync.Row[PartnerValues]) { row.Targets = nil }
	key, scope := odoosync.By(PartnerF.Ref), orm.Like(PartnerF.Ref, s.prefix+"-%")
	run(t, c, key, s.rows())
	fewer := s.rows()[:17]
	if _, err := odoosync.Run(t.Context(), c, key, odoosync.Rows(fewer...), odoosync.Archive(scope, 0.1)); err == nil || !strings.Contains(err.Error(), "would archive 3 of 20 records (15 %)") {
		t.Errorf("over the limit: %v", err)
	}
	report := run(t, c, key, fewer, odoosync.Archive(scope, 0.5))
	if left := must[int](t)(orm.Count(t.Context(), c, scope)); report.Removed != 3 || left != 17 {
		t.Errorf("archived %d, and %d are left", report.Removed, left)
	}
	expect(t, "archived records are matched", run(t, c, key, s.rows()), 0, 0, 20, 0)
	report = run(t, c, key, fewer, odoosync.Delete(scope, 0.5))
	if left := must[int](t)(orm.Count(t.Context(), c, scope, orm.Archived())); report.Removed != 3 || left != 17 {
		t.Errorf("deleted %d, and %d are left", report.Removed, left)
	}
}

// PartnerCard has a field of each type that Odoo stores differently from how it is given.
type PartnerCard struct {
	Ref       orm.Opt[string]          `odoo:"ref"`
	Name      orm.Opt[string]          `odoo:"name"`
	Email     orm.Opt[string]          `odoo:"email"`
	Comment   orm.Opt[string]          `odoo:"comment"`
	Latitude  orm.Opt[float64]         `odoo:"partner_latitude"`
	IsCompany orm.Opt[bool]            `odoo:"is_company"`
	Type      orm.Opt[string]          `odoo:"type"`
	Country   orm.Opt[orm.ID[Country]] `odoo:"country_id"`
	Image     orm.Opt[[]byte]          `odoo:"image_1920"`
	Tags      []orm.Command[Tag]       `odoo:"category_id"`
}

func (PartnerCard) OdooRecord() *Partner { return nil }

var onePixel = must2(base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="))

func must2(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// Values are compared as Odoo stores them: rounded, with "" as unset, text as a paragraph of HTML, files by their checksum.
func TestLiveSyncComparesStoredValues(t *testing.T) {
	c, writes := countWrites(t)
	s := newSource(t, c, 0)
	tag := must[[]orm.ID[Tag]](t)(orm.IDs(t.Context(), c, orm.Eq(tagName, s.prefix+" tag")))[0]
	card := func() PartnerCard {
		return PartnerCard{Ref: orm.Set(s.ref(1)), Name: orm.Set("Ann"), Email: orm.Set(""), Comment: orm.Set("plain text"),
			Latitude: orm.Set(50.12345678949), IsCompany: orm.Set(true), Type: orm.Set("contact"), Image: orm.Set(onePixel), Tags: orm.Commands(orm.Link(tag))}
	}
	sync := func(change func(*PartnerCard)) *odoosync.Report {
		t.Helper()
		values := card()
		if change != nil {
			change(&values)
		}
		country := odoosync.Find(orm.Rel[Partner, Country]("country_id"), orm.Field[Country, string]("code"), "BE")
		return must[*odoosync.Report](t)(odoosync.Run(t.Context(), c, odoosync.By(PartnerF.Ref), odoosync.Rows(odoosync.Row[PartnerCard]{Values: values, Targets: []odoosync.Target{country}})))
	}
	expect(t, "the first run", sync(nil), 1, 0, 0, 0)
	writes()
	expect(t, "nothing changed", sync(nil), 0, 0, 1, 0)
	if w := writes(); len(w) > 0 {
		t.Errorf("nothing has changed, and the run calls %v", w)
	}
	for field, change := range map[string]func(*PartnerCard){
		"email":            func(v *PartnerCard) { v.Email = orm.Set("ann@example.com") },
		"comment":          func(v *PartnerCard) { v.Comment = orm.Set("other text") },
		"partner_latitude": func(v *PartnerCard) { v.Latitude = orm.Set(50.2) },
		"is_company":       func(v *PartnerCard) { v.IsCompany = orm.Set(false) },
		"type":             func(v *PartnerCard) { v.Type = orm.Set("other") },
		"image_1920":       func(v *PartnerCard) { v.Image = orm.Clear[[]byte]() },
		"category_id":      func(v *PartnerCard) { v.Tags = orm.Commands(orm.RemoveAll[Tag]()) },
	} {
		report := sync(change)
		expect(t, "another "+field, report, 0, 1, 0, 0)
		if diff := cmp.Diff(map[string]int{field: 1}, report.Fields); diff != "" {
			t.Errorf("another %s: %s", field, diff)
		}
		sync(nil)
	}
}
