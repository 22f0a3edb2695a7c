package orm

import (
	"errors"
	"strings"
	"testing"
)

// lies answers with the text for a method, and to all methods with the one for "".
func lies(answers map[string]string) func(fakeCall) string {
	return func(c fakeCall) string {
		if answer, ok := answers[c.Model+"."+c.Method]; ok {
			return resultOf(answer)
		}
		return resultOf(answers[""])
	}
}

func answers(text string) map[string]string { return map[string]string{"": text} }

// An answer with other records than those that were asked for, or with more, is an error that says so.
func TestForeignAnswersAreRefused(t *testing.T) {
	type nested struct {
		ID    ID[sale] `odoo:"id"`
		Lines []line2  `odoo:"order_line"`
	}
	type ordered struct {
		ID    ID[sale] `odoo:"id"`
		Lines []line2  `odoo:"order_line,order=name"`
	}
	type one struct {
		ID      ID[sale] `odoo:"id"`
		Partner line2    `odoo:"partner_id"`
	}
	type named struct {
		Name string `odoo:"name"`
	}
	type root struct {
		ID TextID[sale] `odoo:"id"`
	}
	relations := `{"order_line":{"type":"one2many","relation":"sale.order.line"},"partner_id":{"type":"many2one","relation":"res.partner"}}`
	fiveRead := `[{"id":5,"name":"S5","image":"aGk="}]`
	four := `[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"},{"id":4,"name":"d"}]`
	many := make([]ID[sale], lookFrom)
	for i := range many {
		many[i] = ID[sale](i + 1)
	}
	for name, test := range map[string]struct {
		major   int // 19 if 0
		answers map[string]string
		call    func(*Client) (any, error)
		want    string
		done    bool // MaybeDone
	}{
		"Get": {answers: answers(fiveRead), want: "record 5", call: func(c *Client) (any, error) {
			r, err := Get[line2](t.Context(), c, ID[sale](7))
			return r.Name, err
		}},
		"GetText": {answers: answers(`[{"id":"b"}]`), want: `record "b"`, call: func(c *Client) (any, error) {
			var r root
			err := c.Model("account.root").GetText(t.Context(), &r, "a")
			return string(r.ID), err
		}},
		"Read": {answers: answers(fiveRead), want: "record 5", call: func(c *Client) (any, error) {
			r, err := Read[line2](t.Context(), c, On(ID[sale](7), 8))
			return len(r), err
		}},
		"Read twice": {answers: answers(`[{"id":7,"name":"a"},{"id":7,"name":"b"}]`), want: "record 7: the server sent this record more often", call: func(c *Client) (any, error) {
			r, err := Read[line2](t.Context(), c, On(ID[sale](7), 8))
			return len(r), err
		}},
		"Read of text ids": {answers: answers(`[{"id":"b"}]`), want: `record "b"`, call: func(c *Client) (any, error) {
			var r []root
			err := c.Model("account.root").Read(t.Context(), &r, []TextID[sale]{"a"})
			return len(r), err
		}},
		"Read of many": {major: 14, answers: answers(`[1,500]`), want: "record 500", call: func(c *Client) (any, error) {
			r, err := Read[line2](t.Context(), c, many)
			return len(r), err
		}},
		"Existing": {answers: answers(`[7,9]`), want: "record 9", call: func(c *Client) (any, error) {
			r, err := Existing(t.Context(), c, On(ID[sale](7), 8))
			return len(r), err
		}},
		"Find": {answers: answers(four), want: "4 records, but at most 2", call: func(c *Client) (any, error) {
			r, err := Find[line2](t.Context(), c, AllOf[sale](), Limit(2))
			return len(r), err
		}},
		"First": {answers: answers(four), want: "4 records, but at most 1", call: func(c *Client) (any, error) {
			r, err := First[line2](t.Context(), c, AllOf[sale]())
			return r.Name, err
		}},
		"IDs": {answers: answers(`[1,2,3]`), want: "3 records, but at most 2", call: func(c *Client) (any, error) {
			r, err := IDs(t.Context(), c, AllOf[sale](), Limit(2))
			return len(r), err
		}},
		"Count": {answers: answers(`3`), want: "3 records, but at most 2", call: func(c *Client) (any, error) {
			return Count(t.Context(), c, AllOf[sale](), Limit(2))
		}},
		"Count below 0": {answers: answers(`-3`), want: "-3 records", call: func(c *Client) (any, error) {
			return Count(t.Context(), c, AllOf[sale]())
		}},
		"NameSearch": {answers: answers(`[[1,"a"],[2,"b"],[3,"c"]]`), want: "3 records, but at most 2", call: func(c *Client) (any, error) {
			r, err := NameSearch(t.Context(), c, "", AllOf[sale](), "", Limit(2))
			return len(r), err
		}},
		"Group": {answers: answers(`[{"name":"a"},{"name":"b"},{"name":"c"}]`), want: "3 records, but at most 2", call: func(c *Client) (any, error) {
			r, err := Group[named](t.Context(), c, AllOf[sale](), Limit(2))
			return len(r), err
		}},
		"the targets of a nested read": {major: 14, want: "record 13", answers: map[string]string{
			"sale.order.search_read": `[{"id":1,"order_line":[11,12]}]`, "sale.order.fields_get": relations,
			"sale.order.line.read": `[{"id":11,"name":"a"},{"id":13,"name":"b"}]`,
		}, call: func(c *Client) (any, error) {
			r, err := Find[nested](t.Context(), c, AllOf[sale]())
			return len(r), err
		}},
		"the targets of a nested read in an order": {major: 14, want: "record 13", answers: map[string]string{
			"sale.order.search_read": `[{"id":1,"order_line":[11,12]}]`, "sale.order.fields_get": relations, "sale.order.line.fields_get": `{}`,
			"sale.order.line.search_read": `[{"id":11,"name":"a"},{"id":13,"name":"b"}]`,
		}, call: func(c *Client) (any, error) {
			r, err := Find[ordered](t.Context(), c, AllOf[sale]())
			return len(r), err
		}},
		"the target of a nested many2one": {major: 16, want: "record 8", answers: map[string]string{
			"sale.order.read": `[{"id":1,"partner_id":[7,"Seven"]}]`, "sale.order.fields_get": relations, "res.partner.read": `[{"id":8,"name":"Eight"}]`,
		}, call: func(c *Client) (any, error) {
			r, err := Read[one](t.Context(), c, On(ID[sale](1)))
			return len(r), err
		}},
		"Fill": {answers: answers(`[{"id":5,"image":"aGk="}]`), want: "record 5", call: func(c *Client) (any, error) {
			r := []sale{{ID: 7}}
			err := Fill(t.Context(), c, r, Include(saleF.Image))
			return len(r[0].Image), err
		}},
		"Create": {answers: answers(`[1,2]`), want: "create of 1 records answered with 2 ids", done: true, call: func(c *Client) (any, error) {
			id, err := Create(t.Context(), c, saleValues{})
			return int64(id), err
		}},
		"Create of nothing": {answers: answers(`[false]`), want: "with 1 ids, 0 of them different and not 0", done: true, call: func(c *Client) (any, error) {
			id, err := Create(t.Context(), c, saleValues{})
			return int64(id), err
		}},
		"CreateMany": {answers: answers(`[4,4]`), want: "with 2 ids, 1 of them different and not 0", done: true, call: func(c *Client) (any, error) {
			ids, err := CreateMany(t.Context(), c, []saleValues{{}, {}})
			return len(ids), err
		}},
		"Copy": {answers: answers(`[7]`), want: "the record itself in place of its copy", done: true, call: func(c *Client) (any, error) {
			id, err := Copy(t.Context(), c, ID[sale](7), saleValues{})
			return int64(id), err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.call(dialFake(t, &fakeOdoo{Major: test.major, Object: lies(test.answers)}))
			if e, ok := errors.AsType[*DecodeError](err); !ok || !strings.Contains(err.Error(), test.want) || e.MaybeDone() != test.done {
				t.Errorf("got %v", err)
			}
			if got != "" && got != 0 && got != int64(0) {
				t.Errorf("got %v beside the error", got)
			}
		})
	}
}

// Modules add defaults that nobody asked for: that is no foreign answer.
func TestDefaultsMayHaveMore(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`{"name":"New","company_id":1}`))})
	if order, err := Defaults[sale](t.Context(), c); err != nil || order.Name != "New" {
		t.Errorf("got %v, %v", order.Name, err)
	}
}

func TestNoRecordNamesModelAndID(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[]`))})
	_, get := Get[line2](t.Context(), c, ID[sale](7))
	_, first := First[line2](t.Context(), c, AllOf[sale]())
	for want, err := range map[string]error{"sale.order 7": get, "sale.order": first} {
		if !errors.Is(err, ErrNoRecord) || err.Error() != "orm: no record matches: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
