// Package app has types of an application that generated fields have.
package app

import "fmt"

// State is the state of an order, by number.
type State int

// The states.
const (
	Draft State = iota
	Sale
)

var states = []string{Draft: "draft", Sale: "sale"}

// MarshalText gives the state's name in Odoo.
func (s State) MarshalText() ([]byte, error) { return []byte(states[s]), nil }

// UnmarshalText takes a state's name in Odoo.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range states {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no state", text)
}

// Settings are those of an order.
type Settings struct {
	Color string `json:"color"`
}
