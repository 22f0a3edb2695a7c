package orm

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// Dial connects to the server at the address, https://erp.example.com, and logs in.
//
// A wrong login, password or key is [ErrAccessDenied], an unknown database [ErrNoDatabase]. Dial does not retry; the calls
// of the client do, see [Retries].
func Dial(ctx context.Context, address string, options ...DialOption) (*Client, error) {
	d := newDialer(options)
	base, err := d.openAddress(address)
	if err != nil {
		return nil, err
	}
	if d.err != nil {
		return nil, d.err
	}
	if d.who.Login == "" {
		return nil, errors.New("orm: no login: give orm.Password or orm.APIKey")
	}
	if !d.protocol.exists() {
		return nil, fmt.Errorf("orm: there is no %s", d.protocol)
	}
	if err := d.check(base); err != nil {
		return nil, err
	}
	s := &session{
		transport: d.transport(d.client(), base), who: d.who, uid: d.uid,
		retries: d.retries, pause: d.pause, renewal: make(chan struct{}, 1), handle: intercepted(d.interceptors),
	}
	if err := s.open(ctx, d.protocol); err != nil {
		return nil, published(err, "", "")
	}
	c := &Client{session: s, clientSettings: clientSettings{context: d.context}}
	for _, check := range d.checks {
		if err := check.run(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// open determines the version and the database, and logs in. It does not use /jsonrpc if another protocol is wanted,
// and nothing but /xmlrpc if that is.
func (s *session) open(ctx context.Context, wanted Protocol) error {
	version, list, explain := protocol.ServerVersion, protocol.Databases, protocol.Explain
	switch wanted {
	case JSON2, WebSession:
		version, list, explain = protocol.WebVersion, protocol.WebDatabases, protocol.ExplainByWeb
	case XMLRPC:
		version, list, explain = protocol.XMLVersion, protocol.XMLDatabases, protocol.ExplainByXML
	}
	v, err := version(ctx, s.transport)
	if err != nil {
		return err
	}
	s.version = Version(v)
	s.odoo = s.version.odoo()
	if s.who.Database == "" {
		if s.who.Database, err = protocol.OnlyDatabase(ctx, s.transport, list); err != nil {
			return err
		}
	}
	return explain(ctx, s.transport, s.who.Database, s.loginAs(ctx, s.choices(wanted)))
}

// loginAs logs in with the first of the protocols that works. A password that Odoo refuses is tried once, because Odoo
// counts failed logins. If no protocol works, it returns the first error.
func (s *session) loginAs(ctx context.Context, choices []Protocol) (err error) {
	for i, p := range choices {
		failed := s.login(ctx, p)
		if failed == nil || errors.Is(failed, errOtherUser) {
			return failed
		}
		if i == 0 || !errors.Is(failed, ErrMalformed) {
			err = failed
		}
		if protocol.IsFinal(failed) || errors.Is(failed, ErrAccessDenied) && !s.who.IsKey {
			break
		}
	}
	return err
}

var errOtherUser = errors.New("the option UID says")

// choices lists the protocols to try, the best first.
func (s *session) choices(wanted Protocol) []Protocol {
	switch {
	case wanted != Automatic:
		return []Protocol{wanted}
	case s.who.IsKey && odoofacts.JSON2.In(s.odoo) && !s.transport.UsesAuthorization():
		return []Protocol{JSON2, JSONRPC}
	case s.who.IsKey:
		return []Protocol{JSONRPC}
	}
	if keyShaped.MatchString(s.who.Secret()) {
		return []Protocol{JSONRPC, WebSession} // an API key may be given as a password, which the web session refuses
	}
	return []Protocol{WebSession, JSONRPC}
}

// keyShaped matches the form of Odoo's API keys.
var keyShaped = regexp.MustCompile(`^[0-9a-f]{40}$`)

func (s *session) login(ctx context.Context, p Protocol) error {
	s.kind = p
	switch p {
	case JSON2:
		s.protocol = protocol.NewJSON2(s.transport, s.who)
	case WebSession:
		s.protocol = protocol.NewWebSession(s.transport, s.who, s.odoo)
	case XMLRPC:
		s.protocol = protocol.NewXMLRPC(s.transport, s.who)
	default:
		s.protocol = protocol.NewJSONRPC(s.transport, s.who)
	}
	if known, ok := s.protocol.(interface{ Assume(context.Context, int64) }); ok && s.uid != 0 {
		known.Assume(ctx, s.uid)
		return nil
	}
	uid, err := s.protocol.Login(ctx)
	if err == nil && s.uid != 0 && s.uid != uid {
		return fmt.Errorf("orm: the login is that of the user %d: %w %d", uid, errOtherUser, s.uid)
	}
	if err == nil {
		s.uid = uid // on failure the uid of the option UID stays, for the next protocol
	}
	e, ok := errors.AsType[*fault.Error](err)
	if ok && errors.Is(err, ErrAccessDenied) && e.Class != "" && strings.EqualFold(strings.TrimSpace(e.Message), "Access Denied") {
		return s.who.Refused()
	}
	return err
}
