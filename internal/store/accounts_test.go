package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// peopled is an installation with data, an account, a token, a session and a
// trail.
func peopled(t *testing.T) (*installation, account.Account) {
	t.Helper()
	i := twoFilled(t)
	at := time.Date(2025, time.October, 10, 9, 0, 0, 0, time.UTC)
	a := account.Account{Name: "ben@example.org", Role: account.Aide, Cities: []string{"brightwater"}, Password: "a hash", Created: at}
	id, err := i.AddAccount(t.Context(), a, account.Entry{At: at, Action: account.AccountAdded, Cities: a.Cities})
	if err != nil {
		t.Fatal(err)
	}
	if a, err = i.Account(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := i.AddToken(t.Context(), id, account.Token{Title: "x", Created: at, Expires: at.AddDate(0, 0, 1)}, [32]byte{1}, account.Entry{At: at}); err != nil {
		t.Fatal(err)
	}
	i.begin(t, "a session", a, time.Now().Add(time.Hour))
	if err := i.Record(t.Context(), account.Entry{At: at, Action: account.Uploaded, Cities: []string{"aldermoor"}, Upload: 1}); err != nil {
		t.Fatal(err)
	}
	return i, a
}

// begin keeps a session of an account, as scs does.
func (i *installation) begin(t *testing.T, token string, a account.Account, expires time.Time) []byte {
	t.Helper()
	data, err := scs.GobCodec{}.Encode(expires, map[string]any{account.SessionKey: a.Session()})
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Sessions().CommitCtx(t.Context(), token, data, expires); err != nil {
		t.Fatal(err)
	}
	return data
}

// in does something as a role that the server's login may enter.
func (i *installation) in(t *testing.T, role, statement string) error {
	t.Helper()
	db, err := sqlx.Open("postgres", i.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if role != "" {
		if _, err := tx.Exec(`set local citygauge.cities = '{1,2}'; set local role ` + pq.QuoteIdentifier(role)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = tx.Exec(statement)
	return err
}

func TestTheTrailIsOnlyAddedTo(t *testing.T) {
	i, _ := peopled(t)
	const added = `insert into citygauge.audit (at, account, address, action, subject, city_ids) values (now(), '', '', 'x', '', '{1}')`
	before := i.count(t, `select count(*) from citygauge.audit`)
	for _, role := range []string{"", "cgtest_app", "cgtest_system", "cgtest_owner"} { // all that the server's login may enter
		for _, c := range []struct {
			statement string
			allowed   []string // roles
		}{
			{`update citygauge.audit set account = 'somebody else'`, nil},
			{`delete from citygauge.audit`, nil},
			{`truncate citygauge.audit`, nil},
			{`merge into citygauge.audit using (select 1) one on true when matched then delete`, nil},
			{`insert into citygauge.audit (audit_id, at, account, address, action, subject, city_ids)
			  overriding system value values (1, now(), '', '', '', '', '{1}') on conflict (audit_id) do update set account = 'somebody else'`, nil},
			{`select * from citygauge.audit`, []string{"cgtest_app", "cgtest_system", "cgtest_owner"}},
			{added, []string{"cgtest_app", "cgtest_system", "cgtest_owner"}},
		} {
			err := i.in(t, role, c.statement)
			if e, ok := errors.AsType[*pq.Error](err); slices.Contains(c.allowed, role) != (err == nil) || err != nil && (!ok || e.Code != "42501") {
				t.Errorf("as %q, %s ends with %v", role, c.statement, err)
			}
		}
	}
	if after := i.count(t, `select count(*) from citygauge.audit where account <> 'somebody else'`); after != before {
		t.Errorf("of %d entries %d are left", before, after)
	}
}

// Who acts for cities sees and adds to their part of the trail alone.
func TestTheTrailOfCities(t *testing.T) {
	i, _ := peopled(t)
	err := i.ForCities(t.Context(), []int32{1}, func(tx *store.Tx) error {
		var seen []int32
		if err := tx.Select(&seen, `select distinct unnest(city_ids) from citygauge.audit`); err != nil || !slices.Equal(seen, []int32{1}) {
			t.Errorf("it sees entries of the cities %v, %v", seen, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, cities := range []string{"{2}", "{1,2}", "{}"} {
		err := i.ForCities(t.Context(), []int32{1}, func(tx *store.Tx) error {
			_, err := tx.Exec(`insert into citygauge.audit (at, account, address, action, subject, city_ids) values (now(), '', '', '', '', $1)`, cities)
			return err
		})
		if err == nil {
			t.Errorf("it added an entry of the cities %s", cities)
		}
	}
}

func TestAccountsAreTheSystemsAlone(t *testing.T) {
	i, _ := peopled(t)
	city, err := i.CityLogin(t.Context(), "brightwater", password)
	if err != nil {
		t.Fatal(err)
	}
	faculty, err := i.FacultyLogin(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	asCity, asFaculty := i.as(t, city), i.as(t, faculty)
	asCity.SetMaxIdleConns(1)
	for _, table := range []string{"account", "account_city", "token", "session", "audit"} {
		for _, statement := range []string{`select 1 from %s`, `insert into %s default values`, `update %s set account_id = default`, `delete from %s`, `copy %s to stdout`} {
			statement = fmt.Sprintf(statement, "citygauge."+table)
			_, cityErr := asCity.Exec(statement)
			_, facultyErr := asFaculty.Exec(statement)
			errs := map[string]error{"a city": cityErr, "faculty": facultyErr}
			if table != "audit" {
				errs["who acts for cities"] = i.in(t, "cgtest_app", statement)
			}
			for who, err := range errs {
				if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != "42501" {
					t.Errorf("as %s, %s ends with %v", who, statement, err)
				}
			}
		}
	}
}

func TestSessionsAreKept(t *testing.T) {
	i, a := peopled(t)
	sessions := i.Sessions()
	data := i.begin(t, "secret token", a, time.Now().Add(time.Hour))
	i.begin(t, "another", a, time.Now().Add(time.Hour))
	i.begin(t, "over", a, time.Now().Add(-time.Second))
	if got, found, err := sessions.Find("secret token"); err != nil || !found || !bytes.Equal(got, data) {
		t.Errorf("%q, %t, %v", got, found, err)
	}
	for _, token := range []string{"over", "unknown", ""} {
		if _, found, err := sessions.Find(token); err != nil || found {
			t.Errorf("the session %q is found, %v", token, err)
		}
	}
	if n := i.count(t, `select count(*) from citygauge.session where account_id = 1 and hash = sha256('secret token')`); n != 1 {
		t.Errorf("%d rows have the token's hash and its account", n)
	}
	if err := sessions.Delete("another"); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("another"); err != nil || found {
		t.Errorf("an ended session is found, %v", err)
	}
	// A request that was under way when it ended does not begin it again.
	if err := sessions.Commit("another", data, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("another"); err != nil || found {
		t.Errorf("an ended session is found again, %v", err)
	}
	if n := i.count(t, `select count(*) from citygauge.session where hash = sha256('another') and data = '' and account_id is null`); n != 1 {
		t.Errorf("%d rows remember that it ended", n)
	}
	if _, err := i.Daily(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := i.count(t, `select count(*) from citygauge.session where expires_at < clock_timestamp()`); n != 0 {
		t.Errorf("the daily work left %d sessions that are over", n)
	}
	if err := i.ChangeAccount(t.Context(), a.ID, account.Change{SignOut: true}, account.Entry{}); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.Find("secret token"); err != nil || found {
		t.Errorf("after a sign-out everywhere the session is found, %v", err)
	}
	// A request that was under way writes it again, but it is nobody's.
	if err := sessions.Commit("secret token", data, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	service := account.NewService(i.Store, account.Options{Now: time.Now})
	if _, err := service.BySession(t.Context(), a.Session()); !errors.Is(err, account.ErrDenied) {
		t.Errorf("it goes on: %v", err)
	}
}

// A city that takes the place of one that was removed has none of its people.
func TestAccountsOfARemovedCity(t *testing.T) {
	i := install(t)
	p := twoCities()
	i.apply(t, p)
	id, err := i.AddAccount(t.Context(), account.Account{Name: "ben@example.org", Role: account.Aide, Cities: []string{"brightwater"}}, account.Entry{})
	if err != nil {
		t.Fatal(err)
	}
	hash := [32]byte{7}
	if _, err := i.AddToken(t.Context(), id, account.Token{Title: "x", Cities: []string{"brightwater"}}, hash, account.Entry{}); err != nil {
		t.Fatal(err)
	}
	p.Cities, p.Indicators, p.Targets = p.Cities[:1], p.Indicators[:1], p.Targets[:1]
	i.prune(t, p)
	i.apply(t, twoCities())
	a, err := i.AccountOfToken(t.Context(), hash)
	if err != nil || len(a.Cities) != 0 || a.Sees("brightwater") || a.Token.Cities == nil {
		t.Errorf("the account has %v, the token %#v, %v", a.Cities, a.Token, err)
	}
	if n := i.count(t, `select count(*) from citygauge.account_city`); n != 0 {
		t.Errorf("%d grants are left", n)
	}
}

// What becomes of a file is on the trail, together with what it changed.
func TestUploadsAreOnTheTrail(t *testing.T) {
	i, a := peopled(t)
	before := i.count(t, `select max(audit_id) from citygauge.audit`)
	scope := upload.Scope{"aldermoor"}
	by := upload.Sender{Account: "ana@example.org", Scope: scope}
	file := func(value string) upload.Request {
		csv := "indicator,period,value\nthefts,2025-09," + value + "\n"
		return upload.Request{
			Name: "september.csv", Account: by.Account, Scope: scope,
			Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
		}
	}
	acting := account.WithActor(t.Context(), a.At("192.0.2.7"))
	ctx := t.Context()
	if _, err := i.Import(acting, file("3")); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Import(ctx, file("many")); err != nil {
		t.Fatal(err)
	}
	preview, err := i.Preview(ctx, file("5"))
	if err != nil {
		t.Fatal(err)
	}
	committed, err := i.Commit(ctx, preview.Token, by)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Commit(ctx, preview.Token, by); err == nil {
		t.Fatal("a token was used twice")
	}
	if _, err := i.Revert(acting, committed.Upload, by); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := i.superuser(t).Select(&got, `
		select concat_ws(' ', action, subject, account, address, city_ids::text, upload_id = any(array(select upload_id from citygauge.upload)))
		from citygauge.audit where audit_id > $1 order by audit_id`, before); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"upload september.csv ben@example.org 192.0.2.7 {1} t",
		"upload-refused september.csv ana@example.org  {1} t",
		"preview september.csv ana@example.org  {1} t",
		"commit september.csv ana@example.org  {1} t",
		"revert reverts upload 5 ben@example.org 192.0.2.7 {1} t",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the trail (-want +got):\n%s", diff)
	}
}
