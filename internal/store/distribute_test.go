package store_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// staying are the tables that a Citus has on its coordinator alone.
var staying = []string{
	"account", "account_city", "audit", "city_state", "installation", "job", "login_password", "schema_version", "session",
	"source", "source_run", "source_state", "token", "upload", "upload_file",
}

// Whoever adds a table says where it is on Citus.
func TestEveryTableHasItsPlaceOnCitus(t *testing.T) {
	i := install(t)
	var all []string
	if err := i.superuser(t).Select(&all, `
		select relname from pg_class
		where relnamespace = 'citygauge'::regnamespace and relkind in ('r', 'p') and relname !~ '_\d{6,}$'
		order by relname collate "C"`); err != nil {
		t.Fatal(err)
	}
	placed := slices.Sorted(slices.Values(slices.Concat(store.ReferenceTables, store.DistributedTables, staying)))
	if diff := cmp.Diff(placed, all); diff != "" {
		t.Errorf("(-placed +there):\n%s", diff)
	}
}

// laterMigration does what migrations do.
var laterMigration = []string{
	`alter table citygauge.indicator add column later text`,
	`alter table citygauge.city add column later text`,
	`create table citygauge.later (city_id int primary key)`,
	`alter table citygauge.later enable row level security`,
	`create policy own_cities on citygauge.later for select to public using (city_id = any (array[(select (citygauge.visible_cities())[1])]))`,
	`create index observation_later on citygauge.observation (city_id) where note is not null`,
	`create view report.later with (security_invoker) as
		select city_id, i.later, city.later as of_city from citygauge.indicator i join citygauge.city using (city_id)`,
	`comment on view report.later is 'Later.'`,
	`grant select on report.later to {{faculty}}, {{system}}`,
}

// An installation in use is spread, once, and stays so through the migrations
// that come later; what is not a Citus is refused, and stays as it was.
func TestDistribute(t *testing.T) {
	versions, err := store.Versions()
	if err != nil {
		t.Fatal(err)
	}
	filled := twoFilled(t)
	for _, version := range versions[len(versions)-2:] {
		t.Run(fmt.Sprintf("at version %d", version), func(t *testing.T) { distributeAt(t, filled, version) })
	}
}

func distributeAt(t *testing.T, filled *installation, version int64) {
	db := testdb.Empty(t)
	if err := store.MigrateTo(t.Context(), db.URL, "cgtest", version); err != nil {
		t.Fatal(err)
	}
	older := open(t, db.Superuser)
	had := columns(t, older)
	pour(t, filled.superuser(t), older, had)
	before := contents(t, older, had)

	for _, already := range []bool{false, true} {
		spread, err := store.DistributeAt(t.Context(), db.URL, "", version)
		switch {
		case testdb.OnCitus() && (err != nil || spread == already):
			t.Fatalf("spread already %t: %t, %v", already, spread, err)
		case !testdb.OnCitus() && (err == nil || !strings.Contains(err.Error(), "create extension citus")):
			t.Fatalf("the error is %v, want one that says what to do", err)
		}
	}
	// Migrations that come later find their way.
	if err := store.Migrate(t.Context(), db.URL, ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, contents(t, older, had)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if err := store.MigrateBy(t.Context(), db.URL, laterMigration); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), db.URL, onToday, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	i := &installation{s, upload.Service{Store: s, Now: time.Now, Today: onToday}, db}
	var rows int
	if err := older.Get(&rows, `select count(*) from report.later`); err != nil || rows != 2 {
		t.Errorf("a view that came later has %d rows, %v; want 2", rows, err)
	}
	var asks bool
	if err := older.Get(&asks, `select qual like '%SELECT%' from pg_policies where tablename = 'later'`); err != nil || asks == testdb.OnCitus() {
		t.Errorf("a policy that came later has a subquery: %t, %v", asks, err)
	}
	here := laidOut(t, db.Superuser)
	for _, worker := range testdb.Server(t).Workers(db.Name) {
		if diff := cmp.Diff(here, laidOut(t, worker)); diff != "" {
			t.Errorf("(-coordinator +worker):\n%s", diff)
		}
	}
	report := i.take(t, upload.Request{}, months("aldermoor", 21, func(m int) string { return rising(m) + "0" }))
	if report.Counts.Changed == 0 || report.Counts.New != 0 {
		t.Errorf("corrections afterwards: %+v", report.Counts)
	}
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range i.servers(t, login) {
		seesItsCityAlone(t, at.String())
	}
}

// laidOut is what a server has of the tables that are spread: the indexes of
// each and of all of its shards, which are alike, and the views.
func laidOut(t *testing.T, at string) (all []string) {
	t.Helper()
	db := open(t, at)
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`set citus.override_table_visibility = off`); err != nil { // which hides shards
		t.Fatal(err)
	}
	if err := db.Select(&all, `
		select distinct 'indexes of ' || regexp_replace(c.relname, '_\d{6,}$', '') || ': ' ||
		       (select string_agg(regexp_replace(i.relname, '_\d{6,}$', ''), ', ' order by i.relname)
		        from pg_index join pg_class i on i.oid = indexrelid
		        where indrelid = c.oid)
		from pg_class c
		where relnamespace = 'citygauge'::regnamespace and relkind = 'r' and regexp_replace(relname, '_\d{6,}$', '') = any($1)
		union all
		select viewname || ': ' || translate(definition, '()', '') -- a worker leaves some out
		from pg_views
		where schemaname = 'report' and viewname !~ '^(upload|file|source)'
		order by 1`, pq.Array(slices.Concat(store.ReferenceTables, store.DistributedTables))); err != nil {
		t.Fatal(err)
	}
	return all
}
