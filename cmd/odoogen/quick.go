package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect"
	orm "github.com/odoogen/odoogen/runtime"
)

// lastPull is what is remembered of a pull, in the user's cache: which state of the database the snapshot shows.
type lastPull struct {
	file string
	Mark string `json:"mark"`     // of the database: see introspect.Mark
	Hash string `json:"snapshot"` // of the file that was written
}

// lastPullOf is what is remembered of the last pull to the same file, with the same settings, of the same database; its
// zero value if there was none.
func lastPullOf(url string, c *orm.Client, config generator.Config, o introspect.Options, output string) lastPull {
	folder, err := os.UserCacheDir()
	path, errPath := filepath.Abs(output)
	key, errKey := json.Marshal([]any{url, c.Database(), c.UID(), config, o.Models, o.Methods, path, version()})
	if err != nil || errPath != nil || errKey != nil {
		return lastPull{}
	}
	last := lastPull{file: filepath.Join(folder, "odoogen", "pull-"+hashOf(key)+".json")}
	if data, err := os.ReadFile(last.file); err != nil || json.Unmarshal(data, &last) != nil {
		return lastPull{file: last.file}
	}
	return last
}

// shows tells whether the snapshot is the one that was written then, and the database is as it was.
func (l lastPull) shows(mark string, snapshot []byte) bool {
	return mark != "" && mark == l.Mark && hashOf(snapshot) == l.Hash
}

// remember notes a pull. That it can't is no harm: the next one takes longer.
func (l lastPull) remember(mark string, snapshot []byte) {
	if l.file == "" || mark == "" {
		return
	}
	l.Mark, l.Hash = mark, hashOf(snapshot)
	data, err := json.Marshal(l)
	if err == nil && os.MkdirAll(filepath.Dir(l.file), 0o750) == nil {
		_ = maybe.WriteFile(l.file, data, 0o600)
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
