package web

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/account"
)

type signInView struct {
	frame
	Name, Next string
	Wrong      string // a key below signin
	Elsewhere  bool   // one may sign in with an identity provider
}

func (s *site) signInPage(v *visit) error {
	next := within(v.r.FormValue("next"))
	if _, err := s.signedIn(v.r); err == nil {
		return v.redirect(orHome(next))
	}
	return s.showSignIn(v, http.StatusOK, signInView{Next: next})
}

func (s *site) showSignIn(v *visit, code int, view signInView) error {
	view.frame, view.Elsewhere = s.frame(v, v.words.Say("signin.title")), s.OIDC != nil
	view.Notice = s.sessions.PopString(v.r.Context(), noticeKey)
	if view.Notice == "" && v.r.URL.Query().Has("ended") {
		view.Notice = "ended"
	}
	return s.write(v, code, "signin.html", view)
}

// formBytes is how many bytes a form without a file may have.
const formBytes = 64 << 10

func (s *site) signIn(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formBytes)
	view := signInView{Name: v.r.PostFormValue("name"), Next: within(v.r.PostFormValue("next"))}
	who, err := s.Accounts.SignIn(v.r.Context(), view.Name, v.r.PostFormValue("password"), address(v.r))
	if err != nil {
		return s.refuseSignIn(v, view, err)
	}
	if err := s.begin(v, who); err != nil {
		return err
	}
	return v.redirect(orHome(view.Next))
}

// refuseSignIn says on the page of signing in why somebody may not.
func (s *site) refuseSignIn(v *visit, view signInView, err error) error {
	tooMany, _ := errors.AsType[account.TooMany](err)
	switch {
	case tooMany.RetryAfter > 0:
		view.Wrong = "too-many"
		v.w.Header().Set("Retry-After", strconv.Itoa(int(tooMany.RetryAfter/time.Second)+1))
		return s.showSignIn(v, http.StatusTooManyRequests, view)
	case isAny(err, account.ErrDenied):
		view.Wrong = "denied"
		return s.showSignIn(v, http.StatusUnauthorized, view)
	case isAny(err, account.ErrBusy):
		view.Wrong = "busy"
		return s.showSignIn(v, http.StatusServiceUnavailable, view)
	}
	return err
}

func (s *site) signOut(v *visit) error {
	who, err := s.signedIn(v.r)
	switch {
	case err == nil:
		if err := s.Accounts.SignOut(v.r.Context(), who, address(v.r)); err != nil {
			return err
		}
	case !isAny(err, account.ErrDenied):
		return err
	}
	if err := s.sessions.Destroy(v.r.Context()); err != nil {
		return err
	}
	return v.redirect("/sign-in")
}

func (s *site) signOutEverywhere(v *visit) error {
	if err := s.Accounts.SignOutEverywhere(v.r.Context(), v.actor(), v.who.ID); err != nil {
		return err
	}
	if err := s.sessions.Destroy(v.r.Context()); err != nil {
		return err
	}
	return v.redirect("/sign-in")
}

func orHome(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// address is where a request comes from. A proxy on this machine says for whom
// it asks, and is believed: it added the last address itself.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return host
	}
	via := r.Header.Values("X-Forwarded-For")
	if len(via) == 0 {
		return host
	}
	last := via[len(via)-1]
	if asked := net.ParseIP(strings.TrimSpace(last[strings.LastIndex(last, ",")+1:])); asked != nil {
		return asked.String()
	}
	return host
}

// actor is who visits, for the trail of who did what.
func (v *visit) actor() account.Actor { return v.who.At(address(v.r)) }
