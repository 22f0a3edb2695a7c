package admin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// fakeCall is a call of execute_kw.
type fakeCall struct {
	Model, Method string
	Args          []json.RawMessage
	Named         map[string]json.RawMessage
}

// String shows a call as "model.method args named".
func (c fakeCall) String() string {
	args := make([]string, len(c.Args))
	for i, arg := range c.Args {
		args[i] = string(arg)
	}
	var named []string
	for _, key := range slices.Sorted(maps.Keys(c.Named)) {
		named = append(named, fmt.Sprintf("%q:%s", key, c.Named[key]))
	}
	return fmt.Sprintf("%s.%s [%s] {%s}", c.Model, c.Method, strings.Join(args, ","), strings.Join(named, ","))
}

// fakeOdoo answers /jsonrpc. Its answers are members of the JSON-RPC envelope: see result and fault.
type fakeOdoo struct {
	major     int    // 19 if 0
	databases string // the answer to db.list
	login     string // the answer to common.authenticate
	object    func(fakeCall) string

	mu    sync.Mutex
	calls []fakeCall
	auths []json.RawMessage // the arguments of common.authenticate
}

func resultOf(value string) string { return `"result":` + value }

func faultOf(class, message string) string {
	data, _ := json.Marshal(map[string]string{"name": class, "message": message, "debug": "Traceback (most recent call last): secrets"})
	return fmt.Sprintf(`"error":{"code":200,"message":"Odoo Server Error","data":%s}`, data)
}

func (f *fakeOdoo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/jsonrpc" {
		http.NotFound(w, r)
		return
	}
	var request struct {
		ID     int
		Params struct {
			Service, Method string
			Args            []json.RawMessage
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p := request.Params
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,%s}`, request.ID, f.answer(p.Service+"."+p.Method, p.Args))
}

func (f *fakeOdoo) answer(method string, args []json.RawMessage) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch method {
	case "common.version":
		return resultOf(fmt.Sprintf(`{"server_version":"%[1]d.0","server_serie":"%[1]d.0","server_version_info":[%[1]d,0,0,"final",0,""]}`, cmp.Or(f.major, 19)))
	case "db.list":
		return cmp.Or(f.databases, resultOf(`["acme"]`))
	case "db.db_exist":
		return resultOf(fmt.Sprint(strings.Contains(cmp.Or(f.databases, `"acme"`), string(args[0]))))
	case "common.authenticate":
		f.auths = append(f.auths, args...)
		return cmp.Or(f.login, resultOf("2"))
	case "object.execute_kw":
		c := fakeCall{Model: unquoted(args[3]), Method: unquoted(args[4])}
		_ = json.Unmarshal(args[5], &c.Args)
		_ = json.Unmarshal(args[6], &c.Named)
		if c.Method == "fields_get" && strings.HasPrefix(c.Model, "ir.model") { // which fields can be searched
			return resultOf(`{}`)
		}
		f.calls = append(f.calls, c)
		return f.object(c)
	}
	return faultOf("builtins.KeyError", method)
}

// log gives the calls so far and forgets them.
func (f *fakeOdoo) log() []fakeCall {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

// serve starts the server and gives its address.
func startServer(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// dial is orm.Dial over /jsonrpc, all that the fakes understand.
func dial(ctx context.Context, address string, options ...orm.DialOption) (*orm.Client, error) {
	return orm.Dial(ctx, address, append([]orm.DialOption{orm.Using(orm.JSONRPC)}, options...)...)
}

// dialFake logs in to a fake server.
func dialFake(t *testing.T, f *fakeOdoo, options ...orm.DialOption) *orm.Client {
	t.Helper()
	options = append([]orm.DialOption{orm.Database("acme"), orm.Password("bot", "s3cret")}, options...)
	c, err := dial(t.Context(), startServer(t, f), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// always answers every call of execute_kw the same.
func answerAll(answer string) func(fakeCall) string { return func(fakeCall) string { return answer } }

func unquoted(raw json.RawMessage) string { return string(bytes.Trim(raw, `"`)) }
