package differential

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Requests of XML-RPC, whose answers are compared byte by byte. A body has {db}, {password} and {id}, the last id that a create
// answered.
type xmlRequest struct{ name, path, body string }

const (
	xmlObject = "/xmlrpc/2/object"
	xmlCommon = "/xmlrpc/2/common"
	xmlDB     = "/xmlrpc/2/db"
)

func paramOf(value string) string { return "<param><value>" + value + "</value></param>" }
func textOf(s string) string      { return "<string>" + s + "</string>" }
func listOf(values ...string) string {
	return "<array><data><value>" + strings.Join(values, "</value><value>") + "</value></data></array>"
}
func member(name, value string) string {
	return "<member><name>" + name + "</name><value>" + value + "</value></member>"
}
func structOf(members ...string) string { return "<struct>" + strings.Join(members, "") + "</struct>" }

func methodCall(method string, values ...string) string {
	params := ""
	for _, v := range values {
		params += paramOf(v)
	}
	return "<?xml version='1.0'?>\n<methodCall><methodName>" + method + "</methodName><params>" + params + "</params></methodCall>"
}

// onPartners is a call of a method of res.partner.
func onPartners(method string, args string, kwargs ...string) string {
	return executeKW("res.partner", method, append([]string{args}, kwargs...)...)
}

func executeKW(model, method string, rest ...string) string {
	return methodCall("execute_kw", append([]string{textOf("{db}"), "<int>2</int>", textOf("{password}"), textOf(model), textOf(method)}, rest...)...)
}

const noValues = "<array><data></data></array>"

