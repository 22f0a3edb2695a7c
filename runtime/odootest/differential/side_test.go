package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// side is one of the two servers, called without the help of the runtime.
type side struct {
	t       *testing.T
	url     string
	session *http.Client
	ids     map[string]string
	began   time.Time
}

func newSide(t *testing.T, url, database, login, password string) *side {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &side{t: t, url: url, session: &http.Client{Jar: jar}, ids: map[string]string{}, began: time.Now()}
	if r := s.post("/web/session/authenticate", map[string]any{"db": database, "login": login, "password": password}); r.Error != nil {
		t.Fatalf("%s: %s", url, r.Error.Data.Message)
	}
	return s
}

// embedded is an embedded Odoo made from the snapshot, with the records that the real one has in any case.
func embedded(t *testing.T, r *recording) (*odootest.Server, *side) {
	t.Helper()
	server := odootest.New(t, r.Schema)
	for _, p := range r.Present {
		if err := server.Place(p.Model, p.Records...); err != nil {
			t.Fatal(err)
		}
		server.SetNextID(p.Model, p.LastID+1)
	}
	return server, newSide(t, server.URL, "demo", "admin", "admin")
}

type response struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code int `json:"code"`
		Data struct {
			Name    string `json:"name"`
			Message string `json:"message"`
		} `json:"data"`
	} `json:"error"`
}

func (s *side) post(path string, params any) response {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.session.Post(s.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var r response
	if err := json.Unmarshal(data, &r); err != nil {
		s.t.Fatalf("%s: %s: %.300s", path, answer.Status, data)
	}
	return r
}

func (s *side) kw(c call) response {
	s.t.Helper()
	return s.post("/web/dataset/call_kw/"+c.model+"/"+c.method, map[string]any{"model": c.model, "method": c.method, "args": c.args, "kwargs": c.kwargs})
}

// run gives the answer of an operation in the form that is compared.
func (s *side) run(o operation) string {
	s.t.Helper()
	c, err := o.call(s.ids)
	if err != nil {
		s.t.Fatal(err)
	}
	r := s.kw(c)
	if r.Error != nil {
		e := r.Error
		return fmt.Sprintf("! %d %s: %s", e.Code, e.Data.Name, plainMessage(e.Data.Name, e.Data.Message))
	}
	if c.as != "" {
		s.ids[c.as] = madeID(r.Result)
	}
	return s.plain(c.method, r.Result)
}

var address = regexp.MustCompile(`0x[0-9a-f]{6,}`)

// plainMessage leaves out of a message what no other server would say: what follows the first line of an error of the
// database is its SQL.
func plainMessage(class, message string) string {
	if strings.HasPrefix(class, "psycopg2.") {
		message, _, _ = strings.Cut(message, "\n")
	}
	return strconv.Quote(address.ReplaceAllString(message, "0x…"))
}

var moment = regexp.MustCompile(`"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?"`)

// plain is JSON with sorted keys, without the time of the run, and with what has no order sorted.
func (s *side) plain(method string, data json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if len(data) > 0 {
		if err := d.Decode(&v); err != nil {
			s.t.Fatal(err)
		}
	}
	if method == "get_field_translations" {
		sortTranslations(v)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		s.t.Fatal(err)
	}
	return moment.ReplaceAllStringFunc(strings.TrimSpace(b.String()), func(text string) string {
		at, err := time.Parse(time.DateTime, text[1:1+len(time.DateTime)])
		if err == nil && at.After(s.began.Add(-time.Minute)) && at.Before(time.Now().Add(time.Minute)) {
			return `"now"`
		}
		return text
	})
}

// sortTranslations sorts the first list of an answer of get_field_translations by its languages: Odoo makes it from a set,
// whose order is another one after each start of the server.
func sortTranslations(answer any) {
	pair, _ := answer.([]any)
	if len(pair) == 0 {
		return
	}
	translations, _ := pair[0].([]any)
	slices.SortFunc(translations, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}
