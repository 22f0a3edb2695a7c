package tape

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

// Reader reads what requests and their answers mean. It is safe for concurrent use.
type Reader struct {
	Secrets Secrets

	mu       sync.Mutex
	users    map[string]string // login by the id of the user
	sessions map[string]string // login by session; of a session without a login ""
	keys     map[string]string // API keys by number
}

// NewReader is a reader that has seen nothing.
func NewReader() *Reader {
	return &Reader{users: map[string]string{}, sessions: map[string]string{}, keys: map[string]string{}}
}

// Request is what a client asked, with what the answer to it needs.
type Request struct {
	Call

	id      any    // of the JSON-RPC envelope
	session string // of the cookie
}

// Read is what a request means. Requests that are never recorded are errors.
func (r *Reader) Read(req *http.Request, body []byte) (*Request, error) {
	if cookie, err := req.Cookie("session_id"); err == nil {
		r.Secrets.Learn(cookie.Value)
	}
	got, err := r.read(req, body)
	if err != nil {
		return nil, err
	}
	scrubCall(&got.Call)
	if args, ok := r.Secrets.scrub(got.Args).([]any); ok && len(args) > 0 {
		got.Args = args
	}
	got.Kwargs, _ = r.Secrets.scrub(got.Kwargs).(map[string]any)
	if cookie, err := req.Cookie("session_id"); err == nil {
		got.session = cookie.Value
	}
	return got, nil
}

func (r *Reader) read(req *http.Request, body []byte) (*Request, error) {
	path := req.URL.Path
	switch {
	case strings.EqualFold(req.Header.Get("Upgrade"), "websocket"):
		return nil, errors.New("websockets cannot be recorded")
	case strings.HasPrefix(path, "/xmlrpc/"):
		return nil, errors.New("XML-RPC cannot be recorded: use JSON-RPC")
	case strings.HasPrefix(path, "/web/database/") && path != "/web/database/list":
		return nil, fmt.Errorf("%s cannot be recorded: it manages databases", path)
	case strings.HasPrefix(path, "/json/2/"):
		return r.json2(req, body)
	}
	if kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); kind == "application/json" && req.Method == http.MethodPost {
		return r.envelope(req, body)
	}
	return r.plain(req, body)
}

// json2 is a call of /json/2/MODEL/METHOD.
func (r *Reader) json2(req *http.Request, body []byte) (*Request, error) {
	model, method, ok := strings.Cut(strings.TrimPrefix(req.URL.Path, "/json/2/"), "/")
	if !ok {
		return nil, fmt.Errorf("%s: want /json/2/MODEL/METHOD", req.URL.Path)
	}
	kwargs, err := object(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	return &Request{Call: Call{Protocol: json2, As: r.keyOf(req), Name: model + "." + method, Kwargs: kwargs}}, nil
}

// keyOf names the API key of a request by a number, in the order in which the keys came.
func (r *Reader) keyOf(req *http.Request) string {
	kind, key, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "bearer") {
		return ""
	}
	r.Secrets.Learn(key)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys[key] == "" {
		r.keys[key] = fmt.Sprintf("key %d", len(r.keys)+1)
	}
	return r.keys[key]
}

// envelope is a request of JSON-RPC 2.0: of a service, a model or another route.
func (r *Reader) envelope(req *http.Request, body []byte) (*Request, error) {
	whole, err := object(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", req.URL.Path, err)
	}
	params, _ := whole["params"].(map[string]any)
	got := &Request{id: whole["id"]}
	switch path := req.URL.Path; {
	case path == "/jsonrpc":
		got.Call, err = r.service(params)
	case strings.HasPrefix(path, "/web/dataset/call_kw"):
		got.Call = Call{Name: text(params["model"]) + "." + text(params["method"])}
		got.Args, _ = params["args"].([]any)
		got.Kwargs, _ = params["kwargs"].(map[string]any)
	default:
		delete(params, "db")
		r.Secrets.Learn(text(params["password"]))
		got.Call = Call{Name: path, Kwargs: params}
	}
	if got.Protocol == "" {
		got.Protocol, got.As = webSession, r.sessionOf(req)
	}
	return got, err
}

