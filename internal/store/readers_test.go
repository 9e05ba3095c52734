package store_test

import (
	"strings"
	"testing"
)

// A login's fingerprint is that of the password it was given last, and is gone
// with the role.
func TestReadersTellPasswordsApart(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	before, err := i.Readers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Cities) != 2 || before.Prefix == "" {
		t.Fatalf("readers are %+v", before)
	}
	if got := before.Cities["aldermoor"]; got.Fingerprint != "" || got.Role != before.Prefix+"_city_aldermoor" || got.Connections <= 1 {
		t.Errorf("before it is made, the login is %+v", got)
	}
	first, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	second, err := i.CityLogin(t.Context(), "aldermoor", password+"2")
	if err != nil {
		t.Fatal(err)
	}
	faculty, err := i.FacultyLogin(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	after, err := i.Readers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first.Fingerprint == second.Fingerprint || after.Cities["aldermoor"] != second {
		t.Errorf("the login is %+v, made as %+v and then %+v", after.Cities["aldermoor"], first, second)
	}
	if after.Faculty != faculty || after.Cities["brightwater"].Fingerprint != "" {
		t.Errorf("readers are %+v", after)
	}
	// As in a copy of the database on another server, which has no such role.
	if _, err := i.superuser(t).Exec(`drop owned by ` + second.Role + `; drop role ` + second.Role); err != nil {
		t.Fatal(err)
	}
	if gone, err := i.Readers(t.Context()); err != nil || gone.Cities["aldermoor"].Fingerprint != "" {
		t.Errorf("without its role the login is %+v (%v)", gone.Cities["aldermoor"], err)
	}
}

// A login may give itself settings; it then has to be made again.
func TestReadersWithSettingsOfTheirOwn(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	for _, statement := range []string{
		`alter role %s set statement_timeout = '1ms'`,
		`alter role %s set search_path = nowhere`,
		`alter role %s reset all`,
		`alter role %s in database %s set default_transaction_isolation = 'serializable'`,
	} {
		login, err := i.CityLogin(t.Context(), "aldermoor", password)
		if err != nil {
			t.Fatal(err)
		}
		if before, err := i.Readers(t.Context()); err != nil || before.Cities["aldermoor"] != login {
			t.Errorf("before, the login is %+v (%v)", before.Cities["aldermoor"], err)
		}
		statement = strings.Replace(statement, "%s", login.Role, 1)
		if _, err := i.as(t, login).Exec(strings.Replace(statement, "%s", i.db.Name, 1)); err != nil {
			t.Fatal(err)
		}
		if after, err := i.Readers(t.Context()); err != nil || after.Cities["aldermoor"].Fingerprint != "" {
			t.Errorf("after %s the login is %+v (%v)", statement, after.Cities["aldermoor"], err)
		}
	}
}

// What it gives itself in another database is nothing here, and is not undone by
// making it again.
func TestReadersWithSettingsElsewhere(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.as(t, login).Exec(`alter role ` + login.Role + ` in database template1 set statement_timeout = '1ms'`); err != nil {
		t.Fatal(err)
	}
	if after, err := i.Readers(t.Context()); err != nil || after.Cities["aldermoor"] != login {
		t.Errorf("the login is %+v, made as %+v (%v)", after.Cities["aldermoor"], login, err)
	}
}

func TestAloneKeepsOthersOut(t *testing.T) {
	i := install(t)
	db := i.superuser(t)
	order, ended := make(chan string, 2), make(chan error, 1)
	if err := i.Alone(t.Context(), "grafana", func() error {
		go func() {
			ended <- i.Alone(t.Context(), "grafana", func() error { order <- "second"; return nil })
		}()
		for waiting := false; !waiting; {
			if err := db.Get(&waiting, `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`); err != nil {
				return err
			}
		}
		order <- "first"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if first, second := <-order, <-order; first != "first" || second != "second" {
		t.Errorf("the order was %s, %s", first, second)
	}
}
