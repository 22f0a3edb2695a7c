// Command peers reads the same partners in the ways that programs have: by odoogen, by encoding/json, by XML-RPC with
// github.com/kolo/xmlrpc, and by the Python package odoorpc (Debian: python3-odoorpc). The server is the one that the
// environment names (ODOO_URL, ODOO_DB, ODOO_USER, ODOO_PASSWORD); the partners are made for it, and removed.
//
// The ways take turns; the table has the medians. The wall time is nearly all the server's.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/kolo/xmlrpc"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/bench/partners"
)

const (
	records = 2000
	rounds  = 9
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	url, db, user, password := os.Getenv("ODOO_URL"), os.Getenv("ODOO_DB"), os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")
	c, err := orm.Dial(ctx, url, orm.Database(db), orm.Password(user, password), orm.Using(orm.JSONRPC))
	if err != nil {
		return err
	}
	set, err := partners.Make(ctx, c, records)
	defer func() {
		if err := set.Remove(ctx); err != nil {
			log.Print(err)
		}
	}()
	if err != nil {
		return err
	}
	where := []any{[]any{"ref", "=", set.Ref}}
	rpc, err := xmlrpc.NewClient(url+"/xmlrpc/2/object", nil)
	if err != nil {
		return err
	}
	defer rpc.Close()
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "params": map[string]any{"service": "object", "method": "execute_kw",
		"args": []any{db, c.UID(), password, "res.partner", "search_read", []any{where}, map[string]any{"fields": partners.Fields}}}})
	if err != nil {
		return err
	}
	ways := []*way{
		{name: "odoogen", read: func() (int, error) {
			rows, err := orm.Find[partners.Partner](ctx, c, set.Where())
			return len(rows), err
		}},
		{name: "encoding/json into map[string]any", read: func() (int, error) { return plainJSON(url, body) }},
		{name: "github.com/kolo/xmlrpc", read: func() (int, error) {
			var rows []map[string]any
			err := rpc.Call("execute_kw", []any{db, c.UID(), password, "res.partner", "search_read", []any{where}, map[string]any{"fields": partners.Fields}}, &rows)
			return len(rows), err
		}},
	}
	odoorpc := &way{name: "python3-odoorpc"}
	for range rounds {
		for _, w := range ways {
			if err := w.measure(); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
		if err := odoorpc.measurePython(set.Ref); err != nil {
			return fmt.Errorf("%s: %w", odoorpc.name, err)
		}
	}
	return table(append(ways, odoorpc))
}

func plainJSON(url string, body []byte) (int, error) {
	resp, err := http.Post(url+"/jsonrpc", "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var answer struct{ Result []map[string]any }
	err = json.NewDecoder(resp.Body).Decode(&answer)
	return len(answer.Result), err
}

// way is a way to read, with what its rounds took.
type way struct {
	name      string
	read      func() (int, error)
	cpu, wall []time.Duration
	allocs    []uint64
}

func (w *way) measure() error {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	n, err := w.read()
	w.wall, w.cpu = append(w.wall, time.Since(start)), append(w.cpu, cpuTime()-cpu)
	runtime.ReadMemStats(&after)
	w.allocs = append(w.allocs, after.Mallocs-before.Mallocs)
	if err == nil && n != records {
		err = fmt.Errorf("%d records", n)
	}
	return err
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// debianPython is the interpreter that sees Debian's packages.
const debianPython = "/usr/bin/python3"

//go:embed peer.py
var script string

// measurePython reads in a separate process, which reports its times without the time of its start.
func (w *way) measurePython(ref string) error {
	cmd := exec.Command(debianPython, "-c", script, ref)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	var reported struct {
		Records   int
		CPU, Wall float64
	}
	if err := json.Unmarshal(out, &reported); err != nil {
		return err
	}
	if reported.Records != records {
		return fmt.Errorf("%d records", reported.Records)
	}
	w.cpu = append(w.cpu, time.Duration(reported.CPU*1e9))
	w.wall = append(w.wall, time.Duration(reported.Wall*1e9))
	return nil
}

func table(ways []*way) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 4, 1, ' ', 0)
	fmt.Fprintf(out, "| %d res.partner × %d fields\t| CPU, times odoogen's\t| wall, times odoogen's\t| allocations |\n", records, len(partners.Fields))
	fmt.Fprintln(out, "| ---\t| ---\t| ---\t| --- |")
	for _, w := range ways {
		allocs := "(Python)"
		if w.allocs != nil {
			allocs = strconv.FormatUint(median(w.allocs), 10)
		}
		fmt.Fprintf(out, "| %s\t| %.1f\t| %.2f\t| %s |\n", w.name, ratio(w.cpu, ways[0].cpu), ratio(w.wall, ways[0].wall), allocs)
	}
	return out.Flush()
}

func ratio(a, b []time.Duration) float64 { return median(a).Seconds() / median(b).Seconds() }

func median[T time.Duration | uint64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
