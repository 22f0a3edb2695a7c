package odootest

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/xmlrpc"
)

// XML-RPC is /jsonrpc in another encoding: the services, their methods and errors are the same.

// routeXML adds the two generations of paths. The older one, which has faults with texts as codes, also takes what is below the
// newer one and names no service.
func (s services) routeXML(mux *http.ServeMux) {
	for _, path := range []string{"/xmlrpc/{service}", "/xmlrpc/{service}/{$}"} {
		mux.HandleFunc(path, s.xmlRPC(s.textFault))
	}
	for _, path := range []string{"/xmlrpc/2/{service}", "/xmlrpc/2/{service}/{$}"} {
		mux.HandleFunc(path, s.xmlRPC(s.numberedFault))
	}
}

// xmlRPC answers the calls of a service. Whatever a call results in, the status is 200.
func (s services) xmlRPC(faultOf func(*Error) *row) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			refuse(w, http.StatusMethodNotAllowed)
			return
		}
		body, ok := s.readBody(w, r, s.limits.body)
		if !ok {
			return
		}
		result, err := s.calledXML(r, body)
		if answeredByPage(w, err) {
			return
		}
		answer, failed := s.xmlResult(result)
		if err == nil {
			err = failed
		}
		if err != nil {
			answer = s.xmlFault(faultOf(exception(err)))
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = io.WriteString(w, s.envelope(answer))
	}
}

// calledXML reads and runs a call.
func (s services) calledXML(r *http.Request, body []byte) (any, error) {
	method, params, err := s.readXML(body)
	if err != nil {
		return nil, err
	}
	return s.dispatch(&rpcCall{http: r, protocol: orm.XMLRPC}, r.PathValue("service"), method, params)
}

// envelope puts what answers a call into a document.
func (s services) envelope(answer []byte) string {
	if s.does(odoofacts.XMLOwnEnvelope) {
		return "<?xml version=\"1.0\"?>\n<methodResponse>\n" + string(answer) + "\n</methodResponse>\n"
	}
	return "<?xml version='1.0'?>\n<methodResponse>\n" + string(answer) + "</methodResponse>\n"
}

func (s services) xmlResult(result any) ([]byte, error) {
	value, err := s.marshal(result)
	return slices.Concat([]byte("<params>\n<param>\n"), value, []byte("</param>\n</params>\n")), err
}

// marshal writes a value. What cannot be written is an exception, after the call has had its effect.
func (s services) marshal(v any) ([]byte, error) {
	data, err := encode(v)
	if err != nil {
		return nil, err
	}
	out, err := xmlrpc.Writer{Answer: true, Text: s.xmlText}.Value(nil, data)
	switch {
	case errors.Is(err, xmlrpc.ErrNone):
		return nil, fail(classType, "%s", err)
	case errors.Is(err, xmlrpc.ErrOverflow):
		return nil, fail(classOverflow, "%s", err)
	}
	return out, err
}

// xmlText is a text as the version writes it.
func (s services) xmlText(text string) (string, error) {
	if !s.does(odoofacts.XMLWithoutControls) {
		return text, nil
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && !strings.ContainsRune("\t\n\r", r) {
			return -1
		}
		return r
	}, text), nil
}

// The codes of faults.
const (
	faultOther        = 1
	faultUser         = 2
	faultAccessDenied = 3
	faultAccess       = 4
)

func (s services) xmlFault(v *row) []byte {
	value, _ := s.marshal(v) // texts and small numbers
	return slices.Concat([]byte("<fault>\n"), value, []byte("</fault>\n"))
}

func newFault(code any, text string) *row {
	out := &row{}
	out.set("faultCode", code)
	out.set("faultString", text)
	return out
}

// userErrors are the classes below odoo.exceptions.UserError, and RedirectWarning, which is treated as one.
var userErrors = set("UserError ValidationError MissingError RedirectWarning CacheMiss LockError")

// numberedFault is the fault of the newer paths.
func (s services) numberedFault(e *Error) *row {
	switch class := odooClass(e); {
	case class == "AccessError":
		return newFault(faultAccess, e.Message)
	case class == "AccessDenied":
		return newFault(faultAccessDenied, e.Message)
	case userErrors[class]:
		return newFault(faultUser, e.Message)
	}
	return newFault(faultOther, traceback(e))
}

// textFault is the fault of the older paths.
func (s services) textFault(e *Error) *row {
	switch class := odooClass(e); {
	case class == "AccessDenied":
		return newFault(class, e.Message)
	case class == "RedirectWarning":
		return newFault("warning -- Warning\n\n"+e.Message, "")
	case class == "MissingError", class == "AccessError":
		return newFault("warning -- "+class+"\n\n"+e.Message, "")
	case userErrors[class]:
		return newFault("warning -- UserError\n\n"+e.Message, "")
	}
	return newFault(e.Message, traceback(e))
}

// odooClass is the name of a class of odoo.exceptions, "" for others.
func odooClass(e *Error) string {
	if !strings.HasPrefix(e.Class, "odoo.exceptions.") {
		return ""
	}
	return fault.ShortClass(e.Class)
}
