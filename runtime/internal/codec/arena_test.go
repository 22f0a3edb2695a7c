package codec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type basket struct {
	ID    int64    `odoo:"id"`
	Lines listed   `odoo:"line_ids"`
	Boxes []basket `odoo:"box_ids"`
}

type listed []struct {
	Name string `odoo:"name"`
}

func linesOf(names ...string) listed {
	var out listed
	for _, name := range names {
		out = append(out, listed{{name}}...)
	}
	return out
}

// Lists of one answer share chunks: none may show what belongs to another.
func TestListsWithinRecordsAreApart(t *testing.T) {
	var answer strings.Builder
	var want []basket
	for i := range 300 {
		var names, lines []string
		for l := range i % 7 {
			names = append(names, fmt.Sprintf("%d-%d", i, l))
			lines = append(lines, fmt.Sprintf(`{"name": "%d-%d"}`, i, l))
		}
		fmt.Fprintf(&answer, `, {"id": %d, "line_ids": [%s]}`, i+1, strings.Join(lines, ", "))
		want = append(want, basket{ID: int64(i + 1), Lines: linesOf(names...)})
	}
	var got []basket
	if err := Unmarshal([]byte("["+answer.String()[2:]+"]"), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	for i := range got {
		got[i].Lines = append(got[i].Lines, linesOf("more")...)
		want[i].Lines = append(want[i].Lines, linesOf("more")...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("what is appended to a list shows in another:\n", diff)
	}
}

func TestListsOfTheirOwnKindWithin(t *testing.T) {
	var got []basket
	err := Unmarshal([]byte(`[{"id": 1, "box_ids": [{"id": 2, "box_ids": [{"id": 3}, {"id": 4}]}, false, {"id": 5, "box_ids": [{"id": 6}]}]},
		{"id": 7, "box_ids": [{"id": 8, "line_ids": [{"name": "a"}]}], "line_ids": [{"name": "b"}, {"name": "c"}]}]`), &got)
	want := []basket{
		{ID: 1, Boxes: []basket{{ID: 2, Boxes: []basket{{ID: 3}, {ID: 4}}}, {}, {ID: 5, Boxes: []basket{{ID: 6}}}}},
		{ID: 7, Boxes: []basket{{ID: 8, Lines: linesOf("a")}}, Lines: linesOf("b", "c")},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A list that is an answer is as large as it need be: room is made for what the answer holds, not by doubling.
func TestAnswerMakesLittleRoomTooMuch(t *testing.T) {
	answer := "[" + strings.TrimSuffix(strings.Repeat(`{"id": 10, "line_ids": [{"name": "a"}]},`, 5000), ",") + "]"
	var got []basket
	if err := Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 5000 || cap(got) > 5500 || cap(got[4999].Lines) != 1 {
		t.Errorf("%d records in room for %d, %d lines in room for %d", len(got), cap(got), len(got[4999].Lines), cap(got[4999].Lines))
	}
}
