package odootest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Webhooks are sent as Odoo sends them: one request for each record, within a second, from 19 on after the transaction has
// committed, and until 18 within it.

// Delivery is a webhook or a notification of the bus that is being delivered.
type Delivery struct {
	Webhook bool   // otherwise a notification of the bus
	To      string // the address of a webhook, the channel of a notification
	Body    []byte // the payload in JSON
}

// Deliver lets a function decide what becomes of webhooks and notifications of the bus, from now on: each arrives as often as
// there are durations, so long after it was sent. None of them loses it. nil delivers everything at once again.
//
//	server.Deliver(func(d odootest.Delivery) []time.Duration { return nil })                        // lost
//	server.Deliver(func(d odootest.Delivery) []time.Duration { return []time.Duration{0, 0} })      // twice
//	server.Deliver(func(d odootest.Delivery) []time.Duration { return []time.Duration{time.Second} }) // late
//
// It may be called from several goroutines at once.
func (s *Server) Deliver(how func(Delivery) []time.Duration) {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.deliver = how
}

// send delivers something. What is to arrive at once has arrived when send returns.
func (s *Server) send(d Delivery, arrive func()) {
	s.logged.Lock()
	how := s.deliver
	s.logged.Unlock()
	delays := []time.Duration{0}
	if how != nil {
		delays = how(d)
	}
	for _, delay := range delays {
		if delay <= 0 {
			arrive()
			continue
		}
		time.AfterFunc(delay, func() {
			if s.running.Err() == nil {
				arrive()
			}
		})
	}
}

// webhookTimeout is how long Odoo waits for the receiver of a webhook.
const webhookTimeout = time.Second

// webhookAgent is the User-Agent of Odoo's webhooks.
const webhookAgent = "python-requests/2.32.3"

func (t *tx) checkWebhook() error {
	if !t.does(odoofacts.OutgoingWebhooks) {
		return fail(classValue, "Wrong value for ir.actions.server.state: 'webhook'")
	}
	return nil
}

// sendWebhook sends the webhook of an action for each record.
func (e event) sendWebhook(action *record) error {
	address := str(action.values["webhook_url"])
	if address == "" {
		return fail(classUser, "I'll be happy to send a webhook for you, but you really need to give me a URL to reach out to...")
	}
	for _, r := range e.records {
		body, err := encode(e.payload(action, r))
		if err != nil {
			return err
		}
		d := Delivery{Webhook: true, To: address, Body: ascii(body)}
		if e.t.does(odoofacts.WebhookAfterCommit) {
			e.t.afterCommit(func(s *Server) { s.send(d, d.post) })
		} else {
			e.t.server.send(d, d.post)
		}
	}
	return nil
}

// post sends a webhook. As to Odoo, it does not matter what the receiver answers.
func (d Delivery) post() {
	q, err := http.NewRequest(http.MethodPost, d.To, bytes.NewReader(d.Body))
	if err != nil {
		return
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("User-Agent", webhookAgent)
	client := http.Client{Timeout: webhookTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	if answer, err := client.Do(q); err == nil {
		_ = answer.Body.Close()
	}
}

// payload is what a webhook sends of a record, by the names of the fields.
func (e event) payload(action, r *record) *row {
	actions := e.t.models[actionsModel]
	name := str(action.values["name"])
	if !e.t.does(odoofacts.WebhookAfterCommit) {
		name = "Send Webhook Notification"
	}
	values := map[string]any{"_action": fmt.Sprintf("%s(#%d)", name, action.id), "_id": r.id, "_model": e.model.name}
	for _, listed := range e.t.existing(e.t.models[fieldsModel], e.t.paired(action, actions.fields["webhook_field_ids"])) {
		if f := e.model.fields[str(listed.values["name"])]; f != nil {
			values["id"], values[f.Name] = r.id, e.t.webhookValue(e.model, r, f)
		}
	}
	out := &row{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		out.set(key, values[key])
	}
	return out
}

// webhookValue is a value as webhooks have it: times with their microseconds, and binaries in Python's form of bytes.
func (t *tx) webhookValue(m *model, r *record, f *field) any {
	v := t.wire(m, r, f, false)
	switch {
	case f.Type == "datetime" && truthy(v):
		return t.raw(m, r, f)
	case f.Type == "binary" && truthy(v):
		return "b'" + str(v) + "'"
	}
	return v
}
