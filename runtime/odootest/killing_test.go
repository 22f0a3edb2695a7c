package odootest_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// killer is a proxy before a server that kills connections after some bytes in either direction, while it is armed.
type killer struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	random   *rand.Rand
	armed    bool
}

func newKiller(t *testing.T, s *odootest.Server) *killer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	k := &killer{listener: listener, to: strings.TrimPrefix(s.URL, "http://"), random: rand.New(rand.NewPCG(7, 7))}
	go k.accept()
	return k
}

func (k *killer) accept() {
	for {
		c, err := k.listener.Accept()
		if err != nil {
			return
		}
		go k.serve(c)
	}
}

// limits are how many bytes a connection has left in both directions.
func (k *killer) limits() (request, answer int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	const life = 4000 // some requests, or answers
	if !k.armed {
		return 1 << 40, 1 << 40
	}
	return k.random.Int64N(life), k.random.Int64N(life)
}

func (k *killer) arm(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = on
}

func (k *killer) serve(c net.Conn) {
	defer c.Close()
	server, err := net.Dial("tcp", k.to)
	if err != nil {
		return
	}
	defer server.Close()
	request, answer := k.limits()
	ended := make(chan bool, 2)
	go func() { _, _ = io.CopyN(server, c, request); ended <- true }()
	go func() { _, _ = io.CopyN(c, server, answer); ended <- true }()
	<-ended
}

// A thousand creates meet killed connections and expired sessions, by each protocol. None runs twice, none that is said to
// have run is missing, and none that is said not to have run is there.
func TestCreatesUnderKilledConnectionsRunOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		series string
		login  orm.DialOption
	}{
		"JSON-RPC on 14":    {"14.0", orm.Using(orm.JSONRPC)},
		"web session on 14": {"14.0", orm.Using(orm.WebSession)},
		"web session on 17": {"17.0", orm.Using(orm.WebSession)},
		"web session on 19": {"19.0", orm.Using(orm.WebSession)},
		"JSON-2":            {"19.0", orm.APIKey("admin", "admin-key")},
	} {
		s := odootest.New(t, small(c.series), odootest.OtherDatabases("other"))
		k := newKiller(t, s)
		client, err := orm.Dial(t.Context(), "http://"+k.listener.Addr().String(), orm.Database("demo"), orm.Password("admin", "admin"), c.login)
		must(t, err)
		k.arm(true)
		created, failed := attack(t, s, client)
		k.arm(false)
		there := map[string]int{}
		for _, row := range allTags(t, s) {
			there[row]++
		}
		for tag, n := range there {
			if n > 1 {
				t.Errorf("%s: %s was created %d times", name, tag, n)
			}
		}
		for tag, err := range created {
			if n := there[tag]; err == nil && n != 1 || err != nil && !maybeDone(err) && n != 0 {
				t.Errorf("%s: %s is there %d times: %v", name, tag, n, err)
			}
		}
		if failed == 0 || failed == len(created) {
			t.Errorf("%s: %d of %d creates failed", name, failed, len(created))
		}
		t.Logf("%s: %d of %d creates failed", name, failed, len(created))
	}
}

// attack creates records by several goroutines, and gives the error of each.
func attack(t *testing.T, s *odootest.Server, c *orm.Client) (created map[string]error, failed int) {
	t.Helper()
	const goroutines, each = 10, 20
	created = map[string]error{}
	var mu sync.Mutex
	var running sync.WaitGroup
	for g := range goroutines {
		running.Go(func() {
			for i := range each {
				if i%7 == 3 {
					s.ExpireSessions()
				}
				tag := fmt.Sprintf("%d/%d", g, i)
				_, err := c.Model("x.tag").Create(t.Context(), orm.Args{"name": tag})
				mu.Lock()
				if created[tag] = err; err != nil {
					failed++
				}
				mu.Unlock()
			}
		})
	}
	running.Wait()
	return created, failed
}

func maybeDone(err error) bool {
	e, ok := errors.AsType[*orm.Error](err)
	return ok && e.MaybeDone()
}

// allTags are the names of all tags, by a client that nothing kills.
func allTags(t *testing.T, s *odootest.Server) (names []string) {
	t.Helper()
	var rows []struct {
		Name string `odoo:"name"`
	}
	must(t, dial(t, s).Model("x.tag").Find(t.Context(), &rows, orm.Expr{}))
	for _, row := range rows {
		names = append(names, row.Name)
	}
	return names
}
