package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Version is the version of a server. The series is one that [odoofacts.Parse] takes.
type Version struct {
	Series string
	Full   string
	Major  int
}

// ServerVersion asks for the version by /jsonrpc, or by a page where that fails for whatever reason: gateways close
// /jsonrpc, and versions after 21 do not have it.
func ServerVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	return askVersion(ctx, t, rpcVersion, infoVersion, pageVersion)
}

// WebVersion is ServerVersion without /jsonrpc.
func WebVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	return askVersion(ctx, t, infoVersion, pageVersion)
}

// askVersion asks in one way after the other. The error is that of the first one. Where an address with a path does not
// lead to Odoo, the error says so: it may have been copied from one of Odoo's pages.
func askVersion(ctx context.Context, t *transport.Transport, ways ...func(context.Context, *transport.Transport) (Version, error)) (Version, error) {
	var first error
	for _, ask := range ways {
		v, err := ask(ctx, t)
		if err == nil {
			return v, nil
		}
		if first == nil {
			first = err
		}
		if isOfAllPaths(err) {
			break
		}
	}
	base := t.Base()
	if e, ok := errors.AsType[*fault.Error](first); ok && fault.IsAny(first, fault.Malformed, fault.NotFound) && strings.Trim(base.Path, "/") != "" {
		server := *base
		server.Path, server.RawPath = "", ""
		e.Message = fmt.Sprintf("%s; the address of an Odoo is mostly one without a path, %s", strings.TrimSuffix(e.Message, "."), &server)
	}
	return Version{}, first
}

// rpcVersion asks the service common, which versions up to 21 have.
func rpcVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	raw, err := Service(ctx, t, nil, "common", "version")
	if err != nil {
		return Version{}, err
	}
	return serviceVersion(t, raw)
}

// infoVersion asks as Odoo's own pages do, on 14 to 19 at least.
func infoVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	raw, err := webService(ctx, t, "/web/webclient/version_info")
	if err != nil {
		return Version{}, err
	}
	return serviceVersion(t, raw)
}

// webService calls a route of Odoo's pages that needs no login.
func webService(ctx context.Context, t *transport.Transport, path string) (json.RawMessage, error) {
	x, err := envelope(t, path, nil, map[string]any{})
	if err != nil {
		return nil, err
	}
	_, raw, err := x.early(ctx, t)
	return raw, err
}

func serviceVersion(t *transport.Transport, raw json.RawMessage) (Version, error) {
	var reply struct {
		Version string `json:"server_version"`
		Info    []any  `json:"server_version_info"`
	}
	if json.Unmarshal(raw, &reply) != nil {
		return Version{}, noVersion(t)
	}
	return newVersion(t, reply.Version, reply.Info)
}

// pageVersion asks /web/version, which versions from 19 on have.
func pageVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	a, err := t.Do(ctx, &transport.Request{Method: http.MethodGet, Path: "web/version", MaxAnswer: maxEarlyAnswer}, nil)
	if err != nil {
		return Version{}, err
	}
	var reply struct {
		Version string `json:"version"`
		Info    []any  `json:"version_info"`
	}
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &reply) != nil {
		return Version{}, NotOdoo(t, a)
	}
	return newVersion(t, reply.Version, reply.Info)
}

func newVersion(t *transport.Transport, full string, info []any) (Version, error) {
	if len(info) == 0 {
		return Version{}, noVersion(t)
	}
	v, err := odoofacts.ParseInfo(info)
	if err != nil {
		return Version{}, &fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("%s: %v", t.Base(), err)}
	}
	return Version{Series: v.String(), Full: full, Major: v.Major}, nil
}

func noVersion(t *transport.Transport) *fault.Error {
	return &fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("%s does not report its version as an Odoo server does", t.Base())}
}

// isOfAllPaths reports that a request to another path would fail for the same reason. A gateway may cut the connection, or
// answer HTTP 503, at the paths that it closes.
func isOfAllPaths(err error) bool {
	return fault.IsAny(err, fault.Unreachable, fault.Timeout, fault.RateLimit, context.Canceled)
}
