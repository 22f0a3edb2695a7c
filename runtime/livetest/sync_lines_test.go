//go:build live

package livetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
)

type partnerRow = odoosync.Row[PartnerValues]

// contactRead is a contact as the server has it.
type contactRead struct {
	ID         orm.ID[Partner] `odoo:"id"`
	Ref        string          `odoo:"ref"`
	Color      int             `odoo:"color"`
	CategoryID []orm.ID[Tag]   `odoo:"category_id"`
}

func (contactRead) OdooRecord() *Partner { return nil }

// contact is a line of a partner: a contact with a tag.
func (s source) contact(ref string, color int) partnerRow {
	return partnerRow{
		Values:  PartnerValues{Ref: orm.Set(s.prefix + "-" + ref), Name: orm.Set("Contact " + ref), Color: orm.Set(color)},
		Targets: []odoosync.Target{odoosync.FindAll(PartnerF.CategoryID, tagName, s.prefix+" tag")},
	}
}

func (s source) company(i int, contacts ...partnerRow) partnerRow {
	return partnerRow{
		Values:  PartnerValues{Ref: orm.Set(s.ref(i)), Name: orm.Set("Company")},
		Targets: []odoosync.Target{odoosync.Lines(PartnerF.ChildIDs, odoosync.By(PartnerF.Ref), contacts...)},
	}
}

// Lines are compared by their key; the write of their record creates, changes and deletes them.
func TestLiveSyncOfLines(t *testing.T) {
	c, writes := countWrites(t)
	s := newSource(t, c, 0)
	ctx, key := t.Context(), odoosync.By(PartnerF.Ref)
	contacts := func(i int) map[string]string {
		t.Helper()
		company := must[[]orm.ID[Partner]](t)(orm.IDs(ctx, c, orm.Eq(PartnerF.Ref, s.ref(i))))
		out := map[string]string{}
		for _, p := range must[[]contactRead](t)(orm.Find[contactRead](ctx, c, orm.Eq(PartnerF.ParentID, company[0]))) {
			out[strings.TrimPrefix(p.Ref, s.prefix+"-")] = fmt.Sprintf("%d %d %d", p.ID, p.Color, len(p.CategoryID))
		}
		return out
	}
	rows := []partnerRow{s.company(1, s.contact("a", 1), s.contact("b", 2)), s.company(2, s.contact("c", 3))}
	expect(t, "a dry run", run(t, c, key, rows, odoosync.DryRun()), 2, 0, 0, 0)
	expect(t, "the first run", run(t, c, key, rows), 2, 0, 0, 0)
	before := contacts(1)
	if len(before) != 2 || !strings.HasSuffix(before["b"], " 2 1") {
		t.Fatalf("the first run made the contacts %v", before)
	}
	writes()
	expect(t, "nothing changed", run(t, c, key, rows), 0, 0, 2, 0)
	if w := writes(); len(w) > 0 {
		t.Errorf("nothing has changed, and the run calls %v", w)
	}

	rows[0] = s.company(1, s.contact("b", 7), s.contact("d", 4))
	writes()
	report := run(t, c, key, rows)
	expect(t, "other contacts", report, 0, 1, 1, 0)
	if diff := cmp.Diff(map[string]int{"child_ids": 1}, report.Fields); diff != "" {
		t.Error(diff)
	}
	if w := writes(); !slices.Equal(w, []string{"write"}) {
		t.Errorf("the contacts are written by %v, want one write", w)
	}
	after := contacts(1)
	if want := strings.Replace(before["b"], " 2 1", " 7 1", 1); len(after) != 2 || after["b"] != want || !strings.HasSuffix(after["d"], " 4 1") {
		t.Errorf("contacts %v, want b: %s, and d", after, want)
	}
	expect(t, "after the change", run(t, c, key, rows), 0, 0, 2, 0)

	rows[1] = s.company(2)
	expect(t, "no contacts", run(t, c, key, rows), 0, 1, 1, 0)
	if left := contacts(2); len(left) > 0 {
		t.Errorf("contacts %v are left", left)
	}
	byXMLID := s.company(3, s.contact("e", 1))
	byXMLID.XMLID = "company"
	expect(t, "by external ID", run(t, c, odoosync.ByXMLID(s.prefix), []partnerRow{byXMLID}), 1, 0, 0, 0)
	if made := contacts(3); len(made) != 1 {
		t.Errorf("contacts %v", made)
	}
	expect(t, "by external ID, again", run(t, c, odoosync.ByXMLID(s.prefix), []partnerRow{byXMLID}), 0, 0, 1, 0)
}

