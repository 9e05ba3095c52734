package store_test

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// twoFilled is an installation in which both cities have data.
func twoFilled(t *testing.T) *installation {
	t.Helper()
	i := install(t)
	i.apply(t, twoCities())
	for _, city := range []string{"aldermoor", "brightwater"} {
		i.take(t, upload.Request{}, months(city, 21, rising))
	}
	return i
}

// as opens the installation's database as one of its logins.
func (i *installation) as(t *testing.T, login store.Login) *sqlx.DB {
	t.Helper()
	at, err := url.Parse(i.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.User = url.UserPassword(login.Role, password)
	db, err := sqlx.Open("postgres", at.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// servers are the addresses by which a login enters the database on every server
// that has a part of it.
func (i *installation) servers(t *testing.T, login store.Login) []*url.URL {
	t.Helper()
	var all []*url.URL
	for _, server := range append([]string{i.db.URL}, testdb.Server(t).Workers(i.db.Name)...) {
		at, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		at.User = url.UserPassword(login.Role, password)
		all = append(all, at)
	}
	return all
}

// seesItsCityAlone reads all that the first city's login may, shards among it.
func seesItsCityAlone(t *testing.T, at string) {
	db, err := sqlx.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if testdb.OnCitus() { // which hides shards
		if _, err := db.Exec(`set citus.override_table_visibility = off`); err != nil {
			t.Fatal(err)
		}
	}
	var relations []string
	if err := db.Select(&relations, `
		select format('%I.%I', nspname, relname)
		from pg_class join pg_namespace on pg_namespace.oid = relnamespace
		where nspname in ('citygauge', 'report') and relkind in ('r', 'v', 'm', 'p') and has_table_privilege(pg_class.oid, 'select')
		order by 1`); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range relations {
		var rows []string
		if err := db.Select(&rows, "select to_jsonb(x)::text from "+r+" x"); err != nil {
			t.Errorf("%s: %v", r, err)
		}
		for _, row := range rows {
			if strings.Contains(strings.ToLower(row), "brightwater") || strings.Contains(row, `"city_id": 2`) {
				t.Errorf("%s shows another city: %s", r, row)
			}
			if strings.Contains(row, `"city_id": 1`) {
				seen++
			}
		}
	}
	if len(relations) < 20 || seen < 21 {
		t.Errorf("only %d relations with %d rows of its own city could be read", len(relations), seen)
	}
}

// Logins belong to the whole server, which tests share.
const password = "only-for-tests"

func TestCityLoginSeesItsCityAlone(t *testing.T) {
	i := twoFilled(t)
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	db := i.as(t, login)

	for _, at := range i.servers(t, login) {
		t.Run("every table and view that it may read at "+at.Host, func(t *testing.T) { seesItsCityAlone(t, at.String()) })
	}

	for _, c := range []struct{ name, statement string }{
		{"pretend to act for the other city", `set citygauge.cities = '{2}'; select 1/count(*) from citygauge.observation where city_id = 2`},
		{"become the server", `set role cgtest_app`},
		{"become the system", `set role cgtest_system`},
		{"become the owner", `set role cgtest_owner`},
		{"become faculty", `set role cgtest_faculty`},
		{"become the server's login", `set session authorization cgtest`},
		{"read uploads", `select * from citygauge.upload`},
		{"read files", `select * from citygauge.upload_file`},
		{"read who may log in", `select * from citygauge.city_login`},
		{"read generations", `select * from citygauge.city_state`},
		{"read the jobs", `select * from citygauge.job`},
		{"write an observation", `insert into citygauge.observation values (1, 1, '2025-10-01', '2025-10-31', 1, 'final', 0, null)`},
		{"change an observation", `update citygauge.observation set value = 0`},
		{"delete history", `delete from citygauge.observation_revision`},
		{"turn the policies off", `set row_security = off; select count(*) from citygauge.observation`},
		{"drop a policy", `drop policy own_cities on citygauge.observation`},
		{"make a table", `create table citygauge.mine (a int)`},
		{"make a table in public", `create table public.mine (a int)`},
		{"make a temporary table", `create temporary table mine (a int)`},
		{"make a function", `create function report.f() returns int language sql as 'select 1'`},
		{"make a role", `create role another`},
		{"read a file of the server", `select pg_read_file('PG_VERSION')`},
	} {
		t.Run("may not "+c.name, func(t *testing.T) {
			_, err := db.Exec(c.statement)
			want := "42501" // insufficient privilege
			if strings.Contains(c.statement, "1/count(*)") {
				want = "22012" // division by zero: there was no row
			}
			if e, ok := errors.AsType[*pq.Error](err); !ok || string(e.Code) != want {
				t.Errorf("%s ended with %v, want SQLSTATE %s", c.statement, err, want)
			} else if strings.Contains(err.Error(), "rightwater") {
				t.Errorf("the error tells of another city: %v", err)
			}
		})
	}
}

// Postgres lets every role change its own password and settings; making the
// login again undoes that.
func TestCityLoginIsMadeGoodAgain(t *testing.T) {
	i := twoFilled(t)
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	role := pq.QuoteIdentifier(login.Role)
	for _, statement := range []string{
		`alter role ` + role + ` set default_transaction_isolation = 'serializable'`,
		`alter role ` + role + ` in database ` + pq.QuoteIdentifier(i.db.Name) + ` set search_path = nowhere`,
		`alter role ` + role + ` password 'another'`,
	} {
		if _, err := i.as(t, login).Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := i.CityLogin(t.Context(), "aldermoor", password); err != nil {
		t.Fatal(err)
	}
	var isolation, path string
	db := i.as(t, login)
	if err := db.QueryRow(`select current_setting('transaction_isolation'), current_setting('search_path')`).Scan(&isolation, &path); err != nil {
		t.Fatal(err)
	}
	if isolation != "read committed" || path == "nowhere" {
		t.Errorf("the login still has its settings: %s, %s", isolation, path)
	}
}

// psql copies out what the login may see, and no more.
func TestCityLoginCopiesItsCityAlone(t *testing.T) {
	i := twoFilled(t)
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(i.db.URL)
	if err != nil {
		t.Fatal(err)
	}
	at.User = url.UserPassword(login.Role, password)
	copied, err := exec.CommandContext(t.Context(), "psql", at.String(), "-c", `\copy citygauge.observation (city_id) to stdout`).Output()
	if want := strings.Repeat("1\n", 21); err != nil || string(copied) != want {
		t.Errorf("psql copies %q, %v; want the 21 rows of its own city", copied, err)
	}
}

func TestCityLoginEntersNoOtherDatabase(t *testing.T) {
	i, other := twoFilled(t), install(t)
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	for _, database := range []string{"postgres", "template1", other.db.Name} {
		elsewhere := *i
		elsewhere.db.URL = strings.Replace(i.db.URL, i.db.Name, database, 1)
		if err := elsewhere.as(t, login).Ping(); err == nil {
			t.Errorf("a city's login entered %s", database)
		}
	}
}

// A function that leaks its arguments must not see other cities' rows before
// the policy does.
func TestLeakyFilterSeesItsCityAlone(t *testing.T) {
	i := twoFilled(t)
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	// Division by zero would tell that such a row exists.
	if _, err := i.as(t, login).Exec(`select count(*) from report.observation where 1 / (city_id - 2) < 5`); err != nil {
		t.Errorf("the filter ran on another city's row: %v", err)
	}
}

// A city that takes the place of one that was removed is another city.
func TestLoginOfARemovedCitySeesNothing(t *testing.T) {
	i := install(t)
	p := twoCities()
	i.apply(t, p)
	login, err := i.CityLogin(t.Context(), "brightwater", password)
	if err != nil {
		t.Fatal(err)
	}
	p.Cities, p.Indicators, p.Targets = p.Cities[:1], p.Indicators[:1], p.Targets[:1]
	i.prune(t, p)
	other := twoCities()
	other.Cities[1].ID, other.Indicators[1].City, other.Targets[1].City = "aardvark", "aardvark", "aardvark"
	i.apply(t, other)
	i.take(t, upload.Request{}, months("aardvark", 5, rising))
	var seen int
	if err := i.as(t, login).Get(&seen, `select (select count(*) from report.observation) + (select count(*) from report.city)`); err != nil || seen != 0 {
		t.Errorf("it sees %d rows, %v", seen, err)
	}
	if _, err := i.CityLogin(t.Context(), "aardvark", password); err != nil {
		t.Error(err)
	}
}

// What an uploader of one city sees of uploads is their own.
func TestForCitiesHidesUploads(t *testing.T) {
	i := twoFilled(t)
	i.take(t, upload.Request{}, "city,indicator,period,value\nbrightwater,thefts,2025-99,1\n") // refused
	i.take(t, upload.Request{Scope: upload.Scope{"aldermoor"}}, "period,value\n2025-99,1\n")
	err := i.ForCities(t.Context(), []int32{1}, func(tx *store.Tx) error {
		var seen struct{ Uploads, Files, Changed int }
		if err := tx.Get(&seen, `
			with changed as (update citygauge.upload set state = 'reverted' returning 1)
			select (select count(*) from citygauge.upload) as uploads, (select count(distinct sha256) from citygauge.upload_file) as files,
			       (select count(*) from changed) as changed`); err != nil {
			return err
		}
		if seen.Uploads != 2 || seen.Files != 2 || seen.Changed != 2 {
			t.Errorf("it sees and changes %+v, want its own two uploads", seen)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFacultySeesEveryCityAndChangesNone(t *testing.T) {
	i := twoFilled(t)
	login, err := i.FacultyLogin(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	db := i.as(t, login)
	var cities int
	if err := db.Get(&cities, `select count(distinct city) from report.observation`); err != nil || cities != 2 {
		t.Errorf("faculty sees %d cities, %v; want 2", cities, err)
	}
	if _, err := db.Exec(`update citygauge.observation set value = 0`); err == nil {
		t.Error("faculty changed observations")
	}
	if _, err := db.Exec(`select * from citygauge.upload`); err == nil {
		t.Error("faculty read uploads")
	}
}

func TestForCities(t *testing.T) {
	i := twoFilled(t)
	for _, c := range []struct {
		name   string
		cities []int32
		want   int
	}{
		{"one city", []int32{1}, 21},
		{"both", []int32{1, 2}, 42},
		{"none", nil, 0},
		{"one that does not exist", []int32{99}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := i.ForCities(t.Context(), c.cities, func(tx *store.Tx) error {
				var n int
				if err := tx.Get(&n, `select count(*) from citygauge.observation`); err != nil {
					return err
				}
				if n != c.want {
					t.Errorf("%d observations are seen, want %d", n, c.want)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, statement := range []string{
		`insert into citygauge.observation values (2, 2, '2026-10-01', '2026-10-31', 1, 'final', 0, null)`,
		`update citygauge.observation set city_id = 2`,
		`delete from citygauge.observation_revision`,
		`update citygauge.observation_revision set value = 0`,
	} {
		err := i.ForCities(t.Context(), []int32{1}, func(tx *store.Tx) error {
			_, err := tx.Exec(statement)
			return err
		})
		if err == nil {
			t.Errorf("allowed to one city's uploader: %s", statement)
		}
	}
}

// An uploader of one city takes files in through the policies.
func TestScopedUpload(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	scoped := upload.Request{Scope: upload.Scope{"aldermoor"}}
	if report := i.take(t, scoped, months("aldermoor", 21, rising)); report.Counts.New != 21 || len(report.StatusChanges) != 1 {
		t.Errorf("its own file: %+v", report)
	}
	if report := i.take(t, scoped, "indicator,period,value\nthefts,2025-09,3\n"); report.Counts.Changed != 1 {
		t.Errorf("a file without a city: %+v", report)
	}
	report := i.take(t, scoped, months("brightwater", 2, rising))
	unknown := i.take(t, scoped, months("nowhere", 2, rising))
	if !report.Refused() || fmt.Sprint(report.Problems) != strings.ReplaceAll(fmt.Sprint(unknown.Problems), "nowhere", "brightwater") {
		t.Errorf("another city is told from one that does not exist:\n%v\n%v", report.Problems, unknown.Problems)
	}
	if _, err := i.tryTake(t.Context(), upload.Request{Scope: upload.Scope{"nowhere"}}, "period\n"); err == nil {
		t.Error("a scope of a city that does not exist was accepted")
	}
}
