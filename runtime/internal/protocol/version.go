package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/odoogen/odoogen/internal/odoo"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Version is the version of a server. The series is one that [odoo.Parse] takes.
type Version struct {
	Series string
	Full   string
	Major  int
}

// ServerVersion asks for the version. Where an address with a path does not lead to Odoo, the error says so: it may have
// been copied from one of Odoo's pages.
func ServerVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	v, err := askVersion(ctx, t)
	base := t.Base()
	if e, ok := errors.AsType[*fault.Error](err); ok && fault.IsAny(err, fault.Malformed, fault.NotFound) && strings.Trim(base.Path, "/") != "" {
		server := *base
		server.Path, server.RawPath = "", ""
		e.Message = fmt.Sprintf("%s; the address of an Odoo is mostly one without a path, %s", strings.TrimSuffix(e.Message, "."), &server)
	}
	return v, err
}

// askVersion asks /jsonrpc, which versions up to 21 have, and where that path does not exist /web/version, which
// versions from 19 on have.
func askVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	raw, err := Service(ctx, t, nil, "common", "version")
	if e, ok := errors.AsType[*fault.Error](err); ok && (e.Status == http.StatusNotFound || fault.ShortClass(e.Class) == "NotFound") {
		return webVersion(ctx, t, err)
	}
	if err != nil {
		return Version{}, err
	}
	var reply struct {
		Version string `json:"server_version"`
		Info    []any  `json:"server_version_info"`
	}
	if json.Unmarshal(raw, &reply) != nil {
		return Version{}, noVersion(t)
	}
	return newVersion(t, reply.Version, reply.Info)
}

// webVersion asks /web/version. A server that has neither path is not an Odoo, which the error for the first one says.
func webVersion(ctx context.Context, t *transport.Transport, without error) (Version, error) {
	a, err := t.Do(ctx, &transport.Request{Method: http.MethodGet, Path: "web/version"}, nil)
	if err != nil {
		return Version{}, err
	}
	var reply struct {
		Version string `json:"version"`
		Info    []any  `json:"version_info"`
	}
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &reply) != nil {
		return Version{}, without
	}
	return newVersion(t, reply.Version, reply.Info)
}

func newVersion(t *transport.Transport, full string, info []any) (Version, error) {
	if len(info) == 0 {
		return Version{}, noVersion(t)
	}
	v, err := odoo.ParseInfo(info)
	if err != nil {
		return Version{}, &fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("%s: %v", t.Base(), err)}
	}
	return Version{Series: v.String(), Full: full, Major: v.Major}, nil
}

func noVersion(t *transport.Transport) *fault.Error {
	return &fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("%s does not report its version as an Odoo server does", t.Base())}
}
