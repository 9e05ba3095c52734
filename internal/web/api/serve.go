package api

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

// server is an API that knows who is signed in.
type server struct {
	*API
	signedIn func(*http.Request) (account.Account, error)
	cross    *http.CrossOriginProtection
}

// call is one request, and who makes it.
type call struct {
	w   http.ResponseWriter
	r   *http.Request
	who account.Account
}

// serve is a route as a handler: it finds out who asks, turns away who may not,
// and answers errors as problems.
func (s *server) serve(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		strict(w.Header())
		life := s.Timeouts.Read
		if !safe(r.Method) {
			life = s.Timeouts.Write
		}
		end := s.Now().Add(life)
		_ = http.NewResponseController(w).SetWriteDeadline(end.Add(farewell)) // a server without one has its own
		ctx, cancel := context.WithDeadline(r.Context(), end)
		defer cancel()
		c := &call{w: w, r: r.WithContext(ctx)}
		err := s.admit(c, route)
		if err == nil {
			err = route.do(c)
		}
		if err != nil {
			s.fail(c, err)
		}
	})
}

// farewell is how long an answer may take to be read when the time of its
// request is over.
const farewell = 10 * time.Second

func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// awaitBody bounds the time in which a request's body must arrive, until done
// is called.
func (a *API) awaitBody(c *call) (done func()) {
	connection := http.NewResponseController(c.w)
	_ = connection.SetReadDeadline(a.Now().Add(a.Timeouts.Write)) // a server without one has its own
	return func() { _ = connection.SetReadDeadline(time.Time{}) }
}

// strict keeps browsers from doing anything with answers but hand them to who
// asked, and everybody from keeping them.
func strict(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept, Authorization, Cookie")
}

// admit finds out who asks, and turns away who is nobody or asks too often.
func (s *server) admit(c *call, route route) error {
	if route.open {
		return nil
	}
	who, err := s.identify(c.r)
	if err != nil {
		return err
	}
	if wait := s.rates.take(who.ID, s.Now()); wait > 0 {
		return tooMany(wait)
	}
	c.who = who
	// What is done with uploads is told on the trail of who did what.
	c.r = c.r.WithContext(account.WithActor(c.r.Context(), who.At(address(c.r))))
	return nil
}

func (s *server) identify(r *http.Request) (account.Account, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		// A token must be known to be sent; a session's cookie comes along by
		// itself, wherever a request was thought up.
		if s.cross.Check(r) != nil {
			return account.Account{}, errCrossOrigin
		}
		who, err := s.signedIn(r)
		if errors.Is(err, account.ErrDenied) {
			err = errNobody
		}
		return who, err
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return account.Account{}, errNobody
	}
	who, err := s.Accounts.ByToken(r.Context(), strings.TrimSpace(token))
	if errors.Is(err, account.ErrDenied) {
		return account.Account{}, errBadToken
	}
	return who, err
}

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// noRoute answers a path that is there for other methods, or for none.
func noRoute(methods []string) error {
	if len(methods) == 0 {
		return errNoPath
	}
	return errNoMethod.with("Allow", strings.Join(methods, ", "))
}

// write answers with a value as JSON.
func (c *call) write(status int, v any) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	encoder := json.NewEncoder(c.w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // that a client went away is its own affair
	return nil
}
