package web

import (
	"io"
	"net/http"

	"github.com/citygauge/citygauge/internal/account"
)

// access is who may ask for a route.
type access int

const (
	anyone   access = iota // without signing in
	everyone               // who signed in
	readers                // of the city in the path
	writers                // of the city in the path
	comparer               // who sees every city
	keepers                // of accounts
)

// route is one of the site's.
type route struct {
	pattern string
	who     access
	do      func(*visit) error
}

// routes are all pages, and who may see them.
func (s *site) routes() []route {
	return []route{
		{"GET /{$}", everyone, s.home},
		{"GET /sign-in", anyone, s.signInPage},
		{"POST /sign-in", anyone, s.signIn},
		{"POST /sign-out", anyone, s.signOut},
		{"GET /sign-in/oidc", anyone, s.signInElsewhere},
		{"GET /sign-in/oidc/callback", anyone, s.comeBack},
		{"GET /account", everyone, s.accountPage},
		{"POST /account/password", everyone, s.changePassword},
		{"POST /account/sign-out", everyone, s.signOutEverywhere},

		{"GET /cities", everyone, s.overview},
		{"GET /cities/{city}", readers, s.city},
		{"GET /cities/{city}/upload", writers, s.uploadPage},
		{"POST /cities/{city}/upload", writers, s.upload},
		{"GET /cities/{city}/template.csv", writers, s.templateCSV},
		{"GET /cities/{city}/template.xlsx", writers, s.templateWorkbook},

		{"GET /uploads", everyone, s.history},
		{"GET /uploads/{id}", everyone, s.report},
		{"GET /uploads/{id}/file", everyone, s.file},
		{"GET /uploads/{id}/problems.csv", everyone, s.problems},
		{"POST /uploads/{id}/commit", everyone, s.commit},
		{"POST /uploads/{id}/again", everyone, s.again},
		{"GET /uploads/{id}/revert", everyone, s.revertPage},
		{"POST /uploads/{id}/revert", everyone, s.revert},

		{"GET /compare", comparer, s.compare},
		{"GET /compare.csv", comparer, s.compareCSV},

		{"GET /accounts", keepers, s.accounts},
		{"POST /accounts", keepers, s.addAccount},
		{"POST /accounts/{id}/{do}", keepers, s.changeAccount},
	}
}

// serve is a route as a handler: it finds out who asks, turns away who may
// not, and answers errors with a page that says what to do.
func (s *site) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		v := s.visit(w, request)
		err := s.admit(v, r.who)
		if err == nil {
			err = r.do(v)
		}
		if err != nil {
			// Else a browser that is still sending hears of a broken line alone.
			_, _ = io.CopyN(io.Discard, request.Body, s.MaxUpload+formBytes)
			s.fail(v, err)
		}
	})
}

// admit turns away who may not ask. A city that one may not see is answered as
// one that does not exist.
func (s *site) admit(v *visit, who access) error {
	if who == anyone {
		return nil
	}
	if err := s.identify(v); err != nil {
		return err
	}
	switch city := v.r.PathValue("city"); {
	case who == readers && !v.who.Sees(city), who == writers && !v.who.Sees(city):
		return notFound
	case who == writers && !v.who.Writes(city):
		// Whether there is such a city is for those to know who see all.
		if _, err := s.standing(v, city); err != nil {
			return err
		}
		return refusal{http.StatusForbidden, "read-only"}
	case who == comparer && v.who.ReadScope() != nil:
		return refusal{http.StatusForbidden, "faculty-only"}
	case who == keepers && v.who.Role != account.Admin:
		return refusal{http.StatusForbidden, "admin-only"}
	}
	return nil
}
