package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/output"
	"github.com/odoogen/odoogen/introspect"
	orm "github.com/odoogen/odoogen/runtime"
)

// lastPull is what is remembered of a pull, in the user's cache: which state of the database the snapshot shows.
type lastPull struct {
	file string
	UID  int64  `json:"uid"`      // of the user; 0 where logging in costs nothing
	Mark string `json:"mark"`     // of the database: see introspect.Mark
	Hash string `json:"snapshot"` // of the file that was written
}

// lastPullOf is what is remembered of the last pull to the same file, with the same settings, of the same database; its
// zero value if there was none.
func lastPullOf(c connection, config generator.Config, o introspect.Options, snapshot string) lastPull {
	folder, err := os.UserCacheDir()
	path, errPath := filepath.Abs(snapshot)
	key, errKey := json.Marshal([]any{c.url, c.database, c.user, config, o.Models, o.Methods, path, version()})
	if err != nil || errPath != nil || errKey != nil {
		return lastPull{}
	}
	last := lastPull{file: filepath.Join(folder, "odoogen", "pull-"+hashOf(key)+".json")}
	if data, err := os.ReadFile(last.file); err != nil || json.Unmarshal(data, &last) != nil {
		return lastPull{file: last.file}
	}
	return last
}

// look finds the mark of the database. Odoo 19 takes most of a second to check a password at a login. Over JSON-RPC, which
// needs none if the user's id is known, the server does so for the first call and remembers it.
func (l lastPull) look(ctx context.Context, c *connection, o introspect.Options) (*orm.Client, string, error) {
	if l.UID != 0 {
		client, err := c.dial(ctx, orm.UID(l.UID), orm.Using(orm.JSONRPC))
		if err == nil {
			if mark, err := introspect.Mark(ctx, client, o); err == nil && mark != "" {
				return client, mark, nil
			}
		}
	}
	client, err := c.dial(ctx)
	if err != nil {
		return nil, "", err
	}
	mark, err := introspect.Mark(ctx, client, o)
	return client, mark, err
}

// shows reports whether the snapshot is the one that was written then, and the database is unchanged.
func (l lastPull) shows(mark string, snapshot []byte) bool {
	return mark != "" && mark == l.Mark && hashOf(snapshot) == l.Hash
}

// remember notes a pull. That it can't is no harm: the next one takes longer.
func (l lastPull) remember(c *orm.Client, mark string, snapshot []byte) {
	if l.file == "" || mark == "" {
		return
	}
	l.UID, l.Mark, l.Hash = 0, mark, hashOf(snapshot)
	if c.Protocol() != orm.JSON2 {
		l.UID = c.UID()
	}
	data, err := json.Marshal(l)
	if err == nil && os.MkdirAll(filepath.Dir(l.file), 0o750) == nil {
		_ = output.WriteFile(l.file, data)
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
