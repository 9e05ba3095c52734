package web

import (
	"net/http"

	"github.com/citygauge/citygauge/internal/account"
)

// oidcKey is under what a session keeps what it needs when somebody comes back
// from the identity provider.
const oidcKey, oidcNextKey = "oidc", "oidc-next"

// signInElsewhere leads to the identity provider.
func (s *site) signInElsewhere(v *visit) error {
	if s.OIDC == nil {
		return notFound
	}
	ctx := v.r.Context()
	to, attempt, err := s.OIDC.Begin(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "sign in at the identity provider", "error", err)
		return s.showSignIn(v, http.StatusServiceUnavailable, signInView{Wrong: "provider"})
	}
	s.sessions.Put(ctx, oidcKey, attempt)
	s.sessions.Put(ctx, oidcNextKey, within(v.r.FormValue("next")))
	return v.redirect(to)
}

// comeBack is where the identity provider sends people back to.
func (s *site) comeBack(v *visit) error {
	if s.OIDC == nil {
		return notFound
	}
	ctx := v.r.Context()
	// An attempt is good once.
	attempt, next := s.sessions.PopString(ctx, oidcKey), s.sessions.PopString(ctx, oidcNextKey)
	who, err := s.OIDC.Finish(ctx, attempt, v.r.URL.Query(), address(v.r))
	if isAny(err, account.ErrProvider) {
		s.Log.ErrorContext(ctx, "sign in at the identity provider", "error", err)
		return s.showSignIn(v, http.StatusServiceUnavailable, signInView{Wrong: "provider", Next: next})
	}
	if isAny(err, account.ErrDenied) {
		return s.showSignIn(v, http.StatusUnauthorized, signInView{Wrong: "unknown", Next: next})
	}
	if err != nil {
		return s.refuseSignIn(v, signInView{Next: next}, err)
	}
	if err := s.begin(v, who); err != nil {
		return err
	}
	return v.redirect(orHome(next))
}
