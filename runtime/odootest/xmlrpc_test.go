package odootest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// XML-RPC cannot carry all results: then the method has run, and the client says so.
func TestXMLRPCValues(t *testing.T) {
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		t.Run(series, func(t *testing.T) {
			s := odootest.New(t, small(series))
			ran := 0
			answers := map[string]any{"none": nil, "large": int64(1) << 40, "inside": map[string]any{"a": []any{nil}}, "control": "a\x01b", "cr": "a\rb\r\nc", "small": -1 << 31}
			for name, answer := range answers {
				s.Method("x.node", name, func(odootest.Call) (any, error) {
					ran++
					return answer, nil
				})
			}
			c, err := s.Dial(t.Context(), orm.Using(orm.XMLRPC))
			must(t, err)
			for name, want := range map[string]string{"none": "None", "large": "int exceeds", "inside": "None", "control": "U+0001"} {
				var got any
				ran = 0
				err := c.ExecuteKW(t.Context(), "x.node", name, nil, nil, &got)
				if name == "control" && series >= "16" {
					if err != nil || got != "ab" {
						t.Errorf("%s: %v, %v: servers from 16 on remove control characters", name, got, err)
					}
					continue
				}
				e, ok := errors.AsType[*orm.Error](err)
				if !ok || !errors.Is(err, orm.ErrNotXML) || !e.MaybeDone() || ran != 1 || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v after %d runs", name, err, ran)
				}
			}
			var text string
			var number int64
			must(t, c.ExecuteKW(t.Context(), "x.node", "cr", nil, nil, &text))
			must(t, c.ExecuteKW(t.Context(), "x.node", "small", nil, nil, &number))
			if text != answers["cr"] || number != -1<<31 {
				t.Errorf("got %q and %d", text, number)
			}
		})
	}
}

func TestXMLRPCArguments(t *testing.T) {
	s := odootest.New(t, small("19.0"))
	c, err := s.Dial(t.Context(), orm.Using(orm.XMLRPC))
	must(t, err)
	const text = "<b> & \"c\" é ☃ \U0001f600\r\n\td\r]]>"
	id, err := c.Model("x.node").Create(t.Context(), orm.Args{"name": text})
	must(t, err)
	var got struct {
		Name string `odoo:"name"`
	}
	if err := c.Model("x.node").Get(t.Context(), &got, id); err != nil || got.Name != text {
		t.Errorf("wrote %q, read %q, %v", text, got.Name, err)
	}
	s.ForgetCalls()
	_, err = c.Model("x.node").Create(t.Context(), orm.Args{"name": "a\x00b"})
	if !errors.Is(err, orm.ErrNotXML) || !strings.Contains(err.Error(), "U+0000") || len(s.CallsOf("x.node", "create")) != 0 {
		t.Errorf("a control character: %v after %d calls", err, len(s.CallsOf("x.node", "create")))
	}
	s.Method("x.node", "echo", func(c odootest.Call) (any, error) { return c.Args[0] == int64(1)<<40, nil })
	var same bool
	if err := c.ExecuteKW(t.Context(), "x.node", "echo", []any{[]int64{1}, int64(1) << 40}, nil, &same); err != nil || !same {
		t.Errorf("an integer of 41 bits: %v, %v", same, err)
	}
}

// A wrong password is no part of an error.
func TestXMLRPCCredentials(t *testing.T) {
	s := odootest.New(t, small("19.0"))
	_, err := s.Dial(t.Context(), orm.Using(orm.XMLRPC), orm.Password("admin", "s3cret"))
	if !errors.Is(err, orm.ErrAccessDenied) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
	_, err = s.Dial(t.Context(), orm.Using(orm.XMLRPC), orm.Database("nope"))
	if !errors.Is(err, orm.ErrNoDatabase) || !strings.Contains(err.Error(), "demo") {
		t.Errorf("got %v", err)
	}
}

// FuzzXMLRPC sends any body: whatever comes, the servers answer, and no call panics.
func FuzzXMLRPC(f *testing.F) {
	var servers []*odootest.Server
	for _, series := range []string{"14.0", "17.0", "19.0"} {
		servers = append(servers, odootest.New(f, small(series)))
	}
	call := func(method, values string) string {
		return "<?xml version='1.0'?><methodCall><methodName>" + method + "</methodName><params>" + values + "</params></methodCall>"
	}
	value := func(v string) string { return "<param><value>" + v + "</value></param>" }
	login := value("demo") + value("<int>2</int>") + value("admin") + value("x.node")
	f.Add("object", call("execute_kw", login+value("create")+value("<array><data><value><struct><member><name>name</name><value>x</value></member></struct></value></data></array>")))
	f.Add("object", call("execute", login+value("search")+value("<array><data/></array>")))
	f.Add("object", call("execute_kw", login+value("read")+value("<array><data><value><array><data><value><i4>1</i4></value></data></array></value></data></array>")))
	f.Add("common", call("authenticate", value("demo")+value("admin")+value("admin")+value("<struct/>")))
	f.Add("db", call("list", ""))
	f.Add("common", "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d \"&b;&b;\">]><methodCall><methodName>&d;</methodName></methodCall>")
	f.Add("common", strings.Repeat("<array>", 20000))
	f.Add("common", call("about", value("<base64>!</base64>")+value("<dateTime.iso8601>20260102T03:04:05</dateTime.iso8601>")+value("<double>1e999</double>")))
	f.Fuzz(func(t *testing.T, service, body string) {
		for _, s := range servers {
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://127.0.0.1/", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path = "/xmlrpc/2/" + service
			status, answer := s.Answer(r)
			if status == 0 || bytes.Contains(answer, []byte("odootest: panic")) {
				t.Fatalf("%s: HTTP %d: %s", body, status, answer)
			}
		}
	})
}
