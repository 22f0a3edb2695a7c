package protocol

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// NotOdoo is the error for an answer that is not Odoo's: a proxy's page, another server, or the HTML that Odoo sends for an
// exception outside a database.
func NotOdoo(t *transport.Transport, a *transport.Answer) *fault.Error {
	e := &fault.Error{Status: a.Status, Kind: fault.Malformed, Sent: !refused(a.Status), RetryAfter: retryAfter(a.Header)}
	kind := a.ContentType()
	if kind == "" {
		kind = "no content type"
	}
	switch {
	case a.Status >= 300 && a.Status < 400:
		e.Message = fmt.Sprintf("%s redirects to %s", t.Base(), location(t, a))
	case a.Status == http.StatusTooManyRequests:
		e.Kind = fault.RateLimit
		e.Message = fmt.Sprintf("%s rate limited the request (HTTP 429)", t.Base())
	case isUnavailable(a.Status):
		e.Kind = fault.Unavailable
		e.Message = fmt.Sprintf("%s is temporarily unavailable (HTTP %d %s)", t.Base(), a.Status, http.StatusText(a.Status))
	case asksForBasic(a):
		e.Message = fmt.Sprintf("a gateway in front of %s asks for Basic authentication (HTTP 401)", t.Base())
		if t.UsesAuthorization() {
			e.Message = fmt.Sprintf("a gateway in front of %s refuses the header Authorization (HTTP 401)", t.Base())
		}
	case a.Status == http.StatusRequestEntityTooLarge:
		e.Kind = fault.TooLarge
		e.Message = fmt.Sprintf("%s takes no request as large as this", t.Base())
	case a.Status == http.StatusOK:
		e.Message = fmt.Sprintf("%s does not answer as an Odoo server (it sent %s, %d bytes)", t.Base(), kind, len(a.Body))
	default:
		e.Message = fmt.Sprintf("%s answered HTTP %d %s (%s)", t.Base(), a.Status, http.StatusText(a.Status), kind)
	}
	return e
}

// asksForBasic reports that an answer is that of a gateway: Odoo asks for nothing, or for a bearer.
func asksForBasic(a *transport.Answer) bool {
	scheme, _, _ := strings.Cut(a.Header.Get("WWW-Authenticate"), " ")
	return a.Status == http.StatusUnauthorized && strings.EqualFold(scheme, "basic")
}

// isUnavailable reports that a gateway did not get an answer from Odoo, or that the server is not up.
func isUnavailable(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// refused reports that the call did not run: it goes elsewhere (3xx) or is not taken (4xx). A gateway that says 502 or 504
// may have passed it on.
func refused(status int) bool { return status >= 300 && status < 500 }

// location is where a redirect leads: the address to use where the same call would be answered, or else some page.
func location(t *transport.Transport, a *transport.Answer) string {
	to, err := t.Base().Parse(a.Header.Get("Location"))
	if err != nil {
		return "nowhere"
	}
	path, same := strings.CutSuffix(strings.TrimSuffix(to.Path, "/"), pathJSONRPC)
	if !same {
		return to.String()
	}
	to.Path = path
	return to.String() + ": use that address"
}

// retryAfter reads the seconds that a server asks to wait, or the time until which it does.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
