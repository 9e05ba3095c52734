package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/citygauge/citygauge/internal/account"
)

const (
	// sessionLife is how long one stays signed in, and sessionIdle how long
	// without asking for a page: a browser that was left behind is not.
	sessionLife = 7 * 24 * time.Hour
	sessionIdle = 24 * time.Hour
)

func (s *site) newSessions() *scs.SessionManager {
	// Not by scs.New, which starts a store in memory that nothing stops.
	m := &scs.SessionManager{Store: s.Sessions, Codec: scs.GobCodec{}, Lifetime: sessionLife, IdleTimeout: sessionIdle}
	m.Cookie.Name = "citygauge"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.Cookie.Persist = true
	if s.BaseURL.Scheme == "https" {
		m.Cookie.Secure = true
		m.Cookie.Name = "__Host-citygauge"
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		if s.API != nil && strings.HasPrefix(r.URL.Path, apiPath) {
			s.API.Fail(w, r, err)
			return
		}
		strict(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(s.visit(w, r), err) })).ServeHTTP(w, r)
	}
	return m
}

// withSession loads the session of a request; what needs none goes without.
func (s *site) withSession(next http.Handler) http.Handler {
	within := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, static := s.assets[r.URL.Path]; static || hasToken(r) {
			next.ServeHTTP(w, r)
			return
		}
		within.ServeHTTP(w, r)
	})
}

// hasToken reports whether a request of the API carries a token, which speaks
// for itself. What a proxy in front asks people for is no token.
func hasToken(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, apiPath) && strings.HasPrefix(strings.ToLower(r.Header.Get("Authorization")), "bearer ")
}

// signedIn is who is signed in on a request; its error is account.ErrDenied
// where nobody is. An account that was disabled meanwhile is nobody.
func (s *site) signedIn(r *http.Request) (account.Account, error) {
	if hasToken(r) {
		return account.Account{}, account.ErrDenied
	}
	session := s.sessions.GetString(r.Context(), account.SessionKey)
	if session == "" {
		return account.Account{}, account.ErrDenied
	}
	return s.Accounts.BySession(r.Context(), session)
}

// begin begins a session under a new name, so that nobody who knew the old one
// is signed in as well.
func (s *site) begin(v *visit, who account.Account) error {
	ctx := v.r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, account.SessionKey, who.Session())
	return nil
}

// leadToSignIn leads to where one signs in, and from there back: of a form that
// was sent too late, to the page that it is on.
func (s *site) leadToSignIn(v *visit) {
	to, next, query := url.URL{Path: "/sign-in"}, v.r.URL, url.Values{}
	if v.r.Method != http.MethodGet {
		next = nil
		query.Set("ended", "1")
		if from, err := url.Parse(v.r.Referer()); err == nil && from.Host == v.r.Host {
			next = from
		}
	}
	if next != nil && next.Path != "/" {
		query.Set("next", next.RequestURI())
	}
	to.RawQuery = query.Encode()
	http.Redirect(v.w, v.r, to.String(), http.StatusSeeOther)
}

// within is a path of this site, or nothing: a link that somebody sent must
// not lead elsewhere after one has signed in.
func within(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, "\\") {
		return ""
	}
	return path
}
