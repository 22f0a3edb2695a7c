package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/wire"
)

const (
	pingEvery  = 30 * time.Second // Odoo itself is silent for up to 55
	pongWithin = 15 * time.Second
	handshake  = 30 * time.Second
	maxMessage = 32 << 20
	waiting    = 100 // messages that wait for the body of the loop
)

// errNoWebSocket means that the server answered the handshake with something else.
var errNoWebSocket = errors.New("no websocket at this address")

// The codes with which Odoo closes a websocket.
const (
	closeSessionExpired = 4001
	closeKeepAlive      = 4002
)

// socket receives by websocket, until the connection ends.
func (l *listener) socket(ctx context.Context) error {
	conn, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer conn.CloseNow() //nolint:errcheck // it is of no use any more
	if err := l.subscribe(ctx, conn); err != nil {
		return err
	}
	if err := l.connect(WebSocket); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go l.keepAlive(ctx, conn, cancel)
	messages := make(chan []message, waiting)
	go readAll(ctx, conn, messages, cancel)
	for list := range messages {
		if err := l.deliver(list); err != nil {
			return err
		}
	}
	return explain(context.Cause(ctx))
}

// open opens the websocket. An answer that is none is [errNoWebSocket], unless the address was given for it.
func (l *listener) open(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	to, err := door.Connect(ctx, l.c)
	if err != nil {
		return nil, err
	}
	if l.base != nil {
		to.Base = l.base
	}
	to.Header.Set("Origin", to.Base.Scheme+"://"+to.Base.Host)                                                                                             // Odoo refuses requests without one
	conn, answer, err := websocket.Dial(ctx, to.Base.JoinPath("websocket").String(), &websocket.DialOptions{HTTPClient: to.Client, HTTPHeader: to.Header}) //nolint:bodyclose // it is not to be closed, says its documentation
	switch {
	case err == nil:
		conn.SetReadLimit(maxMessage)
		return conn, nil
	case answer != nil && l.base == nil && hasNoWebSocket(answer.StatusCode):
		return nil, fmt.Errorf("%w: HTTP %d", errNoWebSocket, answer.StatusCode)
	}
	return nil, err
}

// hasNoWebSocket recognises the answers of Odoo with workers (500), and of proxies that do not pass websockets on. Others will pass.
func hasNoWebSocket(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return false
	}
	return status != http.StatusSwitchingProtocols
}

func (l *listener) subscribe(ctx context.Context, conn *websocket.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	frame, err := json.Marshal(map[string]any{
		"event_name": "subscribe", "data": map[string]any{"channels": l.names(), "last": l.history.last(time.Now())},
	})
	if err != nil {
		return err
	}
	return conn.Write(ctx, websocket.MessageText, frame)
}

// keepAlive notices a connection that is dead.
func (l *listener) keepAlive(ctx context.Context, conn *websocket.Conn, end context.CancelCauseFunc) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pingEvery):
		}
		pong, cancel := context.WithTimeout(ctx, pongWithin)
		err := conn.Ping(pong)
		cancel()
		if err != nil {
			end(fmt.Errorf("the server does not answer: %w", err))
			return
		}
		l.worked.Store(time.Now().UnixNano())
	}
}

// readAll reads until the connection ends. It answers the pings of the server, also while the body of the loop is busy.
func readAll(ctx context.Context, conn *websocket.Conn, out chan<- []message, end context.CancelCauseFunc) {
	defer close(out)
	for {
		_, data, err := conn.Read(ctx)
		var list []message
		if err == nil {
			err = wire.Unmarshal(data, &list)
		}
		if err != nil {
			end(err)
			return
		}
		select {
		case out <- list:
		case <-ctx.Done():
			return
		}
	}
}

// explain adds what Odoo means with the code of a close.
func explain(err error) error {
	switch websocket.CloseStatus(err) {
	case closeSessionExpired:
		return fmt.Errorf("the session has expired, or the server does not know which database is meant: %w", err)
	case closeKeepAlive:
		return fmt.Errorf("the server ends connections after about an hour: %w", err)
	case websocket.StatusTryAgainLater:
		return fmt.Errorf("the server is busy, or received too many messages: %w", err)
	case websocket.StatusMessageTooBig:
		return fmt.Errorf("there are too many channels: %w", err)
	}
	return err
}
