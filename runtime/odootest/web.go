package odootest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// webSession is a session of the web client. It is never changed.
type webSession struct {
	id   string
	user *user // nil before the login
}

// sessions are those that are open, by their ids. There are no more than a limit: expired ones go first, then those
// without a user, then those that were not used for the longest time.
type sessions struct {
	mu   sync.Mutex
	open map[string]*webSession
	used map[string]time.Time
	life time.Duration // since the last use
	most int
}

const sessionCookie = "session_id"

// of is the session that a request names, or one without a user: the server has one database, so that no session has to name
// it.
func (s *sessions) of(r *http.Request) *webSession {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return &webSession{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.open[cookie.Value]
	if found == nil || time.Since(s.used[found.id]) > s.life {
		return &webSession{}
	}
	s.used[found.id] = time.Now()
	return found
}

func (s *sessions) add(session *webSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) >= s.most {
		s.drop(s.leastWanted())
	}
	s.open[session.id], s.used[session.id] = session, time.Now()
}

func (s *sessions) leastWanted() string {
	var id string
	for other, session := range s.open {
		if id == "" || s.goesBefore(session, s.open[id]) {
			id = other
		}
	}
	return id
}

func (s *sessions) goesBefore(a, b *webSession) bool {
	oldA, oldB := time.Since(s.used[a.id]) > s.life, time.Since(s.used[b.id]) > s.life
	switch {
	case oldA != oldB:
		return oldA
	case (a.user == nil) != (b.user == nil):
		return a.user == nil
	}
	return s.used[a.id].Before(s.used[b.id])
}

func (s *sessions) drop(id string) {
	delete(s.open, id)
	delete(s.used, id)
}

func (s *sessions) remove(session *webSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(session.id)
}

// ExpireSessions ends all web sessions, as a restart or the passing of time does.
func (s *Server) ExpireSessions() {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	clear(s.sessions.open)
	clear(s.sessions.used)
}

var errSessionExpired error = &Error{
	Class: classSession, Message: "Session expired",
	// Clients see by the function that no method has run.
	debug: "Traceback (most recent call last):\n  File \"odootest\", line 1, in _auth_method_user\n" + classSession + ": Session expired\n",
}

// sessionLost is the answer to a call that needs a session and has none. Where there are several databases, nothing says
// which one the call is for, and its path is known in none.
func (s services) sessionLost() error {
	const noDatabase = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n" +
		"<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>\n" +
		"<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>\n\n<!-- Alternatively, use the X-Odoo-Database header. -->"
	switch {
	case len(s.otherDatabases) == 0:
		return errSessionExpired
	case s.does(odoofacts.LostSessionJSON):
		return errNoDatabase
	case s.does(odoofacts.LostSessionPage):
		return &page{status: http.StatusNotFound, html: "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>" +
			notFoundMessage + "</p>\n"}
	}
	return &page{status: http.StatusNotFound, html: noDatabase}
}

// openSession is a new session of a user, or of nobody.
func (s services) openSession(u *user) *webSession {
	session := &webSession{id: s.sessionID(), user: u}
	s.sessions.add(session)
	return session
}

// sessionID is a session id in the form of the version.
func (s services) sessionID() string {
	if s.does(odoofacts.LongSessionIDs) {
		secret := make([]byte, 63)
		_, _ = rand.Read(secret) // it never fails
		return base64.RawURLEncoding.EncodeToString(secret)
	}
	secret := make([]byte, 20)
	_, _ = rand.Read(secret)
	return hex.EncodeToString(secret)
}

// How long a cookie lives.
const (
	cookieLifeBefore = 90 * 24 * time.Hour
	cookieLifeModern = 7 * 24 * time.Hour
)

// keepSession sends the cookie of a session: older versions with every answer, newer ones with a result and a session that
// is new to the client.
func (s services) keepSession(w http.ResponseWriter, c *rpcCall, touch, failed bool) {
	if c.session == nil || failed && s.does(odoofacts.NewHTTP) {
		return
	}
	if c.session.id == "" {
		c.session = s.openSession(nil)
	}
	cookie, err := c.http.Cookie(sessionCookie)
	if known := err == nil && cookie.Value == c.session.id; !known || touch || !s.does(odoofacts.NewHTTP) {
		s.setCookie(w, c.session)
	}
}

// sessionLife is how long a session and its cookie live after their last use.
func (d dialect) sessionLife() time.Duration {
	if d.does(odoofacts.NewHTTP) {
		return cookieLifeModern
	}
	return cookieLifeBefore
}

func (s services) setCookie(w http.ResponseWriter, session *webSession) {
	life := s.sessionLife()
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: session.id, Path: "/", HttpOnly: true, Expires: time.Now().Add(life), MaxAge: int(life / time.Second),
	})
}

// routeWeb adds the routes of the web client.
func (s services) routeWeb(mux *http.ServeMux) {
	for path, at := range map[string]route{
		"/web/webclient/version_info":    {run: func(*rpcCall) (any, error) { return s.versionInfo(), nil }},
		"/web/database/list":             {run: func(*rpcCall) (any, error) { return s.databases(), nil }},
		"/web/session/authenticate":      {run: s.authenticate},
		"/web/session/get_session_info":  {user: true, touch: true, run: func(c *rpcCall) (any, error) { return s.sessionInfo(c), nil }},
		"/web/session/check":             {user: true, touch: true, run: func(*rpcCall) (any, error) { return nil, nil }},
		"/web/session/modules":           {user: true, run: s.modules},
		"/web/session/destroy":           {user: true, run: s.destroy},
		"/web/dataset/call_kw":           {user: true, run: s.callKW},
		"/web/dataset/call_kw/{path...}": {user: true, run: s.callKW},
	} {
		mux.HandleFunc(path, s.jsonRPC(at))
	}
	s.routeReports(mux)
	s.routeContent(mux)
	mux.HandleFunc("GET /web", s.serveWeb)
	mux.HandleFunc("GET /web/session/logout", s.serveWeb)
}

