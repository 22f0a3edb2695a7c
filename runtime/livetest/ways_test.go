//go:build live

package livetest

import (
	"slices"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// way is one way to reach the server.
type way struct {
	name    string
	options []orm.DialOption
}

// ways are all those that the server offers.
func ways(t *testing.T) []way {
	t.Helper()
	password := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	key := orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY"))
	all := []way{
		{"JSON-RPC with a password", []orm.DialOption{password, orm.Using(orm.JSONRPC)}},
		{"JSON-RPC with a key", []orm.DialOption{key, orm.Using(orm.JSONRPC)}},
		{"web session", []orm.DialOption{password, orm.Using(orm.WebSession)}},
		{xmlrpcWay, []orm.DialOption{password, orm.Using(orm.XMLRPC)}},
	}
	if dialLive(t, password).Version().Major >= 19 {
		all = append(all, way{"JSON-2", []orm.DialOption{key, orm.Using(orm.JSON2)}})
	}
	return all
}

// onEach runs a test in every protocol: the same program must do the same on each.
func onEach(t *testing.T, test func(t *testing.T, c *orm.Client)) {
	t.Helper()
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) { test(t, dialLive(t, w.options...)) })
	}
}

// inJSON are the ways but XML-RPC, which has no None in results.
func inJSON(t *testing.T) []way {
	t.Helper()
	return slices.DeleteFunc(ways(t), func(w way) bool { return w.name == xmlrpcWay })
}

const xmlrpcWay = "XML-RPC"

// onEachInJSON is onEach without XML-RPC.
func onEachInJSON(t *testing.T, test func(t *testing.T, c *orm.Client)) {
	t.Helper()
	for _, w := range inJSON(t) {
		t.Run(w.name, func(t *testing.T) { test(t, dialLive(t, w.options...)) })
	}
}
