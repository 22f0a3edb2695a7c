// Package fidelity proves that generated bindings lose nothing: it reads the records of every model of a server through
// the generated types, with every field asked for, writes each value as JSON again, and compares that with the bytes
// that the server sent.
//
// The bindings are those of the server at hand, made in a module of their own. So this package is copied into that
// module (see TestFidelity of the command), and imports nothing that a consumer of odoogen could not.
package fidelity

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"reflect"
	"time"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// depth is the number of records that are read of each model.
const depth = 200

// Models are the generated record types by the names of their models.
type Models map[string]reflect.Type

// Main is the program: it checks the models of the snapshot in this folder against the server that the environment
// names, writes the report to the file that is the only argument, and exits with 1 if anything is wrong.
func Main(models Models) {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: fidelity REPORT")
	}
	if err := run(context.Background(), models, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, models Models, file string) error {
	schema, err := snapshot.ReadFile(snapshot.DefaultFile)
	if err != nil {
		return err
	}
	r, err := dial(ctx, os.Getenv("ODOO_URL"), os.Getenv("ODOO_DB"), os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	if err != nil {
		return err
	}
	for _, m := range schema.Models {
		r.model(ctx, m, models[m.Name])
	}
	if err := os.WriteFile(file, []byte(r.report.markdown(schema)), 0o600); err != nil {
		return err
	}
	fmt.Print(r.report.summary(schema))
	if wrong := len(r.report.findings); wrong > 0 {
		return fmt.Errorf("%d findings: see %s", wrong, file)
	}
	if r.report.values == 0 {
		return errors.New("nothing was compared")
	}
	return nil
}

// dial logs in with a password: errors of the server are the most detailed over that protocol.
func dial(ctx context.Context, url, db, login, password string) (*reader, error) {
	t := &tape{next: http.DefaultTransport}
	c, err := orm.Dial(ctx, url, orm.Database(db), orm.Password(login, password), orm.Using(orm.WebSession),
		orm.HTTPClient(&http.Client{Transport: t, Timeout: 10 * time.Minute}))
	return &reader{c: c, tape: t, report: newReport()}, err
}