// serveWeb starts a session without a user, as a browser's first request does.
func (s services) serveWeb(w http.ResponseWriter, r *http.Request) {
	s.sessions.remove(s.sessions.of(r))
	s.setCookie(w, s.openSession(nil))
	http.Redirect(w, r, "/web/login", http.StatusSeeOther)
}

// authenticate logs a user in, with a password: keys are refused.
func (s services) authenticate(c *rpcCall) (any, error) {
	sign := signature{name: s.since(odoofacts.QualifiedNames, "", "Session.") + "authenticate()", params: needed("db", "login", "password")}
	if err := sign.complete(arguments{named: c.params}); err != nil {
		return nil, err
	}
	r := Request{Protocol: c.protocol, Service: "session", Method: "authenticate"}
	return s.perform(c.http.Context(), r, func(context.Context) (any, error) {
		if c.params["db"] != s.database {
			return nil, s.noDatabase(str(c.params["db"]))
		}
		u := s.byPassword(c.params["login"], c.params["password"])
		if u == nil {
			return nil, errAccessDenied
		}
		if u.secondFactor {
			return s.unfinishedLogin(), nil
		}
		s.sessions.remove(c.session)
		if isBackstage(c.http.Context()) {
			u = s.backstage()
		}
		c.session = s.openSession(u)
		return s.sessionInfo(c), nil
	})
}

// sessionInfo is what the web client gets about its session, without what only a page needs.
func (s services) sessionInfo(c *rpcCall) map[string]any {
	u := c.session.user
	return map[string]any{
		"uid": u.id, "is_system": true, "is_admin": true, "user_context": userContext(u.id), "db": s.database,
		"server_version": s.fullVersion(), "server_version_info": s.info(), "name": u.name, "username": u.login,
		"partner_display_name": u.name, "web.base.url": s.URL, "active_ids_limit": 20000,
	}
}

// unfinishedLogin is the session info of a login that waits for a second factor.
func (s services) unfinishedLogin() map[string]any {
	if s.does(odoofacts.BareSecondFactor) {
		return map[string]any{"uid": nil}
	}
	return map[string]any{
		"uid": nil, "is_system": false, "is_admin": false, "user_context": map[string]any{}, "db": s.database,
		"server_version": s.fullVersion(), "server_version_info": s.info(), "name": false, "username": false,
		"partner_display_name": false, "company_id": nil, "partner_id": nil, "web.base.url": s.URL, "active_ids_limit": 20000,
		"user_id": []any{nil},
	}
}

// userContext is the context that a user works in unless a call says otherwise.
func userContext(uid int64) map[string]any {
	return map[string]any{"lang": "en_US", "tz": "UTC", "uid": uid}
}

// destroy ends a session and starts one without a user.
func (s services) destroy(c *rpcCall) (any, error) {
	s.sessions.remove(c.session)
	c.session = s.openSession(nil)
	return nil, nil
}

// modules lists the installed modules that the snapshot knows.
func (s services) modules(c *rpcCall) (any, error) {
	return s.transact(c.session.user, func(t *tx) (any, error) {
		names := []string{}
		for _, r := range t.all(t.models["ir.module.module"]) {
			names = append(names, str(r.values["name"]))
		}
		return names, nil
	})
}

// callKW runs a method of a model for the user of the session.
func (s services) callKW(c *rpcCall) (any, error) {
	sign := signature{name: s.since(odoofacts.QualifiedNames, "", "DataSet.") + "call_kw()", params: needed("model", "method", "args", "kwargs")}
	if err := sign.complete(arguments{named: c.params}); err != nil {
		return nil, err
	}
	model, method := str(c.params["model"]), str(c.params["method"])
	args, _ := c.params["args"].([]any)
	kwargs, _ := c.params["kwargs"].(map[string]any)
	r := Request{orm.WebSession, "object", model, method, c.session.user.login, args, kwargs}
	result, err := s.perform(c.http.Context(), r, func(ctx context.Context) (any, error) {
		return s.callModel(ctx, c.session.user, model, method, args, kwargs, s.noModelForPage)
	})
	if err == errSessionExpired { //nolint:errorlint // it is never wrapped
		s.sessions.remove(c.session)
	}
	return result, err
}

// noModelForPage is what the web session says of an unknown model.
func (s services) noModelForPage(name string) error {
	if s.does(odoofacts.UnknownModel404) {
		return errNotFound
	}
	return fail(classKey, "%s", name)
}

const notFoundMessage = "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."

var errNotFound error = &Error{Class: classNotFound, Message: notFoundMessage}

// errNoDatabase is errNotFound where no database was looked at, as clients see by the function.
var errNoDatabase error = &Error{
	Class: classNotFound, Message: notFoundMessage,
	debug: "Traceback (most recent call last):\n  File \"odootest\", line 1, in _dispatch_nodb\n" + classNotFound + ": 404 Not Found: " + notFoundMessage + "\n",
}
