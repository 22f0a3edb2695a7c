package main

import (
	"errors"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// servedUser is a user of the file that --users names.
type servedUser struct {
	Login    string              `json:"login"`
	Password string              `json:"password"`
	Name     string              `json:"name"`
	Keys     []string            `json:"keys"`
	Rights   map[string][]string `json:"rights"`
	Rules    []servedRule        `json:"rules"`
}

type servedRule struct {
	Name       string   `json:"name"`
	Model      string   `json:"model"`
	Operations []string `json:"operations"`
	Domain     []any    `json:"domain"`
}

func (u servedUser) option() (odootest.Option, error) {
	if u.Login == "" || u.Password == "" {
		return nil, errors.New("it lacks a login or a password")
	}
	var more []odootest.UserOption
	if u.Name != "" {
		more = append(more, odootest.Name(u.Name))
	}
	for _, key := range u.Keys {
		more = append(more, odootest.Key(key))
	}
	for model, operations := range u.Rights {
		more = append(more, odootest.Rights(model, operations...))
	}
	for _, r := range u.Rules {
		more = append(more, odootest.Rules(odootest.RecordRule(r)))
	}
	return odootest.User(u.Login, u.Password, more...), nil
}
