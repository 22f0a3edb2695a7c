package bus

import (
	"testing"
	"time"
)

func TestHistoryAsksAgainForWhatMayCommitLate(t *testing.T) {
	start := time.Now()
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	var h history
	if h.last(at(0)) != 0 || h.highest() != 0 {
		t.Errorf("an empty history goes on after %d", h.last(at(0)))
	}
	for _, c := range []struct {
		id         int64
		second     int
		isNew      bool
		last, high int64
	}{
		{20, 0, true, 19, 20},
		{22, 5, true, 19, 22},
		{20, 6, false, 19, 22},
		{21, 6, true, 19, 22},  // it has committed late
		{30, 12, true, 20, 30}, // 20 is older than 10 seconds
		{31, 15, true, 20, 31}, // 21 is not
		{32, 17, true, 22, 32},
	} {
		if isNew := h.add(c.id, at(c.second)); isNew != c.isNew {
			t.Errorf("%d at %d: new %v", c.id, c.second, isNew)
		}
		if last, high := h.last(at(c.second)), h.highest(); last != c.last || high != c.high {
			t.Errorf("%d at %d: goes on after %d, highest %d, want %d, %d", c.id, c.second, last, high, c.last, c.high)
		}
	}
	if last := h.last(at(60)); last != 32 || len(h.seen) != 0 {
		t.Errorf("goes on after %d, keeps %d", last, len(h.seen))
	}
	h = history{base: 7}
	if h.last(at(0)) != 7 || h.highest() != 7 {
		t.Errorf("After(7) goes on after %d", h.last(at(0)))
	}
}

func TestNotificationsOfEachVersion(t *testing.T) {
	for version, c := range map[string]struct {
		m    message
		want Notification
	}{
		"14.0": {message{64, []byte(`"facts"`), []byte(`{"a":1}`)}, Notification{64, "facts", "", []byte(`{"a":1}`)}},
		"15.0": {message{64, []byte(`["o15","res.partner",3]`), []byte(`{"type":"t","payload":[1]}`)}, Notification{64, `["o15","res.partner",3]`, "t", []byte(`[1]`)}},
		"19.0": {message{64, nil, []byte(`{"type":"facts/changed","payload":{"a":1}}`)}, Notification{64, "", "facts/changed", []byte(`{"a":1}`)}},
	} {
		n, err := c.m.notification(version)
		if err != nil || n.ID != c.want.ID || n.Channel != c.want.Channel || n.Type != c.want.Type || string(n.Payload) != string(c.want.Payload) {
			t.Errorf("%s: %+v %v, want %+v", version, n, err, c.want)
		}
	}
}