// xmlRequests are sent in this order.
func xmlRequests() []xmlRequest {
	one := listOf("<int>{id}</int>")
	fields := listOf("name", "ref", "color", "active", "parent_id", "category_id")
	missing := listOf("<int>99999999</int>")
	where := listOf(listOf("ref", "=", "odoogen-xml"))
	requests := []xmlRequest{
		{"version", xmlCommon, methodCall("version")},
		{"no params", xmlCommon, "<methodCall><methodName>version</methodName></methodCall>"},
		{"about", xmlCommon, methodCall("about")},
		{"about extended", xmlCommon, methodCall("about", "<boolean>1</boolean>")},
		{"set_loglevel", xmlCommon, methodCall("set_loglevel", textOf("info"))},
		{"login", xmlCommon, methodCall("login", textOf("{db}"), textOf("admin"), textOf("{password}"))},
		{"login with a wrong password", xmlCommon, methodCall("login", textOf("{db}"), textOf("admin"), textOf("wrong"))},
		{"authenticate", xmlCommon, methodCall("authenticate", textOf("{db}"), textOf("admin"), textOf("{password}"), "<struct></struct>")},
		{"authenticate with a wrong password", xmlCommon, methodCall("authenticate", textOf("{db}"), textOf("admin"), textOf("wrong"), "<struct></struct>")},
		{"too many arguments", xmlCommon, methodCall("version", "1")},
		{"create", xmlObject, onPartners("create", listOf(structOf(member("name", "A &lt;b&gt; &amp; \"c\" é ☃"), member("ref", "odoogen-xml"), member("color", "<i4>3</i4>"))))},
		{"read", xmlObject, onPartners("read", listOf(one, fields))},
		{"read with a context", xmlObject, onPartners("read", listOf(one, listOf("name")), structOf(member("context", structOf(member("lang", "en_US")))))},
		{"write of None", xmlObject, onPartners("write", listOf(one, structOf(member("ref", "<nil/>"))))},
		{"read of None", xmlObject, onPartners("read", listOf(one, listOf("ref")))},
		{"write of a carriage return", xmlObject, onPartners("write", listOf(one, structOf(member("ref", "odoogen-xml"), member("comment", "<string>a\r\nb&#13;\nc\td</string>"))))},
		{"write by execute", xmlObject, methodCall("execute", textOf("{db}"), "<int>2</int>", textOf("{password}"), textOf("res.partner"), textOf("write"), one, structOf(member("function", "<string> x </string>")))},
		{"read of white space", xmlObject, onPartners("read", listOf(one, listOf("function")))},
		{"write of a control character", xmlObject, onPartners("write", listOf(one, structOf(member("function", "a&#1;b"))))},
		{"search_count", xmlObject, onPartners("search_count", listOf(where))},
		{"search that finds nothing", xmlObject, onPartners("search", listOf(listOf(listOf("ref", "=", "no such reference"))))},
		{"search_read", xmlObject, onPartners("search_read", listOf(where), structOf(member("fields", listOf("name", "color")), member("limit", "<i8>1</i8>")))},
		{"moment in a domain", xmlObject, onPartners("search_count", listOf(listOf(listOf("id", "=", "<int>{id}</int>"), listOf("create_date", "&gt;", "<dateTime.iso8601>20200102T03:04:05</dateTime.iso8601>"))))},
		{"check_access_rights", xmlObject, onPartners("check_access_rights", listOf("read"), structOf(member("raise_exception", "<boolean>0</boolean>")))},
		{"a wrong uid", xmlObject, methodCall("execute_kw", textOf("{db}"), textOf("x"), textOf("{password}"), textOf("res.partner"), textOf("read"), noValues)},
	}
	for _, path := range []string{xmlObject, "/xmlrpc/object"} {
		requests = append(requests,
			xmlRequest{"missing record", path, onPartners("write", listOf(missing, structOf(member("name", "x"))))},
			xmlRequest{"unknown model", path, executeKW("no.such.model", "read", noValues)},
			xmlRequest{"unknown method", path, onPartners("no_such_method", noValues)},
			xmlRequest{"private method", path, onPartners("_private", noValues)},
			xmlRequest{"unknown field", path, onPartners("read", listOf(one, listOf("no_such_field")))},
			xmlRequest{"required field", path, executeKW("res.partner.category", "create", listOf(structOf(member("name", "<boolean>0</boolean>"))))},
			xmlRequest{"wrong password", path, strings.Replace(onPartners("read", listOf(one)), "{password}", "wrong", 1)},
			xmlRequest{"unknown database", path, strings.Replace(onPartners("read", listOf(one)), "{db}", "no_such_database", 1)},
			xmlRequest{"no arguments", path, methodCall("execute_kw")},
			xmlRequest{"unknown method of the service", path, methodCall("no_such_method", textOf("{db}"), "<int>2</int>", textOf("{password}"), "x", "y")},
		)
	}
	for _, path := range []string{"/xmlrpc/2/no_such_service", "/xmlrpc/no_such_service", "/xmlrpc/2", "/xmlrpc/common", "/xmlrpc/2/common/"} {
		requests = append(requests, xmlRequest{"service " + path, path, methodCall("about")})
	}
	for _, path := range []string{xmlDB, "/xmlrpc/db"} {
		requests = append(requests,
			xmlRequest{"db_exist", path, methodCall("db_exist", textOf("{db}"))},
			xmlRequest{"db_exist of none", path, methodCall("db_exist", textOf("no_such_database"))},
			xmlRequest{"server_version", path, methodCall("server_version")},
			xmlRequest{"unknown method of db", path, methodCall("no_such_method")},
			xmlRequest{"no master password", path, methodCall("drop")},
			xmlRequest{"wrong master password", path, methodCall("dump", textOf("wrong"), textOf("{db}"), textOf("zip"))},
		)
	}
	for _, body := range strangeXML {
		requests = append(requests, xmlRequest{body, xmlCommon, body})
	}
	return append(requests, xmlRequest{"unlink", xmlObject, onPartners("unlink", listOf(one))})
}

