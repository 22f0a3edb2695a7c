package orm

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// An answer with other records than those that were asked for, or with more, is an error that says so.
func TestForeignRecordsAreRefused(t *testing.T) {
	five, four := `[{"id":5,"name":"S5","image":"aGk="}]`, `[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"},{"id":4,"name":"d"}]`
	for name, test := range map[string]struct {
		answer string
		call   func(*Client) (any, error)
		want   string
	}{
		"Get": {five, func(c *Client) (any, error) { r, err := Get[line2](t.Context(), c, ID[sale](7)); return r.Name, err }, "record 5"},
		"Read": {five, func(c *Client) (any, error) {
			r, err := Read[line2](t.Context(), c, On(ID[sale](7), 8))
			return len(r), err
		}, "record 5"},
		"Find": {four, func(c *Client) (any, error) {
			r, err := Find[line2](t.Context(), c, AllOf[sale](), Limit(2))
			return len(r), err
		}, "4 records, and 2 at most"},
		"First": {four, func(c *Client) (any, error) {
			r, err := First[line2](t.Context(), c, AllOf[sale]())
			return r.Name, err
		}, "4 records, and 1 at most"},
		"IDs": {`[1,2,3]`, func(c *Client) (any, error) {
			r, err := IDs(t.Context(), c, AllOf[sale](), Limit(2))
			return len(r), err
		}, "3 records, and 2 at most"},
		"Download": {five, func(c *Client) (any, error) {
			n, err := Download(t.Context(), c, ID[sale](7), saleF.Image, io.Discard)
			return n * 0, err
		}, "other records"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := test.call(dialFake(t, &fakeOdoo{object: answerAll(resultOf(test.answer))}))
			if _, ok := errors.AsType[*DecodeError](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
			if got != "" && got != 0 && got != int64(0) {
				t.Errorf("got %v beside the error", got)
			}
		})
	}
}

func TestNoRecordNamesModelAndID(t *testing.T) {
	c := dialFake(t, &fakeOdoo{object: answerAll(resultOf(`[]`))})
	_, get := Get[line2](t.Context(), c, ID[sale](7))
	_, first := First[line2](t.Context(), c, AllOf[sale]())
	_, file := Download(t.Context(), c, ID[sale](7), saleF.Image, io.Discard)
	for want, err := range map[string]error{"sale.order 7": get, "sale.order": first, "sale.order 7 ": errors.Join(file)} {
		if !errors.Is(err, ErrNoRecord) || err.Error() != "orm: no record matches: "+strings.TrimSpace(want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