// Lines that cannot be matched are an error of their row.
func TestLiveSyncOfBadLines(t *testing.T) {
	c, _ := countWrites(t)
	s := newSource(t, c, 0)
	key := odoosync.By(PartnerF.Ref)
	run(t, c, key, []partnerRow{s.company(1)})
	company := must[[]orm.ID[Partner]](t)(orm.IDs(t.Context(), c, orm.Eq(PartnerF.Ref, s.ref(1))))[0]
	for range 2 {
		must[orm.ID[Partner]](t)(orm.Create(t.Context(), c, PartnerValues{Name: orm.Set("Twice"), Ref: orm.Set(s.prefix + "-twice"), ParentID: orm.Set(company)}))
	}
	nobody := s.contact("n", 1)
	nobody.Targets = []odoosync.Target{odoosync.FindAll(PartnerF.CategoryID, tagName, "no such tag")}
	twoLevels := s.contact("t", 1)
	twoLevels.Targets = []odoosync.Target{odoosync.Lines(PartnerF.ChildIDs, key, s.contact("u", 1))}
	withoutKey := s.contact("k", 1)
	withoutKey.Values.Ref = orm.Opt[string]{}
	notLines := s.company(8)
	notLines.Targets = []odoosync.Target{odoosync.Lines(PartnerF.CategoryID, odoosync.By(tagName), odoosync.Row[TagValues]{Values: TagValues{Name: orm.Set("x")}})}
	byXMLID := s.company(9)
	byXMLID.Targets = []odoosync.Target{odoosync.Lines(PartnerF.ChildIDs, odoosync.ByXMLID("shop"), s.contact("x", 1))}
	bad := map[string]partnerRow{
		"field child_ids: line 0: 2 lines of the record have the key":                                                      s.company(1, s.contact("twice", 1)),
		"field child_ids: line 1: the same key as line 0":                                                                  s.company(3, s.contact("a", 1), s.contact("a", 2)),
		`field child_ids: line 0: field category_id: name "no such tag" of res.partner.category: no record has this value`: s.company(4, nobody),
		"field child_ids: line 0: lines have no lines of their own":                                                        s.company(5, twoLevels),
		"field child_ids: line 1: the key ref is not set":                                                                  s.company(6, s.contact("v", 1), withoutKey),
		"field category_id: is a many2many: Lines is for a one2many":                                                       notLines,
		"field child_ids: lines are matched by fields: want a key made by By":                                              byXMLID,
	}
	for want, row := range bad {
		report := run(t, c, key, []partnerRow{row, s.company(7)})
		if report.Failures != 1 || report.Created+report.Unchanged != 1 || !strings.Contains(report.Failed[0].Error(), want) {
			t.Errorf("%+v, %v, want %s", report, report.Failed, want)
		}
	}
	wrongKey := s.company(10)
	wrongKey.Targets = []odoosync.Target{odoosync.Lines(PartnerF.ChildIDs, odoosync.By(tagName), s.contact("w", 1))}
	if _, err := odoosync.Run(t.Context(), c, key, odoosync.Rows(wrongKey)); err == nil || !strings.Contains(err.Error(), "field child_ids: the key is of res.partner.category") {
		t.Errorf("a key of another model: %v", err)
	}
}

type Bank struct {
	ID     orm.ID[Bank] `odoo:"id"`
	Active bool         `odoo:"active"`
}

func (*Bank) OdooModel() string { return "res.partner.bank" }

type BankValues struct {
	Number orm.Opt[string] `odoo:"acc_number"`
	Active orm.Opt[bool]   `odoo:"active"`
}

func (BankValues) OdooRecord() *Bank { return nil }

// An archived line is matched: it is not created a second time.
func TestLiveSyncOfArchivedLines(t *testing.T) {
	c, _ := countWrites(t)
	s := newSource(t, c, 0)
	ctx, key, number := t.Context(), odoosync.By(PartnerF.Ref), orm.Field[Bank, string]("acc_number")
	sync := func(bank BankValues) *odoosync.Report {
		row := s.company(1)
		bank.Number = orm.Set(s.prefix)
		row.Targets = []odoosync.Target{odoosync.Lines(orm.Rel[Partner, Bank]("bank_ids"), odoosync.By(number), odoosync.Row[BankValues]{Values: bank})}
		return run(t, c, key, []partnerRow{row})
	}
	banks := func() []Bank {
		return must[[]Bank](t)(orm.Find[Bank](ctx, c, orm.Eq(number, s.prefix), orm.Archived()))
	}
	expect(t, "the first run", sync(BankValues{}), 1, 0, 0, 0)
	first := banks()
	if len(first) != 1 {
		t.Fatalf("%v", first)
	}
	if err := orm.Write(ctx, c, []orm.ID[Bank]{first[0].ID}, BankValues{Active: orm.Set(false)}); err != nil {
		t.Fatal(err)
	}
	expect(t, "an archived line", sync(BankValues{}), 0, 0, 1, 0)
	expect(t, "an archived line to be active", sync(BankValues{Active: orm.Set(true)}), 0, 1, 0, 0)
	if got := banks(); len(got) != 1 || got[0].ID != first[0].ID || !got[0].Active {
		t.Errorf("%v, want %v, active", got, first)
	}
	if err := orm.Unlink(ctx, c, []orm.ID[Bank]{first[0].ID}); err != nil {
		t.Error(err)
	}
}