// strangeXML are documents that are no call of a method, or a strange one.
var strangeXML = []string{
	"", "hello", `{"a":1}`, "<methodCall><methodName>version</methodName>", "<methodCall><methodName>version</methodNam></methodCall>",
	"<methodCall><methodName>about</methodName></methodCall>x", "<methodCall></methodCall>", "<other/>", "<methodCall><params></params></methodCall>",
	"<methodCall><methodName>about</methodName><methodName>&nope;</methodName></methodCall>", "<methodCall><methodName>v\x01</methodName></methodCall>",
	"<methodCall><methodName>v&#1;</methodName></methodCall>", "<methodCall><methodName>v\xff</methodName></methodCall>",
	"<!DOCTYPE x><methodCall><methodName>about</methodName></methodCall>",
	`<!DOCTYPE x [<!ENTITY w "out"><!ENTITY v "ab&w;">]><methodCall><methodName>&v;</methodName></methodCall>`,
	`<!DOCTYPE x [<!ENTITY v SYSTEM "file:///etc/hostname">]><methodCall><methodName>x&v;</methodName></methodCall>`,
	`<?xml version="1.0" encoding="no-such"?><methodCall><methodName>about</methodName></methodCall>`,
	"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><methodCall><methodName>v\xe9</methodName></methodCall>",
	"<methodCall><methodName>about</methodName><unknown>1</unknown><params/></methodCall>",
	`<x:methodCall xmlns:x="u"><x:methodName>about</x:methodName></x:methodCall>`,
	"<methodCall><methodName>about</methodName><params><param><boolean>1</boolean></param></params></methodCall>",
	"<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value></member><member><name>faultString</name><value>x</value></member></struct></value></fault></methodResponse>",
	methodCall("about", "<foo>1</foo>"), methodCall("about", "<int>x</int>"), methodCall("about", "<int>1.5</int>"), methodCall("about", "<int> 1_0 </int>"),
	methodCall("about", "<boolean>2</boolean>"), methodCall("about", "<double>x</double>"), methodCall("about", "<double>nan</double>"),
	methodCall("about", "<i8>5000000000</i8>"), methodCall("about", "<base64>!!!</base64>"), methodCall("about", "<dateTime.iso8601>no</dateTime.iso8601>"),
	methodCall("about", "<struct><member><name>a</name></member></struct>"), methodCall("about", "<array></array>"),
	methodCall("about", "<struct><member><value><array><data/></array></value><value>1</value></member></struct>"),
	methodCall("about", strings.Repeat("<array><data><value>", 3000)+strings.Repeat("</value></data></array>", 3000)),
}

// answersOf sends the requests, and gives the answers without what no other server would say.
func (s *side) answersOf(requests []xmlRequest, database, password string) []string {
	s.t.Helper()
	id, out := "0", []string(nil)
	for _, r := range requests {
		body := strings.NewReplacer("{db}", database, "{password}", password, "{id}", id).Replace(r.body)
		answer := s.postXML(r.path, body)
		if r.name == "create" {
			found := regexp.MustCompile(`<int>(\d+)</int>`).FindStringSubmatch(answer)
			if found == nil {
				s.t.Fatal(answer)
			}
			id = found[1]
		}
		out = append(out, maskXML(answer, id))
	}
	return out
}

func (s *side) postXML(path, body string) string {
	s.t.Helper()
	answer, err := http.Post(s.url+path, "text/xml", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%d %s\n%s", answer.StatusCode, answer.Header.Get("Content-Type"), data)
}

var (
	// The first line of a traceback to the line before the exception.
	frames = regexp.MustCompile(`(?s)Traceback \(most recent call last\):\n(?:.*\n)?(?:  [^\n]*\n)`)
	at     = regexp.MustCompile(`line \d+, column \d+`)
	// The address of the database.
	dialled = regexp.MustCompile(`port \d+ failed`)
)

func maskXML(answer, id string) string {
	answer = frames.ReplaceAllString(answer, "Traceback …\n")
	answer = at.ReplaceAllString(answer, "line …")
	answer = dialled.ReplaceAllString(answer, "port … failed")
	return regexp.MustCompile(`\b`+id+`\b`).ReplaceAllString(answer, "ID")
}

func xmlFile(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("%d.xmlrpc.txt", version))
}

// xmlText is the form of the answers in a file.
func xmlText(requests []xmlRequest, answers []string) string {
	var b strings.Builder
	for i, r := range requests {
		fmt.Fprintf(&b, "== %.200q: %s\n%q\n", r.name, r.path, answers[i])
	}
	return b.String()
}

// TestXMLRPC compares the bytes of answers with the recorded ones of real servers.
func TestXMLRPC(t *testing.T) {
	t.Parallel()
	for _, version := range []int{14, 19} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(xmlFile(version))
			if err != nil {
				t.Fatal(err)
			}
			compareXML(t, version, string(data))
		})
	}
}

func compareXML(t *testing.T, version int, real string) {
	t.Helper()
	_, s := embedded(t, readRecording(t, version))
	requests := xmlRequests()
	want, got := strings.Split(real, "\n"), strings.Split(xmlText(requests, s.answersOf(requests, "demo", "admin")), "\n")
	if len(want) != len(got) {
		t.Fatalf("%d lines are recorded, want %d: run the live test with -update", len(want), len(got))
	}
	for i := range want {
		if want[i] != got[i] {
			t.Errorf("%s\nreal     %s\nembedded %s", want[max(0, i-1)], want[i], got[i])
		}
	}
}
