//go:build live

package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
)

// TestLive runs the scripts in testdata/live against the server that the environment names: ODOO_URL, ODOO_USER,
// ODOO_PASSWORD, and ODOO_FULL_DB and ODOO_FULL_API_KEY (or ODOO_DB and ODOO_API_KEY), a database with the applications
// for sales, CRM, projects and stock. Models and fields are made in ODOO_DB.
func TestLive(t *testing.T) {
	db, key := "ODOO_FULL_DB", "ODOO_FULL_API_KEY"
	if os.Getenv(db) == "" {
		db, key = "ODOO_DB", "ODOO_API_KEY"
	}
	vars := append(variants(t, need(t, db)), "ODOO_DB="+need(t, db), "KEY="+need(t, key), "SMALL_DB="+need(t, "ODOO_DB"))
	for _, name := range []string{"ODOO_URL", "ODOO_USER", "ODOO_PASSWORD"} {
		vars = append(vars, name+"="+need(t, name))
	}
	params := scriptParams(t, "testdata/live", func(env *testscript.Env) error {
		env.Vars = append(env.Vars, vars...)
		return nil
	})
	params.Cmds["custommodel"] = customModel
	params.Cmds["customfield"] = customField
	testscript.Run(t, params)
}

// variants are the files of testdata/methods that the server takes, by the version that changed a name or a wizard.
func variants(t *testing.T, db string) []string {
	t.Helper()
	c, err := orm.Dial(t.Context(), need(t, "ODOO_URL"), orm.Database(db), orm.Password(need(t, "ODOO_USER"), need(t, "ODOO_PASSWORD")))
	if err != nil {
		t.Fatal(err)
	}
	var vars []string
	for name, changed := range map[string]int{"VALIDATE": 17, "MOVES": 16, "RETURN": 18, "METHODS": 19} {
		variant := fmt.Sprintf("until%d", changed-1)
		if c.Version().Major >= changed {
			variant = fmt.Sprintf("from%d", changed)
		}
		vars = append(vars, name+"="+variant)
	}
	return vars
}

// customModel is the command "custommodel NAME": a model with the field x_code on the server, until the script is over.
func customModel(ts *testscript.TestScript, _ bool, args []string) {
	c := dialFor(ts)
	_ = admin.DeleteModel(context.Background(), c, args[0]) // what a run that was killed left there
	_, err := admin.CreateModel(context.Background(), c, admin.CustomModel{Model: args[0], Label: "Check", Fields: []admin.CustomField{
		{Name: "x_code", Label: "Code", Type: admin.TypeChar},
	}})
	ts.Check(err)
	ts.Defer(func() { ts.Check(admin.DeleteModel(context.Background(), c, args[0])) })
}

// customField is the command "customfield MODEL FIELD ATTRIBUTE": it sets an attribute of a custom field.
func customField(ts *testscript.TestScript, _ bool, args []string) {
	fields := dialFor(ts).Model("ir.model.fields")
	where := orm.Expr(orm.And(orm.Where[struct{}]("model", "=", args[0]), orm.Where[struct{}]("name", "=", args[1])))
	var found []struct {
		ID int64 `odoo:"id"`
	}
	ts.Check(fields.Find(context.Background(), &found, where))
	ts.Check(fields.Write(context.Background(), []int64{found[0].ID}, orm.Args{args[2]: true}))
}

// dialFor logs in to the server that the script talks to.
func dialFor(ts *testscript.TestScript) *orm.Client {
	c, err := orm.Dial(context.Background(), ts.Getenv("ODOO_URL"), orm.Database(ts.Getenv("ODOO_DB")), orm.Password(ts.Getenv("ODOO_USER"), ts.Getenv("ODOO_PASSWORD")))
	ts.Check(err)
	return c
}

func need(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this with make test-live", name)
	}
	return value
}
