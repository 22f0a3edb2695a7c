package odoosync

import (
	"encoding/json"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// Numbers are equal if Odoo's float_round makes the same of both.
func TestNumbersAreComparedRounded(t *testing.T) {
	for _, test := range []struct {
		want, have string
		digits     int
		rounded    bool
		same       bool
	}{
		{"1.005", "1.01", 2, true, true},
		{"1.005", "1.0", 2, true, false},
		{"-1.005", "-1.01", 2, true, true},
		{"2.675", "2.68", 2, true, true},
		{"0.1", "0.10000000000000001", 2, true, true},
		{"false", "0.0", 2, true, true},
		{"150", "149.6", 0, true, true},
		{"149.4", "150", 0, true, false},
		{"0.30000000000000004", "0.3", 0, false, false},
		{"1e3", "1000.0", 0, false, true},
	} {
		if got := sameNumber(json.RawMessage(test.want), json.RawMessage(test.have), test.digits, test.rounded); got != test.same {
			t.Errorf("%s and %s with %d digits: same is %v", test.want, test.have, test.digits, got)
		}
	}
}

func TestCommandsAreFulfilled(t *testing.T) {
	for _, test := range []struct {
		commands, have string
		same           bool
	}{
		{`[[6,0,[1,2]]]`, `[2,1]`, true},
		{`[[6,0,[1,2]]]`, `[1,2,3]`, false},
		{`[[6,0,[1,2]]]`, `[1]`, false},
		{`[[5]]`, `[]`, true},
		{`[[5,0,0],[4,3,0]]`, `[3]`, true},
		{`[[4,3]]`, `[1,3]`, true},
		{`[[4,3]]`, `[1]`, false},
		{`[[3,3]]`, `[1]`, true},
		{`[[3,3]]`, `[1,3]`, false},
		{`[[4,3],[3,3]]`, `[]`, true},
	} {
		c, err := commandsOf(json.RawMessage(test.commands))
		if err != nil || c.fulfilled(json.RawMessage(test.have)) != test.same {
			t.Errorf("%s of %s: same is %v, %v", test.commands, test.have, !test.same, err)
		}
	}
	if _, err := commandsOf(json.RawMessage(`[[0,0,{"name":"x"}]]`)); err == nil {
		t.Error("a command that creates was taken")
	}
}

// Load reads a text as the first choice with that value or label, so only values that it reads as themselves are loaded.
func TestChoicesThatLoadReads(t *testing.T) {
	choices := orm.Labels{{"a", "B"}, {"b", "A"}, {"c", "C"}}
	for value, want := range map[string]bool{"a": true, "b": false, "c": true, "": true, "x": false} {
		if got := plainChoice(choices, value); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
