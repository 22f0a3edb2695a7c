package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
	"github.com/odoogen/odoogen/runtime/internal/xmlrpc"
)

// pathXMLRPC is the path of XML-RPC whose faults have numbers as codes, with the services of /jsonrpc below it.
const pathXMLRPC = "/xmlrpc/2/"

// XMLRPC speaks /xmlrpc/2: the services of /jsonrpc, in XML.
type XMLRPC struct {
	transport *transport.Transport
	who       Credential
	uid       atomic.Int64
}

// NewXMLRPC is /xmlrpc/2 for a user that is yet to log in.
func NewXMLRPC(t *transport.Transport, who Credential) *XMLRPC {
	return &XMLRPC{transport: t, who: who}
}

// Assume takes the id of the user instead of a login.
func (x *XMLRPC) Assume(_ context.Context, uid int64) { x.uid.Store(uid) }

// Login is the method authenticate of the service common.
func (x *XMLRPC) Login(ctx context.Context) (int64, error) {
	exchange, err := xmlService(x.transport, "common", "authenticate", x.who.Database, x.who.Login, x.who.Secret(), map[string]any{})
	if err != nil {
		return 0, err
	}
	var uid int64
	if _, err := exchange.do(ctx, x.transport, &uid); err != nil {
		return 0, err
	}
	if uid == 0 {
		return 0, x.who.Refused()
	}
	x.uid.Store(uid)
	return uid, nil
}

// Call is the method execute_kw of the service object.
func (x *XMLRPC) Call(c *Call) (*Exchange, error) {
	return xmlService(x.transport, "object", "execute_kw", x.who.Database, x.uid.Load(), x.who.Secret(), c.Model, c.Method, c.positional(), c.named())
}

// Lost is never true: each call has its credential with it.
func (x *XMLRPC) Lost(context.Context, error) bool { return false }

// Documentation asks with the secret as an API key.
func (x *XMLRPC) Documentation(model string) (*Exchange, error) {
	return documentation(x.transport, pathBearerDoc, model, x.who.bearer()), nil
}

// XMLVersion is ServerVersion by XML-RPC alone.
func XMLVersion(ctx context.Context, t *transport.Transport) (Version, error) {
	return askVersion(ctx, t, func(ctx context.Context, t *transport.Transport) (Version, error) {
		raw, err := askXML(ctx, t, "common", "version")
		if err != nil {
			return Version{}, err
		}
		return serviceVersion(t, raw)
	})
}

// XMLDatabases is Databases by XML-RPC alone.
func XMLDatabases(ctx context.Context, t *transport.Transport) (names []string, err error) {
	raw, err := askXML(ctx, t, "db", "list")
	if err == nil {
		err = codec.Unmarshal(raw, &names)
	}
	return names, err
}

// ExplainByXML is Explain by XML-RPC alone.
func ExplainByXML(ctx context.Context, t *transport.Transport, db string, err error) error {
	if err == nil || IsFinal(err) {
		return err
	}
	raw, failed := askXML(ctx, t, "db", "db_exist", db)
	if failed != nil || string(raw) != "false" {
		return err
	}
	names, failed := XMLDatabases(ctx, t)
	if failed != nil {
		names = nil
	}
	return unknownDatabase(t, db, names)
}

// askXML calls a method of the services common and db.
func askXML(ctx context.Context, t *transport.Transport, service, method string, args ...any) (json.RawMessage, error) {
	x, err := xmlService(t, service, method, args...)
	if err != nil {
		return nil, err
	}
	_, raw, err := x.early(ctx, t)
	return raw, err
}

// xmlService is the exchange for a call of a method of a service. The answer is decoded to JSON while it arrives.
func xmlService(t *transport.Transport, service, method string, args ...any) (*Exchange, error) {
	body, err := xmlCall(method, args)
	if err != nil {
		return nil, err
	}
	return &Exchange{
		Request: &transport.Request{
			Path: pathXMLRPC + service, Header: http.Header{"Content-Type": {"text/xml"}}, Body: body,
			Decode: func(a *transport.Answer, from io.Reader) io.Reader {
				if !isXML(a) {
					return from
				}
				return &xmlBody{xmlrpc.NewReader(from), t}
			},
		},
		Path:   []string{memberResult},
		Result: func(a *transport.Answer) (json.RawMessage, error) { return xmlResult(t, a) },
	}, nil
}

