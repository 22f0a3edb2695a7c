package bus

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// Option is a setting of [Listen].
type Option func(*settings)

type settings struct {
	channels []string
	after    int64
	peek     time.Duration
	base     *url.URL
	report   func(State)
	err      error
}

func (s *settings) refuse(format string, args ...any) {
	s.err = errors.Join(s.err, fmt.Errorf(format, args...))
}

// Channel listens to channels with the names. A client with a web session also gets what the server sends to the user; others need
// at least one channel.
func Channel(names ...string) Option {
	return func(s *settings) {
		if s.channels = append(s.channels, names...); len(names) == 0 || slices.Contains(names, "") {
			s.refuse("Channel(%q): want names", names)
		}
	}
}

// After begins with the first notification after the one with the ID, as far as the server has kept them. Without it the first ones
// are those of the last 50 seconds.
func After(id int64) Option {
	return func(s *settings) {
		if s.after = id; id < 1 {
			s.refuse("After(%d): want the ID of a notification", id)
		}
	}
}

// Every is the pause between two looks where notifications can only be looked for: 5 seconds if not given. It has an effect if the
// websocket cannot be reached, see [Peeking].
func Every(pause time.Duration) Option {
	return func(s *settings) {
		if s.peek = pause; pause <= 0 {
			s.refuse("Every(%v): want more than 0", pause)
		}
	}
}

// At is the address of the websocket or of long polling, as in "http://erp:8072", where it is not that of the server: Odoo with
// workers has a port of its own for it (gevent_port, longpolling_port), which a proxy usually joins with the other one.
func At(address string) Option {
	return func(s *settings) {
		base, err := url.Parse(address)
		if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.User != nil {
			s.refuse("At(%q): want an address with http or https and without a user", address)
			return
		}
		s.base = base
	}
}

// OnState reports each connection, and its end.
func OnState(report func(State)) Option {
	return func(s *settings) {
		if s.report = report; report == nil {
			s.refuse("OnState(nil): want a function")
		}
	}
}

// Way is how notifications are received.
type Way string

// The ways to receive notifications.
const (
	WebSocket   Way = "websocket"    // Odoo 16 and later
	LongPolling Way = "long polling" // Odoo 14 and 15
	// Peeking looks for notifications from time to time, where the address has no websocket. The websocket is tried again
	// every five minutes.
	Peeking Way = "peeking"
)

// State is the state of the connection of [Listen].
type State struct {
	Way       Way
	Connected bool
	Err       error // why the connection ended, if it did
}
