package orm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// jsonrpc speaks Odoo's /jsonrpc: every version from 8 to 21, with a password or an API key in each call.
type jsonrpc struct {
	http   *http.Client
	base   *url.URL
	cookie atomic.Pointer[http.Cookie]
	serial atomic.Int64
}

// call runs a method of one of the services common, db and object, and gives the raw result.
func (t *jsonrpc) call(ctx context.Context, service, method string, args ...any) (json.RawMessage, error) {
	body := fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"call","id":%d,"params":{"service":%q,"method":%q,"args":`,
		t.serial.Add(1), service, method)
	body, err := appendValue(body, args)
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	body = append(body, "}}"...)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.base.JoinPath("jsonrpc").String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if cookie := t.cookie.Load(); cookie != nil {
		req.AddCookie(cookie)
	}
	resp, err := t.http.Do(req)
	if err != nil {
		return nil, t.unreachable(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, t.unreachable(err)
	}
	if result, err := t.parse(answer); err == nil || errors.As(err, new(*Error)) {
		return result, err
	}
	return nil, notOdoo(resp, t.base)
}

// parse takes an answer apart.
func (t *jsonrpc) parse(answer []byte) (result json.RawMessage, err error) {
	s := &scanner{data: answer}
	var failure *rpcError
	err = s.object(func(key []byte) error {
		isResult, isError := string(key) == "result", string(key) == "error"
		raw, err := s.raw()
		switch {
		case err != nil:
			return err
		case isResult:
			result = raw
		case isError:
			return json.Unmarshal(raw, &failure)
		}
		return nil
	})
	if err == nil {
		err = s.end()
	}
	switch {
	case err != nil:
		return nil, err
	case failure != nil:
		return nil, failure.typed()
	case result == nil:
		return nil, s.errorf("an answer with neither a result nor an error")
	}
	return result, nil
}

// unreachable says which server did not answer, without what the body held.
func (t *jsonrpc) unreachable(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return fmt.Errorf("orm: no answer from %s: %w", t.base, err)
}

// notOdoo is the error for an answer that is not Odoo's: a proxy's page, another server, or the HTML that Odoo sends
// for an exception outside a database.
func notOdoo(resp *http.Response, base *url.URL) *Error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	e := &Error{Status: resp.StatusCode}
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		e.Message = fmt.Sprintf("%s redirects to %s: use that address", base, location(resp, base))
	case resp.StatusCode == http.StatusOK:
		e.Message = fmt.Sprintf("%s does not answer as an Odoo server (it sent %s)", base, orWord(kind, "no content type"))
	default:
		e.Message = fmt.Sprintf("%s answered HTTP %s (%s)", base, resp.Status, orWord(kind, "no content type"))
	}
	return e
}

// location is where a redirect leads, less the path of the call.
func location(resp *http.Response, base *url.URL) string {
	to, err := resp.Location()
	if err != nil {
		return "nowhere"
	}
	to.Path = strings.TrimSuffix(strings.TrimSuffix(to.Path, "/"), "/jsonrpc")
	return to.String()
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}

// enter asks for a session cookie of the database, without logging in. On a server with several databases, /jsonrpc
// has no database of its own: Odoo 14 then answers any exception with a page that says nothing, unless the request
// carries such a cookie. A server that gives none is used without.
func (t *jsonrpc) enter(ctx context.Context, db string) {
	u := t.base.JoinPath("web")
	u.RawQuery = url.Values{"db": {db}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return
	}
	resp, err := t.http.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	for _, cookie := range resp.Cookies() {
		if cookie.Name == "session_id" {
			t.cookie.Store(cookie)
		}
	}
}
