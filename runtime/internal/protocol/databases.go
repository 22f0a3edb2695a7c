package protocol

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Databases are the names of the databases that the server lists: by /jsonrpc, or by a page where that fails, as gateways
// close /jsonrpc and Odoo 19.1 and later do not list them there.
func Databases(ctx context.Context, t *transport.Transport) ([]string, error) {
	names, err := rpcDatabases(ctx, t)
	if err == nil || isOfAllPaths(err) {
		return names, err
	}
	if names, failed := WebDatabases(ctx, t); failed == nil {
		return names, nil
	}
	return nil, err
}

func rpcDatabases(ctx context.Context, t *transport.Transport) (names []string, err error) {
	raw, err := Service(ctx, t, nil, "db", "list")
	if err != nil {
		return nil, err
	}
	err = codec.Unmarshal(raw, &names)
	return names, err
}

// WebDatabases is Databases without /jsonrpc. All of 14 to 19 have the page.
func WebDatabases(ctx context.Context, t *transport.Transport) (names []string, err error) {
	raw, err := webService(ctx, t, "/web/database/list")
	if err != nil {
		return nil, err
	}
	err = codec.Unmarshal(raw, &names)
	return names, err
}

// OnlyDatabase is the name of the server's only database, of those that list gives.
func OnlyDatabase(ctx context.Context, t *transport.Transport, list func(context.Context, *transport.Transport) ([]string, error)) (string, error) {
	names, err := list(ctx, t)
	switch {
	case ctx.Err() != nil || IsFinal(err):
		return "", err
	case err != nil:
		return "", &fault.Error{Kind: fault.NoDatabase, Cause: err, Message: fmt.Sprintf("no database was named, and %s does not list its databases", t.Base())}
	case len(names) != 1:
		return "", &fault.Error{Kind: fault.NoDatabase, Message: fmt.Sprintf("no database was named, and %s has %d: %s", t.Base(), len(names), firstFew(names))}
	}
	return names[0], nil
}

// Explain replaces the error of a failed login where the reason is that the database does not exist.
func Explain(ctx context.Context, t *transport.Transport, db string, err error) error {
	if err == nil || IsFinal(err) {
		return err
	}
	raw, failed := Service(ctx, t, nil, "db", "db_exist", db)
	switch {
	case failed != nil:
		return ExplainByWeb(ctx, t, db, err)
	case string(raw) != "false":
		return err
	}
	names, failed := Databases(ctx, t)
	if failed != nil {
		names = nil
	}
	return unknownDatabase(t, db, names)
}

// ExplainByWeb is Explain without /jsonrpc.
func ExplainByWeb(ctx context.Context, t *transport.Transport, db string, err error) error {
	if err == nil || IsFinal(err) {
		return err
	}
	names, failed := WebDatabases(ctx, t)
	if failed != nil || slices.Contains(names, db) {
		return err
	}
	return unknownDatabase(t, db, names)
}

func unknownDatabase(t *transport.Transport, db string, names []string) error {
	message := fmt.Sprintf("%s has no database %q", t.Base(), db)
	if len(names) > 0 {
		message += "; it has " + firstFew(names)
	}
	return &fault.Error{Kind: fault.NoDatabase, Message: message}
}

// firstFew are names for an error.
func firstFew(names []string) string {
	const few = 20
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

// IsFinal reports that another request would fail for the same reason.
func IsFinal(err error) bool {
	return fault.IsAny(err, fault.Unreachable, fault.Timeout, fault.CutOff, fault.RateLimit, fault.Unavailable, context.Canceled)
}