func (r *Reader) sessionOf(req *http.Request) string {
	cookie, err := req.Cookie("session_id")
	if err != nil {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sessions[cookie.Value]
}

// The arguments of execute_kw: database, user, secret, model, method, and the arguments of the method.
const (
	argUser = 1 + iota
	argSecret
	argModel
	argMethod
	argArgs
	argKwargs
)

// service is a call of a service of /jsonrpc. Databases and secrets are no part of its meaning.
func (r *Reader) service(params map[string]any) (Call, error) {
	service, method := text(params["service"]), text(params["method"])
	args, _ := params["args"].([]any)
	call := Call{Protocol: jsonRPC, Name: service + "." + method, Args: args}
	switch {
	case service == "object" && len(args) > argMethod:
		r.Secrets.Learn(text(args[argSecret]))
		r.mu.Lock()
		call.As = r.users[fmt.Sprint(args[argUser])]
		r.mu.Unlock()
		if call.As == "" {
			call.As = fmt.Sprintf("user %v", args[argUser])
		}
		call.Name = text(args[argModel]) + "." + text(args[argMethod])
		if call.Args = args[argArgs:]; method == "execute_kw" {
			call.Args, call.Kwargs = executed(args)
		}
	case service == "common" && (method == "login" || method == "authenticate") && len(args) > argSecret:
		r.Secrets.Learn(text(args[argSecret]))
		call.Args = args[argUser:argSecret]
	case service == "db" && !strings.HasPrefix(method, "list") && method != "db_exist" && method != "server_version":
		return call, fmt.Errorf("db.%s cannot be recorded: it manages databases", method)
	}
	return call, nil
}

// executed are the arguments of the method in those of execute_kw.
func executed(args []any) (list []any, named map[string]any) {
	if len(args) > argArgs {
		list, _ = args[argArgs].([]any)
	}
	if len(args) > argKwargs {
		named, _ = args[argKwargs].(map[string]any)
	}
	return list, named
}

// plain is a request of another kind: a page, a file, a form.
func (r *Reader) plain(req *http.Request, body []byte) (*Request, error) {
	kwargs := map[string]any{}
	query := req.URL.Query()
	query.Del("db")
	if len(query) > 0 {
		kwargs["query"] = values(query)
	}
	if len(body) > 0 {
		form, err := formOf(req, body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", req.URL.Path, err)
		}
		kwargs["body"] = form
	}
	as := r.keyOf(req)
	if as == "" {
		as = r.sessionOf(req)
	}
	return &Request{Call: Call{Protocol: plainHTTP, As: as, Name: req.Method + " " + req.URL.Path, Kwargs: kwargs}}, nil
}

// formOf is the body of a request that is a form, or its text.
func formOf(req *http.Request, body []byte) (any, error) {
	kind, params, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		return values(form), err
	case "multipart/form-data":
		return parts(multipart.NewReader(bytes.NewReader(body), params["boundary"]))
	}
	return readable(body), nil
}

func parts(form *multipart.Reader) (any, error) {
	out := map[string]any{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		out[part.FormName()] = readable(content)
	}
}

// readable is a body as text or, if it is none, as base64.
func readable(body []byte) string {
	if utf8.Valid(body) {
		return string(body)
	}
	return base64.StdEncoding.EncodeToString(body)
}

func values(form url.Values) map[string]any {
	out := map[string]any{}
	for key, list := range form {
		out[key] = strings.Join(list, "\n")
	}
	return out
}

func object(body []byte) (map[string]any, error) {
	v, err := decode(body)
	if err != nil {
		return nil, err
	}
	out, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("want a JSON object")
	}
	return out, nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// keptHeaders are the headers of answers that clients look at.
var keptHeaders = []string{"Content-Type", "Content-Disposition", "Location", "Retry-After", "WWW-Authenticate"}

// typeJSON is the content type of answers that have no other.
const typeJSON = "application/json"

func isJSON(header, value string) bool {
	kind, _, _ := strings.Cut(value, ";")
	return header == "Content-Type" && kind == typeJSON
}

// Answer is the answer of a server.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Entry is a request with its answer.
func (r *Reader) Entry(req *Request, answer *Answer) *Entry {
	e := &Entry{Call: req.Call, Header: map[string]string{}, Answer: content(req, answer.Body)}
	if answer.Status != http.StatusOK {
		e.Status = answer.Status
	}
	for _, name := range keptHeaders {
		if v := answer.Header.Get(name); v != "" && !isJSON(name, v) {
			e.Header[name] = v
		}
	}
	opened := ""
	for _, cookie := range (&http.Response{Header: answer.Header}).Cookies() {
		if cookie.Name == "session_id" && cookie.Value != req.session {
			opened = cookie.Value
			r.Secrets.Learn(opened)
		}
	}
	e.Session = opened != ""
	r.learn(req, e.Answer, opened)
	scrubAnswer(&req.Call, e.Answer)
	return e
}

// content is the body of an answer: the members of an envelope, a JSON value or a text.
func content(req *Request, body []byte) map[string]any {
	v, err := decode(body)
	if whole, ok := v.(map[string]any); ok && req.enveloped() {
		delete(whole, "jsonrpc")
		if sameID(whole["id"], req.id) {
			delete(whole, "id")
		}
		return whole
	}
	switch {
	case err == nil:
		return map[string]any{"json": v}
	case utf8.Valid(body):
		return map[string]any{"text": string(body)}
	}
	return map[string]any{"base64": base64.StdEncoding.EncodeToString(body)}
}

func sameID(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// learn remembers who logged in.
func (r *Reader) learn(req *Request, answer map[string]any, opened string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch req.Name {
	case "common.login", "common.authenticate":
		if uid, ok := answer["result"].(json.Number); ok {
			login, _ := firstText(req.Args)
			r.users[uid.String()] = login
		}
	case "/web/session/authenticate":
		session := opened
		if session == "" {
			session = req.session
		}
		if answer["result"] != nil && session != "" {
			r.sessions[session] = text(req.Kwargs["login"])
		}
	}
}
