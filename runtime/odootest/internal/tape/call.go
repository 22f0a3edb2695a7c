package tape

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// Call is what a request means.
type Call struct {
	Protocol string         `json:"protocol"`
	As       string         `json:"as,omitempty"` // the login of the user, or the number of the API key
	Name     string         `json:"call"`         // model.method, service.method, or the path of a route
	Args     []any          `json:"args,omitempty"`
	Kwargs   map[string]any `json:"kwargs,omitempty"`
}

// Protocols of calls, as orm.Protocol names those of Odoo.
const (
	jsonRPC    = "JSON-RPC"
	webSession = "web session"
	json2      = "JSON-2"
	plainHTTP  = "HTTP"
)

// enveloped reports that answers have the envelope of JSON-RPC 2.0.
func (c *Call) enveloped() bool { return c.Protocol == jsonRPC || c.Protocol == webSession }

// key is equal for calls that mean the same.
func (c *Call) key() string {
	data, err := compact(normal(map[string]any{
		"protocol": c.Protocol, "as": c.As, "call": c.Name, "args": c.Args, "kwargs": c.meantKwargs(),
	}))
	if err != nil {
		panic(err) // it was decoded from JSON
	}
	return string(data)
}

// meantKwargs are the arguments by name without an empty context, which says nothing.
func (c *Call) meantKwargs() map[string]any {
	out := map[string]any{}
	for key, v := range c.Kwargs {
		if context, ok := v.(map[string]any); key == "context" && (v == nil || ok && len(context) == 0) {
			continue
		}
		out[key] = v
	}
	return out
}

// normal is a value in which equal numbers are written alike, and large binaries are their digests.
func normal(v any) any {
	switch v := v.(type) {
	case json.Number:
		return number(v)
	case string:
		if isLargeBinary(v) {
			return digest(v)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case map[string]any:
		if b, ok := v[binaryMember].(map[string]any); ok && len(v) == 1 {
			return b["sha256"]
		}
		out := make(map[string]any, len(v))
		for key := range v {
			out[key] = normal(v[key])
		}
		return out
	}
	return v
}

// number writes 90, 90.0 and 9e1 alike.
func number(n json.Number) any {
	if _, err := n.Int64(); err == nil {
		return n
	}
	f, err := n.Float64()
	if err != nil {
		return n
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
}

// Binaries: a text in base64 that is longer than mostBinary is kept as an object with its size, its digest and its beginning.
const (
	mostBinary   = 4096
	keptBinary   = 256
	binaryMember = "$binary"
)

func isLargeBinary(s string) bool {
	if len(s) <= mostBinary || len(s)%4 != 0 || strings.Contains(s, " ") {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// shorten replaces large binaries in a value.
func shorten(v any) any {
	return walk(v, func(s string) any {
		if !isLargeBinary(s) {
			return s
		}
		size := len(s)/4*3 - strings.Count(s[len(s)-2:], "=")
		return map[string]any{binaryMember: map[string]any{"bytes": size, "sha256": digest(s), "head": s[:keptBinary]}}
	})
}

// lengthen gives shortened binaries their beginning and their size; the rest is zeros.
func lengthen(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = lengthen(v[i])
		}
	case map[string]any:
		if b, ok := v[binaryMember].(map[string]any); ok && len(v) == 1 {
			return padded(b)
		}
		for key := range v {
			v[key] = lengthen(v[key])
		}
	}
	return v
}

func padded(b map[string]any) string {
	n, _ := b["bytes"].(json.Number)
	size, _ := n.Int64()
	head, _ := b["head"].(string)
	start, _ := base64.StdEncoding.DecodeString(head)
	return base64.StdEncoding.EncodeToString(append(start, make([]byte, max(0, int(size)-len(start)))...))
}

// walk replaces the texts in a value.
func walk(v any, replace func(string) any) any {
	switch v := v.(type) {
	case string:
		return replace(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = walk(v[i], replace)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key := range v {
			out[key] = walk(v[key], replace)
		}
		return out
	}
	return v
}
