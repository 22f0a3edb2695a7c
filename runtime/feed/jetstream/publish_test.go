package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/feed/jetstream"
)

// broken is a bucket whose updates fail from the commit of what was announced on, as those of a process that ends then.
type broken struct {
	natskv
	announced bool
	cancel    context.CancelFunc
}

func (b *broken) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	announces := strings.Contains(string(value), `"published"`)
	if b.announced && !announces {
		b.cancel()
		return 0, ctx.Err()
	}
	b.announced = announces
	return b.natskv.Update(ctx, key, value, revision)
}

// publish publishes what has changed. With a crash, the process ends between the publication and the commit.
func (w *world) publish(name string, crash bool, opts ...feed.Option) {
	w.Helper()
	ctx, cancel := context.WithCancel(w.Context())
	defer cancel()
	g := w.join()
	if crash {
		jetstream.Wrap(g, func(kv natskv) natskv { return &broken{kv, false, cancel} })
	}
	s := g.Store(name)
	f, err := feed.New[partner](w.c, orm.AllOf[odoo.ResPartner](), append(opts, feed.StoreIn(s))...)
	must(w.T, err)
	crashed := false
	for b, err := range f.Batches(ctx) {
		must(w.T, err)
		err = jetstream.Publish(ctx, s, b)
		if crashed = crash && errors.Is(err, context.Canceled); !crashed {
			must(w.T, err)
		}
	}
	if crashed != crash {
		w.Error("the process has not ended where it should have")
	}
}

// stream is the content of the stream.
func (w *world) stream() string {
	w.Helper()
	stream, err := natsjs(w.nc).Stream(w.Context(), "shop")
	must(w.T, err)
	info, err := stream.Info(w.Context())
	must(w.T, err)
	var out []string
	for seq := max(info.State.FirstSeq, 1); seq <= info.State.LastSeq; seq++ {
		m, err := stream.GetMsg(w.Context(), seq)
		must(w.T, err)
		out = append(out, m.Subject+" "+string(m.Data))
	}
	return strings.Join(out, "\n")
}

func (w *world) write(id orm.ID[odoo.ResPartner], name string) {
	w.Helper()
	must(w.T, orm.Write(w.Context(), w.c, []orm.ID[odoo.ResPartner]{id}, odoo.ResPartnerValues{Name: orm.Set(name)}))
}

func TestPublish(t *testing.T) {
	w := newWorld(t)
	ids := w.create("a", "b")
	w.publish("x", false)
	w.write(ids[0], "A")
	must(t, orm.Unlink(t.Context(), w.c, ids[1:]))
	w.publish("x", false)
	w.publish("x", false)
	w.want(w.stream(), `shop.x.1 {"kind":"created","id":1,"record":{"Name":"a"}}
shop.x.2 {"kind":"created","id":2,"record":{"Name":"b"}}
shop.x.1 {"kind":"changed","id":1,"record":{"Name":"A"}}
shop.x.2 {"kind":"deleted","id":2}`)
}

// What was published before a crash is published once. Each other content is another message, one of before too.
func TestPublishAgainAfterACrash(t *testing.T) {
	w := newWorld(t)
	ids := w.create("a", "b")
	w.publish("x", true)
	w.publish("x", true)
	w.publish("x", false)
	w.want(w.stream(), `shop.x.1 {"kind":"created","id":1,"record":{"Name":"a"}}
shop.x.2 {"kind":"created","id":2,"record":{"Name":"b"}}`)

	w.write(ids[0], "B")
	w.publish("x", true)
	w.write(ids[0], "C")
	w.publish("x", true)
	w.write(ids[0], "B")
	w.publish("x", true)
	w.publish("x", false)
	w.write(ids[0], "C")
	w.publish("x", false)
	w.write(ids[0], "B")
	w.publish("x", false)
	must(t, w.g.Forget(t.Context(), "x"))
	w.publish("x", false)
	var names []string
	for line := range strings.Lines(w.stream()) {
		if _, after, is := strings.Cut(line, `shop.x.1 {"kind":"changed","id":1,"record":{"Name":"`); is {
			names = append(names, after[:1])
		}
	}
	w.want(strings.Join(names, " "), "B C B C B")
	w.want(w.stream()[strings.LastIndex(w.stream(), "shop.x.1"):], `shop.x.1 {"kind":"created","id":1,"record":{"Name":"B"}}
shop.x.2 {"kind":"created","id":2,"record":{"Name":"b"}}`)
}