// xmlCall is the body of a request. Errors name no argument: it may be the secret.
func xmlCall(method string, args []any) ([]byte, error) {
	b := fmt.Appendf(nil, "<?xml version='1.0'?>\n<methodCall>\n<methodName>%s</methodName>\n<params>\n", method)
	for _, arg := range args {
		value, err := codec.Append(nil, arg)
		if err != nil {
			return nil, fmt.Errorf("orm: %w", err)
		}
		b = append(b, "<param>\n"...)
		if b, err = (xmlrpc.Writer{Text: xmlrpc.Plain}).Value(b, value); err != nil {
			return nil, &fault.Error{Kind: fault.NotXML, Cause: err, Message: "XML-RPC cannot carry the arguments: " + err.Error()}
		}
		b = append(b, "</param>\n"...)
	}
	return append(b, "</params>\n</methodCall>\n"...), nil
}

func isXML(a *transport.Answer) bool {
	kind := a.ContentType()
	return a.Status == http.StatusOK && (kind == "text/xml" || kind == "application/xml")
}

// xmlBody is an answer in XML, read as JSON.
type xmlBody struct {
	*xmlrpc.Reader
	transport *transport.Transport
}

func (b *xmlBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	character, isCharacter := errors.AsType[*xmlrpc.CharacterError](err)
	wrong, isWrong := errors.AsType[*xmlrpc.SyntaxError](err)
	switch {
	case isCharacter:
		err = &fault.Error{Kind: fault.NotXML, Cause: character, Sent: true, Message: "XML-RPC cannot carry the result of the method, which has run: " + character.Error()}
	case isWrong:
		err = &fault.Error{Kind: fault.Malformed, Sent: true, Message: fmt.Sprintf("%s: %v", b.transport.Base(), wrong)}
	}
	return n, err
}

// xmlResult takes an answer apart, which is JSON by now.
func xmlResult(t *transport.Transport, a *transport.Answer) (json.RawMessage, error) {
	if !isXML(a) {
		return nil, NotOdoo(t, a)
	}
	var result json.RawMessage
	var failure *xmlFault
	s := codec.NewScanner(a.Body)
	err := s.Object(func(key []byte) error {
		raw, err := s.Raw()
		if err != nil || string(key) == xmlrpc.MemberResult {
			result = raw
			return err
		}
		return json.Unmarshal(raw, &failure)
	})
	switch {
	case err != nil || result == nil && failure == nil:
		return nil, NotOdoo(t, a)
	case failure != nil:
		return nil, failure.fault()
	}
	return result, nil
}

// xmlFault is an exception of XML-RPC: a number for Odoo's own classes with the message, or a traceback.
type xmlFault struct {
	Code int    `json:"faultCode"`
	Text string `json:"faultString"`
}

func (f *xmlFault) fault() *fault.Error {
	class, known := xmlClasses[f.Code]
	e := exception{Name: class, Message: f.Text}
	switch {
	case !known:
		e.Name, e.Message = raised(f.Text)
		e.Debug = f.Text
		if isUnmarshallable(e.Name, e.Message) {
			return &fault.Error{Kind: fault.NotXML, Class: e.Name, Sent: true, Traceback: f.Text, Message: "XML-RPC cannot carry the result of the method, which has run: " + e.Message}
		}
	case strings.HasPrefix(f.Text, "Record does not exist or has been deleted.\n(Record: "):
		e.Name = "odoo.exceptions.MissingError"
	case strings.HasPrefix(f.Text, "The operation cannot be completed:"):
		e.Name = "odoo.exceptions.ValidationError"
	}
	return e.fault()
}

// xmlClasses are the classes by the codes of faults. 2 is UserError and all classes below it: which of them it is shows in some
// messages only.
var xmlClasses = map[int]string{2: "odoo.exceptions.UserError", 3: "odoo.exceptions.AccessDenied", 4: "odoo.exceptions.AccessError"}

// isUnmarshallable recognises the exceptions that a server raises when it writes a result, after the method has been committed.
func isUnmarshallable(class, message string) bool {
	return class == "builtins.TypeError" && (message == xmlrpc.ErrNone.Error() || message == "dictionary key must be string" || strings.HasPrefix(message, "cannot marshal <class ")) ||
		class == "builtins.OverflowError" && message == xmlrpc.ErrOverflow.Error()
}

// raised takes the class and the message of the exception from a traceback, whose last part begins after the last frame.
func raised(traceback string) (class, message string) {
	const head = "Traceback (most recent call last):\n"
	last := traceback[strings.LastIndex(traceback, "\n"+head)+1:]
	lines := strings.Split(strings.TrimPrefix(last, head), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "  ") {
			class, message, _ = strings.Cut(strings.Join(lines[i:], "\n"), ": ")
			break
		}
	}
	class, message = strings.TrimSpace(class), strings.TrimRight(message, "\n")
	if !strings.Contains(class, ".") && class != "" {
		class = "builtins." + class
	}
	if class == "builtins.KeyError" {
		message = strings.Trim(message, "'")
	}
	return class, message
}
