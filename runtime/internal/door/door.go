// Package door lets the packages of runtime beside orm send requests with orm's options, interceptors and errors. Package
// orm fills it in, which keeps all of it out of orm's exported names.
package door

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Server is a server without a login.
type Server struct {
	Quick   *transport.Transport
	Patient *transport.Transport // without a time limit, unless the caller's HTTP client has one
	// Run makes a call through the interceptors, and gives its error as an *orm.Error.
	Run func(ctx context.Context, c Call, do func(context.Context) error) error
}

// Call is what an interceptor sees of a call of a service.
type Call struct {
	Page            bool // by a page of Odoo's, not by /jsonrpc
	Service, Method string
	ReadOnly        bool
}

// Page is a page of the server, with the session of the client.
type Page struct {
	Model, Method string // as interceptors and errors name the request
	Path          string
	Query         url.Values
	Type          string    // the media type of the page; another one is an error
	To            io.Writer // the page goes here as it arrives
	Public        bool      // a client without a web session gets it with one without a login
	Ask           http.Header
	// Takes reports whether an answer is the page, in place of one with HTTP 200 and the media type.
	Takes func(status int, header http.Header) bool

	Size   int64       // bytes written, also with an error
	Status int         // of the response
	Header http.Header // of the response
}

// FileCall is a call of a method on a record, with one argument. A file in the argument or in the answer travels apart.
type FileCall struct {
	Method   string
	ID       int64
	Argument string // the name of the argument
	Value    any
	Mark     string // the text in the value in place of the file, "" if the file is in the answer
	Delivery transport.Delivery
}

// Route is a request of Odoo's JSON-RPC that is not about a model, with the web session of the client or, if it has another
// protocol, with one without a login.
type Route struct {
	Model, Method string // as interceptors and errors name the request
	Path          string
	Params        any
	Waits         bool     // the server answers when it has something to say: there is no time limit, and no rate limit
	Base          *url.URL // the address, nil for that of the server
}

// Socket is what a websocket to the server needs.
type Socket struct {
	Client *http.Client
	Base   *url.URL
	Header http.Header // with the cookie of the session
}

var (
	// Ask sends a route, and decodes the result into what dest points to.
	Ask func(ctx context.Context, client any, r *Route, dest any) error
	// Connect gives what a websocket needs, with a session that has not expired.
	Connect func(ctx context.Context, client any) (*Socket, error)
	// Fetch gets a page with the session of the client, an *orm.Client, its retries, and its interceptors.
	Fetch func(ctx context.Context, client any, p *Page) error
	// Context is the context of an *orm.Client.
	Context func(client any) map[string]any
	// Open resolves options, a []orm.DialOption, for the server at the address. It makes no call.
	Open func(address string, options any) (*Server, error)
	// Publish turns an error of the packages fault and codec into an *orm.Error or *orm.DecodeError about the method.
	Publish func(err error, model, method string) error
	// Decode reads JSON in Odoo's form into the value that dest points to. Its errors are *orm.DecodeErrors.
	Decode func(data []byte, model string, dest any) error
	// Encode writes generated values of a model as JSON, with the names that the server of an *orm.Client has for their fields.
	Encode func(ctx context.Context, client any, model string, values any) ([]byte, error)
	// Domain reads a domain that the server sent. It gives an orm.Expr.
	Domain func(raw []byte) (any, error)
	// AfterDial is an orm.DialOption, of the name, with a check that runs when an *orm.Client has logged in. Its error is the
	// one of Dial.
	AfterDial func(option string, check func(ctx context.Context, client any) error) any
	// Condition is an orm.Expr on a field of Odoo's own models that can be searched, which the server is not asked.
	Condition func(field, operator string, value any) any
	// Batch is the number of records that the options, a []orm.BatchOption, send in a call; 0 for all of them. An option that
	// can have no effect is an error.
	Batch func(options any) (int, error)
	// Writable checks that values, structs with odoo tags, can be written to an orm.Model, and gives the names on the server
	// of the fields that they set and that have several names.
	Writable func(ctx context.Context, model any, values []any) (map[string]string, error)
	// Named is a struct with odoo tags that is to be written to an orm.Model, with the names of the server. A field or a choice
	// that the server lacks is an error.
	Named func(ctx context.Context, model, value any) (any, error)
	// HasRun marks the error of an answer, an *orm.DecodeError, as that of a call that may have had its effect.
	HasRun func(err error) error
	// FileField is the name on the server of a field that holds the file of a record of an orm.Model. A field that cannot hold
	// a file is an error.
	FileField func(ctx context.Context, model any, id int64, field string) (string, error)
	// SendFile makes a call with a file on an orm.Model; options are a []orm.WriteOption. The result is without the file.
	SendFile func(ctx context.Context, model any, f FileCall, options any) (json.RawMessage, error)
	// MaxAnswer is how many bytes an answer to the client of an orm.Model may have.
	MaxAnswer func(model any) int64
	// Refine gives an *orm.Error another kind and message, and leaves the rest of it.
	Refine func(err, kind error, message string) error
)
