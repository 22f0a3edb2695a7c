// Package differential holds the embedded Odoo to the truth: the same operations run on a real server and on the
// embedded one, which is made from a snapshot of that very server, and the answers are compared.
//
// An operation is a line of text, and the operations of a version are one long list that runs in order, in a database of
// its own, so that even the ids are the same on both sides:
//
//	red = x_tag create [{"x_name":"red"}]
//	x_tag read [[@red],["x_name"]] {"context":{"lang":"fr_FR"}}
//
// The first one gives a name to the id that it answers. A line that begins with "14|" or "19|" is for one version.
//
// The live test asks the real server; with -update it writes down what that answered, for the test without one:
//
//	go test -tags live -run TestLiveDifferential ./runtime/odootest/differential -update
//
// Odoo 15 to 18 are in no package registry. They were recorded once, by hand, and nothing can record them again: operations
// that are newer are not asked of them.
//
// What is known to differ is listed in known_test.go, and fails when it does not differ any more.
package differential

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

var versions = []int{14, 15, 16, 17, 18, 19}

// recordedOnce are the versions that no test can ask: they were recorded once, from source trees. What the suite gained
// since was not asked of them.
var recordedOnce = []int{15, 16, 17, 18}

// TestDifferential compares with the recorded answers of the real servers.
func TestDifferential(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			compare(t, version, readRecording(t, version))
		})
	}
}

// compare runs the operations on the embedded Odoo and reports where it answers otherwise than the real one did.
func compare(t *testing.T, version int, real *recording) {
	t.Helper()
	server, s := embedded(t, real)
	next := ids{server, map[string]int64{}}
	known := newExceptions(version)
	agreed, differing, unasked := 0, 0, 0
	answers := real.Answers
	for _, o := range operations(version) {
		if len(answers) == 0 || answers[0].Op != o.text {
			if !slices.Contains(recordedOnce, version) {
				t.Fatalf("%s is not recorded: run the live test with -update", o.text)
			}
			unasked++
			continue
		}
		want := answers[0].Answer
		answers = answers[1:]
		next.align(o, want)
		got := s.run(o)
		switch same := got == want; {
		case same && known.has(o):
			t.Errorf("%s\nis listed as different, and is not", o.text)
		case same:
			agreed++
		case known.has(o):
			differing++
		default:
			t.Errorf("%s\nreal     %s\nembedded %s", o.text, want, got)
		}
	}
	if len(answers) > 0 {
		t.Errorf("%s is recorded, and %d answers follow it, and the suite does not have it", answers[0].Op, len(answers)-1)
	}
	t.Logf("Odoo %d: %d operations, %d agree, %d differ as listed, %d were not asked", version, len(real.Answers), agreed, differing, unasked)
	for _, text := range known.unused() {
		t.Errorf("no operation is %s, which is listed as different", text)
	}
}

// ids keeps the ids of new records the same on both sides. Which ids are lost when an operation fails is not compared.
type ids struct {
	server  *odootest.Server
	highest map[string]int64
}

var loaded = regexp.MustCompile(`^\{"ids":\[(\d+)`)

// align makes the record that an operation is about to make get the id of the real one.
func (x ids) align(o operation, want string) {
	words := strings.Fields(assignment.ReplaceAllString(o.text, "$2"))
	made := madeID(json.RawMessage(want))
	if found := loaded.FindStringSubmatch(want); found != nil {
		made = found[1]
	}
	id, err := strconv.ParseInt(made, 10, 64)
	if err != nil || !slices.Contains([]string{"create", "copy", "name_create", "load"}, words[1]) || id <= x.highest[words[0]] {
		return
	}
	x.highest[words[0]] = id
	x.server.SetNextID(words[0], id)
}
