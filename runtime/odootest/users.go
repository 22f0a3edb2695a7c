package odootest

import (
	"slices"
	"sync"
)

// user is somebody who may log in.
type user struct {
	id              int64
	login, password string
	name            string
	keys            []string
	made            *sync.Map // keys that calls have made, with the ids of their records
	access          access
	super           bool // no right is asked for
	secondFactor    bool // the password alone logs nobody in
}

// The ids of users start where those of people start in Odoo: 1 is the system itself.
const firstUser = 2

// The one who may log in unless options name others.
const (
	adminLogin    = "admin"
	adminPassword = "admin"
	adminKey      = "admin-key"
)

// UserOption says more of a user.
type UserOption func(*user)

// Key gives the user an API key: the bearer key of JSON-2, and on /jsonrpc as good as the password.
func Key(key string) UserOption { return func(u *user) { u.keys = append(u.keys, key) } }

// Name is what the user is called; the login if not given.
func Name(name string) UserOption { return func(u *user) { u.name = name } }

// SecondFactor makes the user one with two-factor authentication: the password alone is refused, and an API key logs in.
func SecondFactor() UserOption { return func(u *user) { u.secondFactor = true } }

// User lets somebody log in, in place of admin with the password admin and the key admin-key. Given several times, all of
// them may.
func User(login, password string, options ...UserOption) Option {
	return func(s *Server) {
		u := &user{made: new(sync.Map), id: firstUser + int64(len(s.users)), login: login, password: password, name: login}
		for _, option := range options {
			option(u)
		}
		s.users = append(s.users, u)
	}
}

// internalUsers is the ID of the group base.group_user.
const internalUsers int64 = 1

// addUsers gives everybody who may log in a record, and the best-known groups their external ids.
func (s *Server) addUsers() {
	s.store.name("base.user_admin", "res.users", firstUser)
	s.store.name("base.group_user", "res.groups", internalUsers)
	s.store.name("base.group_system", "res.groups", 4)
	for _, u := range s.users {
		s.store.insert(s.store.models["res.users"], u.id, map[string]any{"name": u.name, "login": u.login, "active": true})
	}
}

// find gives the user who is right, nil if nobody is.
func (s *Server) find(right func(*user) bool) *user {
	if i := slices.IndexFunc(s.users, right); i >= 0 {
		return s.users[i]
	}
	return nil
}

// byPassword is the user with this login and password.
func (s *Server) byPassword(login, password any) *user {
	return s.find(func(u *user) bool { return u.login == login && u.password == password })
}

// bySecret is the user with this login, and with this password or key.
func (s *Server) bySecret(login, secret any) *user {
	return s.find(func(u *user) bool { return u.login == login && u.accepts(secret) })
}

// byKey is the user whose API key this is.
func (s *Server) byKey(key string) *user {
	return s.find(func(u *user) bool { return u.hasKey(key) })
}

// byID is the user with this id, if the password or key that comes along is right.
func (s *Server) byID(id int64, secret any) (*user, error) {
	u := s.find(func(u *user) bool { return u.id == id })
	switch {
	case u == nil:
		return nil, missing(&model{name: "res.users"}, id, id)
	case !u.accepts(secret):
		return nil, errAccessDenied
	}
	return u, nil
}

func (u *user) accepts(secret any) bool {
	text, ok := secret.(string)
	return ok && (u.password == text && !u.secondFactor || u.hasKey(text))
}

var errAccessDenied error = &Error{Class: classAccessDenied, Message: "Access Denied"}