// The state of a feed over an outbox is kept as well, with its claim.
func TestPublishFromAnOutbox(t *testing.T) {
	w := newWorld(t)
	must(t, feed.Install(t.Context(), w.c, "test", feed.On[odoo.ResPartner]()))
	from := feed.Outbox("test")
	ids := w.create("a", "b")
	w.publish("x", false, from)
	w.write(ids[0], "A")
	w.publish("x", true, from)
	must(t, orm.Unlink(t.Context(), w.c, ids[1:]))
	w.publish("x", false, from)
	w.publish("x", false, from)
	w.want(w.stream(), `shop.x.1 {"kind":"created","id":1,"record":{"Name":"a"}}
shop.x.2 {"kind":"created","id":2,"record":{"Name":"b"}}
shop.x.1 {"kind":"changed","id":1,"record":{"Name":"A"}}
shop.x.2 {"kind":"deleted","id":2}`)
}

// A worker whose state was taken over publishes nothing.
func TestPublishAfterATakeover(t *testing.T) {
	w := newWorld(t)
	w.create("a")
	s := w.g.Store("x")
	f, err := feed.New[partner](w.c, orm.AllOf[odoo.ResPartner](), feed.StoreIn(s))
	must(t, err)
	batches := 0
	for b, err := range f.Batches(t.Context()) {
		must(t, err)
		batches++
		w.want(w.poll(w.feed("x"), w.plain), "created 1 a")
		w.wantError(jetstream.Publish(t.Context(), s, b), "jetstream: publish x: the state x: another loop has opened the state")
	}
	if batches != 1 {
		t.Errorf("%d batches", batches)
	}
	w.want(w.stream(), "")
}

func TestPublishRefuses(t *testing.T) {
	w := newWorld(t)
	w.create("a")
	buffering, err := nats.Connect(w.nc.ConnectedUrl())
	must(t, err)
	defer buffering.Close()
	g, err := jetstream.Join(t.Context(), buffering, "shop")
	must(t, err)
	s := w.g.Store("x")
	none := &feed.Batch[partner, odoo.ResPartner]{}
	w.wantError(jetstream.Publish(t.Context(), g.Store("x"), none), "connect with nats.ReconnectBufSize(-1)")
	w.wantError(jetstream.Publish(t.Context(), s, none), "the state x is not open")
	type lossy struct {
		Name  string `odoo:"name" json:"-"`
		Email string `odoo:"email"`
	}
	lost := &feed.Batch[lossy, odoo.ResPartner]{Changes: []feed.Change[lossy, odoo.ResPartner]{{Kind: feed.Created, ID: 7, Record: lossy{Name: "a"}}}}
	w.wantError(jetstream.Publish(t.Context(), s, lost), "record 7: jetstream_test.lossy changes when its JSON is read back")

	_, err = natsjs(w.nc).CreateStream(t.Context(), streamConfig{Name: "brief", Subjects: []string{"brief.*.*"}, Duplicates: time.Second})
	must(t, err)
	g, err = jetstream.Join(t.Context(), w.nc, "brief")
	must(t, err)
	w.wantError(jetstream.Publish(t.Context(), g.Store("x"), none), "the stream brief has a duplicate window of 1s: want at least 30s")
}

// full has all that a struct may hold.
type full struct {
	ID      orm.ID[odoo.ResPartner]           `odoo:"id"`
	Name    string                            `odoo:"name"`
	Country orm.Ref[odoo.ResCountry]          `odoo:"country_id"`
	Written time.Time                         `odoo:"write_date"`
	Active  bool                              `odoo:"active"`
	Type    odoo.ResPartnerType               `odoo:"type"`
	Image   []byte                            `odoo:"image_1920"`
	Tags    []orm.ID[odoo.ResPartnerCategory] `odoo:"category_id"`
	Inner   []struct {
		Name  string  `odoo:"name"`
		Color float64 `odoo:"partner_latitude"`
	} `odoo:"child_ids"`
}

// inbox is what a consumer has handled.
type inbox struct {
	mu      sync.Mutex
	lines   []string
	reports []string
}

func (b *inbox) add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

func (b *inbox) report(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reports = append(b.reports, err.Error())
}

func (b *inbox) all() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines, "\n")
}

// consume consumes until there is as much as is wanted.
func (w *world) consume(b *inbox, want string, consume func(context.Context) error) {
	w.Helper()
	ctx, stop := context.WithCancel(w.Context())
	done := make(chan error)
	go func() { done <- consume(ctx) }()
	eventually(w.T, 20*time.Second, func() string {
		if got := b.all(); got != want {
			return fmt.Sprintf("consumed %q, want %q: reports %q", got, want, b.reports)
		}
		return ""
	})
	stop()
	must(w.T, <-done)
}

