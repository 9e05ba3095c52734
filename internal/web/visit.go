package web

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/web/words"
)

// visit is one request, and who makes it.
type visit struct {
	w     http.ResponseWriter
	r     *http.Request
	who   account.Account // nobody until identified
	known bool
	words *words.Language
}

func (s *site) visit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{w: w, r: r, words: s.texts.For(r.Header.Get("Accept-Language"))}
}

// identify finds who is signed in. Who is not, is led to where one does, and
// from there back to what was asked for.
func (s *site) identify(v *visit) error {
	who, err := s.signedIn(v.r)
	if errors.Is(err, account.ErrDenied) {
		return errSignIn
	}
	if err != nil {
		return err
	}
	v.who, v.known = who, true
	v.r = v.r.WithContext(account.WithActor(v.r.Context(), v.actor()))
	return nil
}

// nobody answers a request in whose session nobody was found.
func (s *site) nobody(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	s.fail(v, cmp.Or(s.identify(v), errSignIn))
}

// refusal answers with a page that says why and what to do: the texts
// error.KEY.title and error.KEY.do.
type refusal struct {
	code int
	key  string
}

func (r refusal) Error() string { return r.key }

var (
	notFound  = refusal{http.StatusNotFound, "not-found"}
	errSignIn = errors.New("nobody is signed in")
)

func (s *site) notFound(v *visit) error {
	// Who is signed in keeps the way back.
	_ = s.identify(v)
	return notFound
}

func (s *site) crossOrigin(*visit) error { return refusal{http.StatusForbidden, "cross-origin"} }

// fail answers an error. What went wrong that is not the visitor's doing, only
// the log tells.
func (s *site) fail(v *visit, err error) {
	if errors.Is(err, errSignIn) {
		s.leadToSignIn(v)
		return
	}
	var r refusal
	if !errors.As(err, &r) {
		s.Log.ErrorContext(v.r.Context(), "a page failed", "path", v.r.URL.Path, "error", err)
		r = refusal{http.StatusServiceUnavailable, "failed"}
	}
	v.w.Header().Del("Content-Disposition")
	if err := s.write(v, r.code, "error.html", errorView{frame: s.frame(v, v.words.Say("error."+r.key+".title")), Key: r.key, Code: r.code}); err != nil {
		s.Log.ErrorContext(v.r.Context(), "a page of an error failed", "error", err)
		http.Error(v.w, v.words.Say("error.failed.title"), http.StatusServiceUnavailable)
	}
}

type errorView struct {
	frame
	Key  string
	Code int
}

// frame is what every page has.
type frame struct {
	Title  string
	Who    account.Account
	Known  bool // somebody is signed in
	All    bool // who sees every city
	Script string
	Here   string // the path
	Notice string // a key below notice
}

func (s *site) frame(v *visit, title string) frame {
	return frame{Title: title, Who: v.who, Known: v.known, All: v.known && v.who.ReadScope() == nil, Here: v.r.URL.Path}
}

// show answers with a page.
func (s *site) show(v *visit, page string, view any) error {
	return s.write(v, http.StatusOK, page, view)
}

// write answers with a page, whole or not at all.
func (s *site) write(v *visit, code int, page string, view any) error {
	var text bytes.Buffer
	if err := s.pages[v.words].ExecuteTemplate(&text, page, view); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", v.words.Tag())
	v.w.Header().Add("Vary", "Accept-Language")
	v.w.Header().Set("Content-Length", strconv.Itoa(text.Len()))
	v.w.WriteHeader(code)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(text.Bytes()) // that a client went away is its own affair
	}
	return nil
}

// redirect leads to another page, which is asked for with GET.
func (v *visit) redirect(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}
