//go:build live

package livetest

import (
	"errors"
	"testing"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// A value that XML-RPC cannot carry is an error, and characters that XML changes in texts arrive unchanged.
func TestLiveXMLRPC(t *testing.T) {
	ctx := t.Context()
	password := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	c, other := dialLive(t, password, orm.Using(orm.XMLRPC)), dialLive(t, password, orm.Using(orm.JSONRPC))
	f := newFixture(t, other)
	write := func(c *orm.Client, name string) error {
		return orm.Write(ctx, c, orm.On(f.red), TagValues{Name: orm.Set(name)})
	}
	read := func() (string, error) {
		tag, err := orm.Get[Tag](ctx, c, f.red)
		return tag.Name, err
	}
	for _, text := range []string{"a\rb\r\nc", "]]> &amp; <b>", "x\u2028\U0001f600"} {
		if err := write(c, text); err != nil {
			t.Fatal(err)
		}
		if got, err := read(); err != nil || got != text {
			t.Errorf("wrote %q, read %q, %v", text, got, err)
		}
	}
	if err := write(other, "a\x01b"); err != nil {
		t.Fatal(err)
	}
	switch got, err := read(); {
	case odoofacts.XMLWithoutControls.In(odoofacts.Version{Major: c.Version().Major}):
		if err != nil || got != "ab" {
			t.Errorf("read %q, %v", got, err)
		}
	case !errors.Is(err, orm.ErrNotXML):
		t.Errorf("read %q, %v", got, err)
	}
	_, err := orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database("nosuchdatabase"), password, orm.Using(orm.XMLRPC))
	if !errors.Is(err, orm.ErrNoDatabase) {
		t.Errorf("an unknown database: %v", err)
	}
	_, err = orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), orm.Password("admin", "wrong-secret"), orm.Using(orm.XMLRPC))
	if !errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("a wrong password: %v", err)
	}
	short, err := orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), password, orm.Using(orm.XMLRPC), orm.UID(c.UID()))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := orm.Count(ctx, short, orm.Eq(TagF.ID, f.red)); err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
}