func TestConsumeHasTheStruct(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	country, err := orm.Create(ctx, w.c, odoo.ResCountryValues{Name: orm.Set("Belgium"), Code: orm.Set("BE")})
	must(t, err)
	_, err = orm.Create(ctx, w.c, odoo.ResPartnerValues{Name: orm.Set("a"), CountryID: orm.Set(country), Image1920: orm.Set([]byte("GIF89a"))})
	must(t, err)
	s := w.g.Store("x")
	f, err := feed.New[full](w.c, orm.AllOf[odoo.ResPartner](), feed.StoreIn(s))
	must(t, err)
	var sent, received full
	for b, err := range f.Batches(ctx) {
		must(t, err)
		sent = b.Changes[0].Record
		must(t, jetstream.Publish(ctx, s, b))
	}
	var b inbox
	w.consume(&b, "created 1", func(ctx context.Context) error {
		return jetstream.Consume(ctx, w.g, "x", "copy", func(_ context.Context, c feed.Change[full, odoo.ResPartner]) error {
			received = c.Record
			b.add(fmt.Sprint(c.Kind, " ", int64(c.ID)))
			return nil
		}, b.report)
	})
	if w.want(fmt.Sprint(received), fmt.Sprint(sent)); sent.Country.Name != "Belgium" || string(sent.Image) != "GIF89a" || sent.Written.IsZero() {
		t.Errorf("%+v was published", sent)
	}
	type more struct {
		Name  string `odoo:"name"`
		Email string `odoo:"email"`
	}
	w.consume(&b, "created 1\naside", func(ctx context.Context) error {
		return jetstream.Consume(ctx, w.g, "x", "more", func(context.Context, feed.Change[more, odoo.ResPartner]) error { return nil }, b.report,
			jetstream.DeadLetters(5, func(_ context.Context, l jetstream.Letter) error {
				w.wantError(l.Err, "shop.x.1, message 1, attempt 1: the record in the message has no Email: want the struct of the feed")
				b.add("aside")
				return nil
			}))
	})
}

// A change whose handler fails is tried again before the next one, and goes where the program says.
func TestConsumeKeepsTheOrder(t *testing.T) {
	w := newWorld(t)
	w.create("a", "bad", "c", "worse", "e")
	w.publish("x", false)
	_, err := w.nc.Request("shop.x.9", []byte("no JSON"), time.Second)
	must(t, err)
	var b inbox
	attempts := map[string]int{}
	asideFails := true
	handle := func(_ context.Context, c feed.Change[partner, odoo.ResPartner]) error {
		name := c.Record.Name
		attempts[name]++
		b.add(name)
		if name == "worse" || name == "bad" && attempts[name] < 3 {
			return errors.New("refused")
		}
		return nil
	}
	aside := jetstream.DeadLetters(4, func(_ context.Context, l jetstream.Letter) error {
		if asideFails {
			asideFails = false
			return errors.New("no room")
		}
		b.add(fmt.Sprint("aside ", l.Subject, " ", l.Sequence, " ", l.Attempts))
		return nil
	})
	want := strings.Join([]string{"a", "bad", "bad", "bad", "c", "worse", "worse", "worse", "worse", "worse", "aside shop.x.4 4 5", "e", "aside shop.x.9 6 1"}, "\n")
	w.consume(&b, want, func(ctx context.Context) error {
		return jetstream.Consume(ctx, w.g, "x", "copy", handle, b.report, aside, jetstream.Pause(50*time.Millisecond))
	})
	for _, text := range []string{"shop.x.2, message 2, attempt 2: refused", "shop.x.4, message 4, attempt 3: refused", "no room"} {
		if !slices.ContainsFunc(b.reports, func(r string) bool { return strings.Contains(r, text) }) {
			t.Errorf("no report with %q: %q", text, b.reports)
		}
	}
	late := b.all()
	w.create("f")
	w.publish("x", false)
	w.consume(&b, late+"\nf", func(ctx context.Context) error {
		return jetstream.Consume(ctx, w.g, "x", "copy", handle, b.report)
	})
}

func TestConsumeRefuses(t *testing.T) {
	w := newWorld(t)
	handle := func(context.Context, feed.Change[partner, odoo.ResPartner]) error { return nil }
	report := func(error) {}
	for want, err := range map[string]error{
		`consume a.b as c: the feed "a.b": want letters`:           jetstream.Consume(t.Context(), w.g, "a.b", "c", handle, report),
		`the consumer "": want letters`:                            jetstream.Consume(t.Context(), w.g, "a", "", handle, report),
		"want a handler, and a function for errors":                jetstream.Consume(t.Context(), w.g, "a", "c", handle, nil),
		"DeadLetters: want at least 1 attempt, and a function":     jetstream.Consume(t.Context(), w.g, "a", "c", handle, report, jetstream.DeadLetters(0, nil)),
		"jetstream: consume a as c: Pause(-1ns): want more than 0": jetstream.Consume(t.Context(), w.g, "a", "c", handle, report, jetstream.Pause(-1)),
	} {
		w.wantError(err, want)
	}
}
