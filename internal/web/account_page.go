package web

import (
	"net/http"

	"github.com/citygauge/citygauge/internal/account"
)

type accountView struct {
	frame
	Wrong       string // a key below account.wrong
	HasPassword bool
	Least       int
}

// accountPage is what one may do for oneself: change the password, sign out
// everywhere.
func (s *site) accountPage(v *visit) error { return s.showAccount(v, http.StatusOK, "") }

func (s *site) showAccount(v *visit, code int, wrong string) error {
	view := accountView{frame: s.frame(v, v.words.Say("account.title")), Wrong: wrong, HasPassword: v.who.Password != "", Least: account.MinPassword}
	view.Notice = s.sessions.PopString(v.r.Context(), noticeKey)
	return s.write(v, code, "account.html", view)
}

func (s *site) changePassword(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formBytes)
	who, err := s.Accounts.ChangePassword(v.r.Context(), v.who.ID, v.r.PostFormValue("old"), v.r.PostFormValue("new"), address(v.r))
	switch {
	case isAny(err, account.ErrTooMany):
		return s.showAccount(v, http.StatusTooManyRequests, "too-many")
	case isAny(err, account.ErrDenied):
		return s.showAccount(v, http.StatusUnprocessableEntity, "old")
	case isAny(err, account.ErrInvalid):
		return s.showAccount(v, http.StatusUnprocessableEntity, "new")
	case isAny(err, account.ErrBusy):
		return s.showAccount(v, http.StatusServiceUnavailable, "busy")
	case err != nil:
		return err
	}
	// All sessions ended with the old password; this one goes on.
	if err := s.begin(v, who); err != nil {
		return err
	}
	s.notice(v, "password-changed")
	return v.redirect("/account")
}

// noticeKey is under what a session keeps what the next page is to say.
const noticeKey = "notice"

// notice has the next page say something: a key below notice.
func (s *site) notice(v *visit, key string) { s.sessions.Put(v.r.Context(), noticeKey, key) }
