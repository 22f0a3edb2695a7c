package bus

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/wire"
)

// Notification is a message of Odoo's bus.
type Notification struct {
	ID      int64
	Channel string // until Odoo 15, where newer versions do not say it; as JSON if it is not a text
	Type    string // from Odoo 15 on
	Payload json.RawMessage
}

// Payload reads the payload of a notification into a T, as clients read answers: structs by their odoo tags.
func Payload[T any](n Notification) (T, error) {
	var out T
	if err := wire.Unmarshal(n.Payload, &out); err != nil {
		return out, fmt.Errorf("bus: notification %d: %w", n.ID, err)
	}
	return out, nil
}

// message is a notification as Odoo sends it.
type message struct {
	ID      int64           `odoo:"id"`
	Channel json.RawMessage `odoo:"channel"`
	Message json.RawMessage `odoo:"message"`
}

func (m message) notification(series string) (Notification, error) {
	n := Notification{ID: m.ID, Payload: m.Message}
	if json.Unmarshal(m.Channel, &n.Channel) != nil {
		n.Channel = string(m.Channel)
	}
	if !odoofacts.BusTypes.InSeries(series) {
		return n, nil
	}
	var typed struct {
		Type    string          `odoo:"type"`
		Payload json.RawMessage `odoo:"payload"`
	}
	if err := wire.Unmarshal(m.Message, &typed); err != nil {
		return n, fmt.Errorf("notification %d: %w", m.ID, err)
	}
	n.Type, n.Payload = typed.Type, typed.Payload
	return n, nil
}

// lookBack is how far back notifications are asked for again: Odoo gives out their IDs before the transaction commits, so that one
// can appear after others with a higher ID.
const lookBack = 10 * time.Second

// history knows which notifications have been received, and where to go on.
type history struct {
	base int64 // all up to this one have been received or are not wanted
	seen []received
}

type received struct {
	id int64
	at time.Time
}

// add notes a notification, and reports whether it is new.
func (h *history) add(id int64, now time.Time) bool {
	if slices.ContainsFunc(h.seen, func(r received) bool { return r.id == id }) {
		return false
	}
	h.seen = append(h.seen, received{id, now})
	return true
}

// last is the notification after which to ask for others. It forgets those before it.
func (h *history) last(now time.Time) int64 {
	recent := int64(0) // the lowest of those within lookBack
	for _, r := range h.seen {
		if now.Sub(r.at) < lookBack && (recent == 0 || r.id < recent) {
			recent = r.id
		}
	}
	for _, r := range h.seen {
		if recent == 0 || r.id < recent {
			h.base = max(h.base, r.id)
		}
	}
	if h.base == 0 && recent > 0 {
		h.base = recent - 1
	}
	h.seen = slices.DeleteFunc(h.seen, func(r received) bool { return r.id <= h.base })
	return h.base
}

// highest is the highest ID that has been received.
func (h *history) highest() int64 {
	out := h.base
	for _, r := range h.seen {
		out = max(out, r.id)
	}
	return out
}
