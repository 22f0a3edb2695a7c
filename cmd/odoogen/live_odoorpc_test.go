//go:build live

package main

import (
	"io"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// TestLiveOdooRPC runs a program of the OCA's Python client, Debian's python3-odoorpc, against the real server and against
// odoogen serve with a snapshot of it: it must see the same.
func TestLiveOdooRPC(t *testing.T) {
	db := need(t, "ODOO_DB")
	c, err := orm.Dial(t.Context(), need(t, "ODOO_URL"), orm.Database(db), orm.Password(need(t, "ODOO_USER"), need(t, "ODOO_PASSWORD")))
	if err != nil {
		t.Fatal(err)
	}
	models := []string{"res.partner", "res.partner.category", "res.users"}
	schema, err := introspect.Pull(t.Context(), c, introspect.Options{Models: models})
	if err != nil {
		t.Fatal(err)
	}
	data, err := schema.Encode()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), snapshot.DefaultFile)
	writeFile(t, file, data)
	served := startServe(t, &serving{schema: file, address: "127.0.0.1:0", database: db})
	want := runOdooRPC(t, need(t, "ODOO_URL"), db, need(t, "ODOO_USER"), need(t, "ODOO_PASSWORD"))
	got := runOdooRPC(t, served, db, "admin", "admin")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// startServe runs odoogen serve until the test ends, and gives its address.
func startServe(t *testing.T, s *serving) string {
	t.Helper()
	out := serveUntilTheEnd(t, s, io.Discard)
	first, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, address, _ := strings.Cut(strings.TrimSpace(first), " at ")
	return address
}

func runOdooRPC(t *testing.T, address, db, login, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "/usr/bin/python3", "testdata/odoorpc/client.py", host, port, db, login, password).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s\n%s", address, out)
	return string(out)
}
