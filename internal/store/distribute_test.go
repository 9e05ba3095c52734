package store_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// An installation in use is spread, once; what is not a Citus is refused, and
// stays as it was.
func TestDistribute(t *testing.T) {
	db := testdb.Empty(t)
	if err := store.Migrate(t.Context(), db.URL, "cgtest"); err != nil {
		t.Fatal(err)
	}
	older := open(t, db.Superuser)
	had := columns(t, older)
	filled := twoFilled(t)
	pour(t, filled.superuser(t), older, had)
	before := contents(t, older, had)

	for _, already := range []bool{false, true} {
		spread, err := store.Distribute(t.Context(), db.URL, "")
		switch {
		case testdb.OnCitus() && (err != nil || spread == already):
			t.Fatalf("spread already %t: %t, %v", already, spread, err)
		case !testdb.OnCitus() && (err == nil || !strings.Contains(err.Error(), "create extension citus")):
			t.Fatalf("the error is %v, want one that says what to do", err)
		}
	}
	if diff := cmp.Diff(before, contents(t, older, had)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	// Migrations that come later find their way.
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
	report := i.take(t, upload.Request{}, months("aldermoor", 21, func(m int) string { return rising(m) + "0" }))
	if report.Counts.Changed == 0 || report.Counts.New != 0 {
		t.Errorf("corrections afterwards: %+v", report.Counts)
	}
}
