package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
)

// longestPoll is how long Odoo answers a poll at the latest, which is after 50 seconds, with some time to spare.
const longestPoll = 75 * time.Second

// poll receives by long polling. The first answer comes at once; others have what is new, or nothing after 50 seconds.
func (l *listener) poll(ctx context.Context) error {
	var first peeked
	if err := l.pollOnce(ctx, map[string]any{"peek": true}, &first); err != nil {
		return err
	}
	if err := l.connect(LongPolling); err != nil {
		return err
	}
	for messages := first.Notifications; ; {
		if err := l.deliver(messages); err != nil {
			return err
		}
		messages = nil
		if err := l.pollOnce(ctx, map[string]any{}, &messages); err != nil {
			return err
		}
	}
}

func (l *listener) pollOnce(ctx context.Context, options map[string]any, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, longestPoll)
	defer cancel()
	err := door.Ask(ctx, l.c, &door.Route{
		Model: "bus.bus", Method: "poll", Path: "/longpolling/poll", Waits: true, Base: l.base,
		Params: map[string]any{"channels": l.names(), "last": l.history.highest(), "options": options},
	}, answer)
	if e, ok := errors.AsType[*orm.Error](err); ok && strings.Contains(e.Message, "bus.Bus unavailable") {
		return fmt.Errorf("the server has workers, and long polling at another port: give its address with bus.At: %w", err)
	}
	return err
}

// peeked is the answer to a look that does not wait.
type peeked struct {
	Notifications []message `odoo:"notifications"`
}

// names are the channels as a list that is not null in JSON.
func (l *listener) names() []string { return append([]string{}, l.channels...) }

// look looks for notifications from time to time. It ends without an error when the websocket is to be tried again.
func (l *listener) look(ctx context.Context) error {
	for time.Now().Before(l.peekUntil) {
		messages, err := l.lookOnce(ctx)
		if err != nil {
			return err
		}
		if !l.connected {
			if err := l.connect(Peeking); err != nil {
				return err
			}
		}
		if err := l.deliver(messages); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(l.peek):
		}
	}
	return nil
}

func (l *listener) lookOnce(ctx context.Context) ([]message, error) {
	var answer peeked
	route := &door.Route{
		Model: "bus.bus", Method: "peek", Path: "/websocket/peek_notifications",
		Params: map[string]any{"channels": l.names(), "last": l.history.last(time.Now()), "is_first_poll": true},
	}
	err := door.Ask(ctx, l.c, route, &answer)
	return answer.Notifications, err
}
