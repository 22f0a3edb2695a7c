package introspect

import (
	"runtime"
	"strings"
	"testing"
)

// nestedButtons is a view of so many buttons, each in the one before, and the last one with a text.
func nestedButtons(n int) string {
	return "<form>" + strings.Repeat(`<button name="a" type="object">`, n) + "Go" + strings.Repeat("</button>", n) + "</form>"
}

// All of them have the text of the last one; a text is kept once an element, and not longer than labels are.
func TestNestedButtons(t *testing.T) {
	root, ok := parseView(nestedButtons(4000))
	if !ok {
		t.Fatal("not parsed")
	}
	found := buttonSet{}
	found.node("m", &root, nil)
	if got := len(found["m"]["a"]); got != 4000 {
		t.Errorf("%d buttons", got)
	}
	if got := found.labels()["m"]["a"]; got != "Go" {
		t.Errorf("label %q", got)
	}
	root, _ = parseView("<form>" + strings.Repeat("<b>ä text</b>", 1000) + "</form>")
	if len(root.text) > longestText || !strings.HasPrefix(root.text, "ä text ä text") {
		t.Errorf("text of %d bytes", len(root.text))
	}
}

// The cost of a view grows with its length, and not with its square. Allocated bytes are counted, since times depend on the machine.
func TestCostOfNestedButtonsIsLinear(t *testing.T) {
	allocated := func(n int) uint64 {
		arch := strings.ReplaceAll(nestedButtons(n), `"object">`, `"object">a `)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		root, ok := parseView(arch)
		if !ok {
			t.Fatal("not parsed")
		}
		buttonSet{}.node("m", &root, nil)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if small, large := allocated(400), allocated(1600); large > 8*small {
		t.Errorf("4 times the buttons take %.1f times the memory", float64(large)/float64(small))
	}
}

// BenchmarkNestedButtons/8000 takes about twice as long as 4000: the cost of a view grows with its length.
func BenchmarkNestedButtons(b *testing.B) {
	for _, n := range []int{4000, 8000} {
		b.Run(map[int]string{4000: "4000", 8000: "8000"}[n], func(b *testing.B) {
			arch := nestedButtons(n)
			for b.Loop() {
				root, ok := parseView(arch)
				if !ok {
					b.Fatal("not parsed")
				}
				buttonSet{}.node("m", &root, nil)
			}
		})
	}
}
