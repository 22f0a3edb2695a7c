//go:build live

package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestLive runs the scripts in testdata/live against the server that the environment names: ODOO_URL, ODOO_USER,
// ODOO_PASSWORD, and ODOO_FULL_DB and ODOO_FULL_API_KEY (or ODOO_DB and ODOO_API_KEY), a database with the applications
// for sales, CRM, projects and stock. Models and fields are made in ODOO_DB.
func TestLive(t *testing.T) {
	db, key := "ODOO_FULL_DB", "ODOO_FULL_API_KEY"
	if os.Getenv(db) == "" {
		db, key = "ODOO_DB", "ODOO_API_KEY"
	}
	vars := []string{"ODOO_DB=" + need(t, db), "KEY=" + need(t, key), "SMALL_DB=" + need(t, "ODOO_DB")}
	for _, name := range []string{"ODOO_URL", "ODOO_USER", "ODOO_PASSWORD"} {
		vars = append(vars, name+"="+need(t, name))
	}
	testscript.Run(t, scriptParams(t, "testdata/live", func(env *testscript.Env) error {
		env.Vars = append(env.Vars, vars...)
		return nil
	}))
}

func need(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this with make test-live", name)
	}
	return value
}
