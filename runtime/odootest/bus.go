package odootest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// bus is Odoo's bus: by long polling until 15, by websocket from 16 on.
type bus struct {
	mu      sync.Mutex
	last    int64
	notices []notice
	changed chan struct{} // closed when there is another notice
	sockets map[*websocket.Conn]bool
}

// notice is a notification on the bus.
type notice struct {
	id      int64
	channel string
	kind    string
	payload any
	at      time.Time
}

const (
	busRecent = 50 * time.Second // what a listener gets that has received nothing, and how long a poll waits
	busMost   = 10_000           // notices that are kept
)

// Notify puts a notification on the bus, as the code of Odoo's modules does. kind is its type, which it has from Odoo 15 on.
func (s *Server) Notify(channel, kind string, payload any) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	v, err := decode(body)
	if err == nil {
		s.publish(channel, kind, v)
	}
	return err
}

// notify puts a notification on the bus when the transaction commits.
func (t *tx) notify(channel, kind string, payload any) {
	t.afterCommit(func(s *Server) { s.publish(channel, kind, payload) })
}

// publish gives a notification its ID now, and lets it appear as Deliver says.
func (s *Server) publish(channel, kind string, payload any) {
	body, err := encode(payload)
	if err != nil {
		return // it has come from JSON
	}
	s.send(Delivery{To: channel, Body: body}, s.bus.reserve(notice{channel: channel, kind: kind, payload: payload}))
}

// reserve gives a notice an ID, and a function that lets it appear; again, with another ID.
func (b *bus) reserve(n notice) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	n.id = b.last
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if slices.ContainsFunc(b.notices, func(other notice) bool { return other.id == n.id }) {
			b.last++
			n.id = b.last
		}
		n.at = time.Now()
		b.notices = append(b.notices, n)
		if len(b.notices) > busMost {
			b.notices = slices.Delete(b.notices, 0, len(b.notices)-busMost)
		}
		close(b.changed)
		b.changed = make(chan struct{})
	}
}

// since are the notices of channels after the one with the ID, 0 for those of the last 50 seconds, and a channel that is closed
// when there are others.
func (b *bus) since(channels []string, last int64) ([]notice, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last > b.last {
		last = 0
	}
	var out []notice
	for _, n := range b.notices {
		if slices.Contains(channels, n.channel) && (n.id > last && last > 0 || last == 0 && time.Since(n.at) < busRecent) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b notice) int { return int(a.id - b.id) })
	return out, b.changed
}

func (s services) routeBus(mux *http.ServeMux) {
	if !s.does(odoofacts.BusWebSocket) {
		mux.HandleFunc("/longpolling/poll", s.jsonRPC(route{run: s.busPoll}))
		return
	}
	mux.HandleFunc("GET /websocket", s.serveSocket)
	mux.HandleFunc("/websocket/peek_notifications", s.jsonRPC(route{run: s.busPeek}))
}

// busWanted are the channels and the last ID of a request.
func busWanted(params map[string]any) (channels []string, last int64) {
	names, _ := params["channels"].([]any)
	for _, name := range names {
		channels = append(channels, str(name))
	}
	last, _ = params["last"].(int64)
	return channels, last
}

// busPoll answers when there is something, and after 50 seconds in any case.
func (s services) busPoll(c *rpcCall) (any, error) {
	channels, last := busWanted(c.params)
	options, _ := c.params["options"].(map[string]any)
	for timeout := time.After(busRecent); ; {
		found, changed := s.bus.since(channels, last)
		switch {
		case truthy(options["peek"]):
			return map[string]any{"notifications": s.wireNotices(found), "channels": c.params["channels"]}, nil
		case len(found) > 0:
			return s.wireNotices(found), nil
		}
		select {
		case <-changed:
		case <-timeout:
			return []any{}, nil
		case <-c.http.Context().Done():
			panic(http.ErrAbortHandler)
		case <-s.running.Done():
			panic(http.ErrAbortHandler)
		}
	}
}

func (s services) busPeek(c *rpcCall) (any, error) {
	if !truthy(c.params["is_first_poll"]) {
		return nil, errSessionExpired
	}
	channels, last := busWanted(c.params)
	found, _ := s.bus.since(channels, last)
	return map[string]any{"channels": c.params["channels"], "notifications": s.wireNotices(found)}, nil
}

// wireNotices are notices as the version sends them.
func (s services) wireNotices(notices []notice) []any {
	out := []any{}
	for _, n := range notices {
		message := n.payload
		if s.does(odoofacts.BusTypes) {
			message = map[string]any{"type": n.kind, "payload": n.payload}
		}
		sent := map[string]any{"id": n.id, "message": message}
		if !s.does(odoofacts.BusWebSocket) {
			sent["channel"] = n.channel
		}
		out = append(out, sent)
	}
	return out
}

// CloseSockets closes the websockets that are open, with a code: 4001 is what Odoo closes those with whose session has expired,
// 4002 those that are an hour old, 1001 all of them when it stops.
func (s *Server) CloseSockets(code int) {
	s.bus.mu.Lock()
	open := s.bus.sockets
	s.bus.sockets = map[*websocket.Conn]bool{}
	s.bus.mu.Unlock()
	for conn := range open {
		_ = conn.Close(websocket.StatusCode(code), "")
	}
}

// serveSocket is a websocket, until one of both sides ends it.
func (s services) serveSocket(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") == "" {
		refuse(w, http.StatusBadRequest)
		return
	}
	conn, err := s.acceptSocket(w, r)
	if err != nil {
		return // it has answered
	}
	defer conn.CloseNow() //nolint:errcheck // it is closed
	ctx, cancel := context.WithCancel(s.running)
	defer cancel()
	defer func() {
		s.bus.mu.Lock()
		delete(s.bus.sockets, conn)
		s.bus.mu.Unlock()
	}()
	subscriptions := make(chan map[string]any)
	go func() {
		defer cancel()
		readSubscriptions(ctx, conn, subscriptions)
	}()
	s.sendNotices(ctx, conn, subscriptions)
}

// acceptSocket accepts a websocket. CloseSockets waits for it, since a client can use the connection before Accept returns.
func (s services) acceptSocket(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err == nil {
		s.bus.sockets[conn] = true
	}
	return conn, err
}

// readSubscriptions reads frames until the connection ends.
func readSubscriptions(ctx context.Context, conn *websocket.Conn, out chan<- map[string]any) {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		v, _ := decode(data) // Odoo logs frames that are no JSON, and goes on
		frame, _ := v.(map[string]any)
		if wanted, ok := frame["data"].(map[string]any); ok && frame["event_name"] == "subscribe" {
			select {
			case out <- wanted:
			case <-ctx.Done():
				return
			}
		}
	}
}

// sendNotices sends the notices that are subscribed to. The last ID counts once for a connection.
func (s services) sendNotices(ctx context.Context, conn *websocket.Conn, subscriptions <-chan map[string]any) {
	var channels []string
	var last int64
	sent, subscribed := map[int64]bool{}, false
	for {
		found, changed := s.bus.since(channels, last)
		found = slices.DeleteFunc(found, func(n notice) bool { return sent[n.id] })
		if len(found) > 0 {
			data, err := encode(s.wireNotices(found))
			if err != nil || conn.Write(ctx, websocket.MessageText, data) != nil {
				return
			}
		}
		for _, n := range found {
			if sent[n.id] = true; !s.does(odoofacts.BusLooksBack) {
				last = max(last, n.id)
			}
		}
		select {
		case wanted := <-subscriptions:
			names, first := busWanted(wanted)
			if channels = names; !subscribed {
				last, subscribed = first, true
			}
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
