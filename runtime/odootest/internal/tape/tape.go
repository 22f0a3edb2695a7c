// Package tape keeps recorded calls of an Odoo server: what requests mean, without secrets, with the answers to them. It knows
// HTTP requests and files, and nothing of the embedded Odoo.
package tape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/odoogen/odoogen/internal/output"
)

// format is the format of the files that this version writes and reads.
const format = 1

// Header is what a client needs to log in to a replay. The secret is not kept.
type Header struct {
	Format   int    `json:"recording"`
	Server   string `json:"server,omitempty"` // series
	Database string `json:"database,omitempty"`
	Login    string `json:"login,omitempty"`
	IsKey    bool   `json:"api_key,omitempty"` // the login was by an API key
}

// Entry is a call with its answer.
type Entry struct {
	Call

	Status  int               `json:"status,omitempty"` // 200 if absent
	Header  map[string]string `json:"header,omitempty"`
	Session bool              `json:"session,omitempty"` // the answer opened a session
	Answer  map[string]any    `json:"answer"`            // the members of a JSON-RPC envelope, or one of json, text and base64

	key   string
	taken bool
}

// Tape is a list of calls in the order in which they were answered. It is safe for concurrent use.
type Tape struct {
	Header Header

	mu      sync.Mutex
	entries []*Entry
}

// Add appends an answered call.
func (t *Tape) Add(e *Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, e)
}

// file is the content of a file.
type file struct {
	Header
	Calls []*Entry `json:"calls"`
}

// Load reads a file.
func Load(name string) (*Tape, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if f.Format != format {
		return nil, fmt.Errorf("%s: the format of the recording is %d, want %d: record it again", name, f.Format, format)
	}
	for _, e := range f.Calls {
		e.key = e.Call.key()
	}
	return &Tape{Header: f.Header, entries: f.Calls}, nil
}

// Save writes the file, without anything that is secret. Large binaries are kept, or shortened.
func (t *Tape) Save(name string, secrets *Secrets, keepBinaries bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	header := t.Header
	header.Format = format
	calls := []any{}
	for _, e := range t.entries {
		v, err := plain(e)
		if err != nil {
			return err
		}
		v = secrets.scrub(v)
		if !keepBinaries {
			v = shorten(v)
		}
		calls = append(calls, v)
	}
	v, err := plain(header)
	if err != nil {
		return err
	}
	content, _ := v.(map[string]any)
	content["calls"] = calls
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return output.WriteFile(name, layout(content))
}

// plain is a value as maps, lists, texts and numbers.
func plain(v any) (any, error) {
	data, err := compact(v)
	if err != nil {
		return nil, err
	}
	return decode(data)
}

// decode reads JSON, and keeps the spelling of numbers.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// compact is JSON on one line, with sorted keys and without escapes for HTML.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
