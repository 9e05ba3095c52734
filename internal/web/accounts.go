package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/account"
)

type accountsView struct {
	frame
	Accounts      []accountRow
	Roles         []account.Role
	Wrong         string // a key below accounts.wrong
	Password, For string // a new password, which is shown once, and whose it is
}

type accountRow struct {
	account.Account
	Where string // its cities
}

// accounts lists who may sign in.
func (s *site) accounts(v *visit) error { return s.showAccounts(v, http.StatusOK, accountsView{}) }

func (s *site) showAccounts(v *visit, code int, view accountsView) error {
	all, err := s.Accounts.All(v.r.Context())
	if err != nil {
		return err
	}
	view.frame, view.Roles = s.frame(v, v.words.Say("accounts.title")), account.Roles()
	view.Notice = s.sessions.PopString(v.r.Context(), noticeKey)
	for _, a := range all {
		view.Accounts = append(view.Accounts, accountRow{a, strings.Join(a.Cities, ", ")})
	}
	return s.write(v, code, "accounts.html", view)
}

// addAccount makes an account with a password that is shown once.
func (s *site) addAccount(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, formBytes)
	wanted := account.Account{
		Name: v.r.PostFormValue("name"), Title: v.r.PostFormValue("title"), Role: account.Role(v.r.PostFormValue("role")),
		Cities: strings.FieldsFunc(v.r.PostFormValue("cities"), func(r rune) bool { return strings.ContainsRune(", ;\t\n", r) }),
	}
	password := account.Generate()
	added, err := s.Accounts.Add(v.r.Context(), v.actor(), wanted, password)
	if err != nil {
		return s.refuseAccount(v, err)
	}
	return s.showAccounts(v, http.StatusOK, accountsView{Password: password, For: added.Name})
}

// changeAccount does to an account what the path says.
func (s *site) changeAccount(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return notFound
	}
	if id == v.who.ID { // who would let them in again?
		return notFound
	}
	ctx := v.r.Context()
	switch v.r.PathValue("do") {
	case "reset":
		password := account.Generate()
		if err = s.Accounts.SetPassword(ctx, v.actor(), id, password); err == nil {
			return s.showAccounts(v, http.StatusOK, accountsView{Password: password, For: s.nameOf(v, id)})
		}
	case "disable":
		err = s.Accounts.SetDisabled(ctx, v.actor(), id, true)
	case "enable":
		err = s.Accounts.SetDisabled(ctx, v.actor(), id, false)
	default:
		return notFound
	}
	if err != nil {
		return s.refuseAccount(v, err)
	}
	s.notice(v, "account-changed")
	return v.redirect("/accounts")
}

func (s *site) nameOf(v *visit, id int64) string {
	all, err := s.Accounts.All(v.r.Context())
	if err != nil {
		return ""
	}
	for _, a := range all {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func (s *site) refuseAccount(v *visit, err error) error {
	for _, one := range []struct {
		is  error
		key string
	}{{account.ErrInvalid, "invalid"}, {account.ErrExists, "exists"}, {account.ErrNoCity, "no-city"}, {account.ErrNoAccount, "no-account"}} {
		if isAny(err, one.is) {
			return s.showAccounts(v, http.StatusUnprocessableEntity, accountsView{Wrong: one.key})
		}
	}
	return err
}
