package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Version is the version of a server.
type Version struct {
	Series string // "19.0"; "saas~18.2" on odoo.com
	Full   string // "19.0-20260101", or as Series
	Major  int    // 19
}

// serverVersion asks for the version. Where an address with a path does not lead to Odoo, the error says so: it may have
// been copied from a page of Odoo's.
func (w *wire) serverVersion(ctx context.Context) (Version, error) {
	v, err := w.askVersion(ctx)
	if e, ok := errors.AsType[*Error](err); ok && isAny(err, ErrMalformed, ErrNotFound) && strings.Trim(w.base.Path, "/") != "" {
		server := *w.base
		server.Path, server.RawPath = "", ""
		e.Message = fmt.Sprintf("%s; the address of an Odoo is mostly one without a path, %s", strings.TrimSuffix(e.Message, "."), &server)
	}
	return v, err
}

// askVersion asks /jsonrpc, which versions up to 21 have, and where that path does not exist /web/version, which
// versions from 19 on have.
func (w *wire) askVersion(ctx context.Context) (Version, error) {
	raw, err := w.service(ctx, "common", "version")
	var e *Error
	if errors.As(err, &e) && (e.Status == http.StatusNotFound || shortClass(e.Class) == "NotFound") {
		return w.webVersion(ctx, err)
	}
	if err != nil {
		return Version{}, err
	}
	var told struct {
		Version string `json:"server_version"`
		Series  string `json:"server_serie"`
		Info    []any  `json:"server_version_info"`
	}
	if json.Unmarshal(raw, &told) != nil {
		return Version{}, w.noVersion()
	}
	return w.version(told.Series, told.Version, told.Info)
}

// webVersion asks /web/version. A server that has neither path is none of Odoo's, which the error for the first one says.
func (w *wire) webVersion(ctx context.Context, without error) (Version, error) {
	a, err := w.get(ctx, w.base.JoinPath("web", "version"))
	if err != nil {
		return Version{}, err
	}
	var told struct {
		Version string `json:"version"`
		Info    []any  `json:"version_info"`
	}
	if a.status != http.StatusOK || json.Unmarshal(a.body, &told) != nil {
		return Version{}, without
	}
	series, _, _ := strings.Cut(told.Version, "-")
	return w.version(series, told.Version, told.Info)
}

func (w *wire) version(series, full string, info []any) (Version, error) {
	if len(info) == 0 {
		return Version{}, w.noVersion()
	}
	v := Version{Series: series, Full: full}
	// Odoo online has "saas~18" for a major version.
	major := fmt.Sprint(info[0])
	if _, err := fmt.Sscanf(strings.TrimPrefix(major, "saas~"), "%d", &v.Major); err != nil {
		return Version{}, &Error{kind: ErrMalformed, Message: fmt.Sprintf("%s has the version %q, which is none of Odoo's", w.base, major)}
	}
	return v, nil
}

func (w *wire) noVersion() *Error {
	return &Error{kind: ErrMalformed, Message: fmt.Sprintf("%s does not tell its version as an Odoo server does", w.base)}
}
