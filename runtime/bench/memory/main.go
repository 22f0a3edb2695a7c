// Command memory walks through many records that a loopback server sends in pages, and prints the most memory that the
// process held: it must not grow with their number. For comparison it reads the largest number in one call, and by
// encoding/json. Each is a process of its own.
//
// With the argument sync it syncs rows in place of that: with your ODOO_URL, or with an embedded Odoo if there is none.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if len(os.Args) == 2 && os.Args[1] == "sync" {
		return syncs()
	}
	if len(os.Args) == 4 {
		n, err := strconv.Atoi(os.Args[3])
		if err != nil {
			return err
		}
		if os.Args[2] == syncWay {
			return measureSync(os.Args[1], n)
		}
		return measure(os.Args[1], os.Args[2], n)
	}
	server := httptest.NewServer(http.HandlerFunc(answer))
	defer server.Close()
	for _, c := range []struct {
		way string
		n   int
	}{{"All", 1_000}, {"All", 10_000}, {"All", 100_000}, {"All with Prefetch", 100_000}, {"Find", 100_000}, {"encoding/json", 100_000}} {
		if err := apart(server.URL, c.way, c.n); err != nil {
			return err
		}
	}
	return nil
}

// apart measures in a process of its own.
func apart(address, way string, n int) error {
	cmd := exec.Command(os.Args[0], address, way, strconv.Itoa(n))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", way, err)
	}
	return nil
}

type row struct {
	ID    int64   `odoo:"id" json:"id"`
	Name  string  `odoo:"name" json:"name"`
	Email string  `odoo:"email" json:"email"`
	Total float64 `odoo:"total" json:"total"`
}

type partner struct{}

func (*partner) OdooModel() string { return "res.partner" }

func measure(address, way string, n int) error {
	ctx := context.Background()
	c, err := orm.Dial(ctx, address, orm.Database("d"), orm.Password("a", "b"), orm.Using(orm.JSONRPC))
	if err != nil {
		return err
	}
	var opts []orm.WalkOption
	got := 0
	switch way {
	case "All with Prefetch":
		opts = append(opts, orm.Prefetch())
		fallthrough
	case "All":
		for _, err := range orm.All[row](ctx, c, orm.Domain[partner]{}, append(opts, orm.Limit(n))...) {
			if err != nil {
				return err
			}
			got++
		}
	case "Find":
		rows, err := orm.Find[row](ctx, c, orm.Domain[partner]{}, orm.Limit(n))
		if err != nil {
			return err
		}
		got = len(rows)
	default:
		if got, err = buffered(address, n); err != nil {
			return err
		}
	}
	if got != n {
		return fmt.Errorf("%d records", got)
	}
	peak, err := peakMemory()
	fmt.Printf("%-18s %7d records  %4d MB at most\n", way, n, peak)
	return err
}

func buffered(address string, n int) (int, error) {
	resp, err := http.Post(address+"/jsonrpc", "application/json", strings.NewReader(fmt.Sprintf(`{"params":{"service":"object","args":[0,0,0,0,0,0,{"limit":%d}]}}`, n)))
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	var answer struct{ Result []map[string]any }
	err = json.Unmarshal(body, &answer)
	return len(answer.Result), err
}

// peakMemory is the largest resident size of this process, in MB.
func peakMemory() (int, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(text)[0])
			return kb >> 10, err
		}
	}
	return 0, io.ErrUnexpectedEOF
}

// answer responds like a server that has endless partners with the ids 1, 2, 3 …
func answer(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Params struct {
			Service, Method string
			Args            []json.RawMessage
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch p := request.Params; {
	case p.Method == "version":
		fmt.Fprint(w, `{"jsonrpc":"2.0","result":{"server_version":"19.0","server_serie":"19.0","server_version_info":[19,0,0,"final",0,""]}}`)
	case p.Service == "common":
		fmt.Fprint(w, `{"jsonrpc":"2.0","result":2}`)
	default:
		var named struct {
			Domain []json.RawMessage
			Limit  int
		}
		_ = json.Unmarshal(p.Args[6], &named)
		b := page(after(named.Domain), named.Limit)
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		_, _ = w.Write(b)
	}
}

// after is the id in the condition of a page.
func after(domain []json.RawMessage) (id int) {
	for _, leaf := range domain {
		var parts []any
		if json.Unmarshal(leaf, &parts) == nil && len(parts) == 3 && parts[0] == "id" {
			id = int(parts[2].(float64))
		}
	}
	return id
}

func page(after, limit int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"jsonrpc": "2.0", "id": null, "result": [`)
	for i := range limit {
		if i > 0 {
			b.WriteString(", ")
		}
		id := after + i + 1
		fmt.Fprintf(&b, `{"id": %d, "name": "Partner number %d of many", "email": "partner%d@example.com", "total": %d.5}`, id, id, id, id)
	}
	b.WriteString("]}")
	return b.Bytes()
}
