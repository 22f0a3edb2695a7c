package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/ncruces/go-sqlite3/driver" // SQLite

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestSQLite(t *testing.T) {
	test(t, func(t *testing.T) *sql.DB {
		return open(t, "sqlite3", "file:"+filepath.Join(t.TempDir(), "feed.db"))
	})
}

func open(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// test runs all tests on databases, each empty.
func test(t *testing.T, database func(t *testing.T) *sql.DB) {
	t.Helper()
	for name, run := range map[string]func(*world){
		"goes on": goesOn, "transactions": transactions, "another feed": anotherFeed, "two loops": twoLoops, "two feeds": twoFeeds,
		"crashes of polling": crashesOfPolling, "crashes of an outbox": crashesOfAnOutbox,
	} {
		t.Run(name, func(t *testing.T) { run(newWorld(t, database(t))) })
	}
}

type partner struct {
	Name string `odoo:"name"`
}

type batch = feed.Batch[partner, odoo.ResPartner]

// world is an Odoo and the database of a consumer, who has the names of the partners in a table.
type world struct {
	*testing.T
	db     *sql.DB
	c      *orm.Client
	server *odootest.Server
}

func newWorld(t *testing.T, db *sql.DB) *world {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	must(t, err)
	server := odootest.New(t, schema)
	c, err := server.Dial(t.Context())
	must(t, err)
	for _, table := range []string{"own", "odoogen_feed", "odoogen_feed_seen"} {
		_, err := db.ExecContext(t.Context(), "DROP TABLE IF EXISTS "+table)
		must(t, err)
	}
	_, err = db.ExecContext(t.Context(), "CREATE TABLE own (id BIGINT PRIMARY KEY, name TEXT)")
	must(t, err)
	return &world{t, db, c, server}
}

func (w *world) create(names ...string) []orm.ID[odoo.ResPartner] {
	w.Helper()
	var values []odoo.ResPartnerValues
	for _, name := range names {
		values = append(values, odoo.ResPartnerValues{Name: orm.Set(name)})
	}
	ids, err := orm.CreateMany(w.Context(), w.c, values)
	must(w.T, err)
	return ids
}

func (w *world) feed(name string) *feed.Feed[partner, odoo.ResPartner] {
	w.Helper()
	f, err := feed.New[partner](w.c, orm.AllOf[odoo.ResPartner](), feed.StoreIn(feed.SQL(w.db, name)), feed.PageSize(2))
	must(w.T, err)
	return f
}

// poll commits each batch by a function, and gives what was delivered.
func (w *world) poll(f *feed.Feed[partner, odoo.ResPartner], commit func(*batch) error) string {
	w.Helper()
	var out []string
	for b, err := range f.Batches(w.Context()) {
		must(w.T, err)
		for _, c := range b.Changes {
			out = append(out, strings.TrimSpace(fmt.Sprint(c.Kind, " ", int64(c.ID), " ", c.Record.Name)))
		}
		must(w.T, commit(b))
	}
	return strings.Join(out, ", ")
}

func (w *world) want(got, want string) {
	w.Helper()
	if got != want {
		w.Errorf("got %q, want %q", got, want)
	}
}

func (w *world) plain(b *batch) error { return b.Commit(w.Context()) }

// within writes the names in the transaction that commits the batch.
func (w *world) within(end func(*sql.Tx) error) func(*batch) error {
	return func(b *batch) error {
		tx, err := w.db.BeginTx(w.Context(), nil)
		if err != nil {
			return err
		}
		for _, c := range b.Changes {
			text := fmt.Sprintf("DELETE FROM own WHERE id = %d", c.ID)
			if _, err := tx.ExecContext(w.Context(), text); err != nil {
				return errors.Join(err, tx.Rollback())
			}
			if c.Kind == feed.Deleted {
				continue
			}
			text = fmt.Sprintf("INSERT INTO own (id, name) VALUES (%d, '%s')", c.ID, c.Record.Name)
			if _, err := tx.ExecContext(w.Context(), text); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
		if err := b.CommitTx(w.Context(), tx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return end(tx)
	}
}

// own is what the consumer has.
func (w *world) own() string {
	w.Helper()
	rows, err := w.db.QueryContext(w.Context(), "SELECT name FROM own ORDER BY id")
	must(w.T, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		must(w.T, rows.Scan(&name))
		out = append(out, name)
	}
	must(w.T, rows.Err())
	return strings.Join(out, " ")
}

// A new store of the same name goes on.
func goesOn(w *world) {
	ids := w.create("a", "b", "c")
	w.want(w.poll(w.feed("x"), w.plain), "created 1 a, created 2 b, created 3 c")
	w.want(w.poll(w.feed("x"), w.plain), "")
	must(w.T, orm.Unlink(w.Context(), w.c, ids[:1]))
	must(w.T, orm.Write(w.Context(), w.c, ids[1:2], odoo.ResPartnerValues{Name: orm.Set("B")}))
	w.want(w.poll(w.feed("x"), w.plain), "changed 2 B, deleted 1")
	w.want(w.poll(w.feed("x"), w.plain), "")
}

// The consumer's data and the state are committed together, or not at all.
func transactions(w *world) {
	ids := w.create("a", "b", "c")
	f := w.feed("x")
	w.want(w.poll(f, w.within((*sql.Tx).Rollback)), "created 1 a, created 2 b")
	w.want(w.own(), "")
	w.want(w.poll(f, w.within((*sql.Tx).Commit)), "created 1 a, created 2 b, created 3 c")
	w.want(w.own(), "a b c")
	must(w.T, orm.Unlink(w.Context(), w.c, ids[:1]))
	w.want(w.poll(w.feed("x"), w.within((*sql.Tx).Commit)), "deleted 1")
	w.want(w.own(), "b c")
	w.want(w.poll(w.feed("x"), w.plain), "")
}

func anotherFeed(w *world) {
	w.poll(w.feed("x"), w.plain)
	f, err := feed.New[partner](w.c, orm.Eq(odoo.ResPartnerF.Ref, "it's"), feed.StoreIn(feed.SQL(w.db, "x")))
	must(w.T, err)
	for _, err := range f.Batches(w.Context()) {
		if err == nil || !strings.Contains(err.Error(), `x is the state of another feed: its condition is [], not [["ref","=","it's"]]: to start over, delete its rows`) {
			w.Error(err)
		}
	}
}

// Of two loops over one name, the second one to save fails.
func twoLoops(w *world) {
	w.create("a")
	failed := false
	for b, err := range w.feed("x").Batches(w.Context()) {
		if err != nil {
			w.Fatal(err)
		}
		w.want(w.poll(w.feed("x"), w.plain), "created 1 a")
		err := b.Commit(context.WithoutCancel(w.Context()))
		failed = err != nil && strings.Contains(err.Error(), "the state x was changed by another loop")
	}
	if !failed {
		w.Error("the other loop was not noticed")
	}
}

func twoFeeds(w *world) {
	w.create("a")
	w.want(w.poll(w.feed("x"), w.plain), "created 1 a")
	w.want(w.poll(w.feed("y"), w.plain), "created 1 a")
}
