package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The scripts in testdata run the command as users do: in a folder of its own, with the Go toolchain beside it.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"odoogen": main})
}

// scriptParams are what all scripts share. setup, which may be nil, adds to the environment.
func scriptParams(t *testing.T, dir string, setup func(*testscript.Env) error) testscript.Params {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goEnv := goEnvironment(t)
	return testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, goEnv...)
			// The race detector has a command sleep for a second before it exits; go vet starts one for each package.
			env.Vars = append(env.Vars, "ROOT="+root, "GOFLAGS=-mod=mod", "GORACE=atexit_sleep_ms=0")
			if setup == nil {
				return nil
			}
			return setup(env)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"module":   func(ts *testscript.TestScript, _ bool, _ []string) { makeModule(ts, root) },
			"action":   runAction,
			"exitcode": exitCode,
			"gateway":  startGateway,
			"marked":   setMarked,
			"picture":  func(ts *testscript.TestScript, _ bool, args []string) { checkPicture(ts, root, args[0]) },
		},
	}
}

// goEnvironment keeps the caches of the Go toolchain, which a script's own HOME would hide.
func goEnvironment(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	v := strings.Split(strings.TrimSpace(string(out)), "\n")
	return []string{"GOCACHE=" + v[0], "GOMODCACHE=" + v[1], "GOPATH=" + v[2], "GOPROXY=" + v[3]}
}

// makeModule is the command "module": it makes the script's folder a consumer's module that uses this checkout.
func makeModule(ts *testscript.TestScript, root string) {
	mod := fmt.Sprintf("module example.com/shop\n\ngo 1.26\n\nrequire github.com/odoogen/odoogen v0.0.0\n\nreplace github.com/odoogen/odoogen => %s\n", root)
	ts.Check(os.WriteFile(ts.MkAbs("go.mod"), []byte(mod), 0o600))
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("go.sum"), sum, 0o600))
}

// exitCode is the command "exitcode N COMMAND...": the command must end with this code and one line of error.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		code = 1
		if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Exec does not wrap it
			code = exit.ExitCode()
		}
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// countries are the records that the scripts look at.
const countries = `{
 "res.currency": [{"id": "base.EUR", "name": "EUR", "symbol": "€"}],
 "res.country": [{"name": "Belgium", "code": "BE", "currency_id/id": "base.EUR"}, {"name": "France", "code": "FR"}]
}`

// TestScripts runs the scripts in testdata/script, each against an embedded Odoo of its own.
func TestScripts(t *testing.T) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, scriptParams(t, "testdata/script", func(env *testscript.Env) error {
		server, err := odootest.Start(schema)
		if err != nil {
			return err
		}
		env.Defer(server.Close)
		if err := server.SeedJSON([]byte(countries)); err != nil {
			return err
		}
		env.Vars = append(env.Vars, "ODOO_URL="+server.URL, "ODOO_DB=demo", "ODOO_USER=admin", "ODOO_PASSWORD=admin")
		return nil
	}))
}
