package store_test

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// An installation in use is upgraded from every schema that there ever was.
// None is released yet: once one is, its version is among these for ever, since
// a released migration is never edited.
//
// What the older schema has room for of a filled installation is written into
// it, column by column.
func TestUpgradeFromEverySchema(t *testing.T) {
	filled := install(t)
	filled.apply(t, twoCities())
	file := months("aldermoor", 20, func(m int) string { return strconv.Itoa(100 - m) })
	filled.take(t, upload.Request{Account: "ada"}, file)
	accounts := account.NewService(filled.Store, account.Options{Now: time.Now})
	if _, err := accounts.Add(t.Context(), account.Actor{Name: "the test"}, account.Account{Name: "ada@example.org", Role: account.Admin}, account.Generate()); err != nil {
		t.Fatal(err)
	}
	versions, err := store.Versions()
	if err != nil {
		t.Fatal(err)
	}
	from := versions[:len(versions)-1]
	if testing.Short() {
		from = from[:1]
	}
	for _, version := range from {
		t.Run(fmt.Sprintf("from version %d", version), func(t *testing.T) {
			at, admin := emptyDatabase(t)
			prefix := fmt.Sprintf("cgupgrade%d", version)
			t.Cleanup(func() { dropRoles(t, admin, at, prefix) })
			if err := store.MigrateTo(t.Context(), at, prefix, version); err != nil {
				t.Fatal(err)
			}
			older := open(t, superuserOf(t, at))
			had := columns(t, older)
			pour(t, filled.superuser(t), older, had)
			before := contents(t, older, had)

			if err := store.Migrate(t.Context(), at, prefix); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, contents(t, older, had)); diff != "" {
				t.Errorf("(-before the upgrade +after):\n%s", diff)
			}
			s, err := store.Open(t.Context(), at, onToday, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Daily(t.Context()); err != nil {
				t.Errorf("daily work: %v", err)
			}
			if len(had["observation"]) == 0 {
				return // from before there was room for one
			}
			service := upload.Service{Store: s, Now: time.Now, Today: onToday}
			report, err := service.Import(t.Context(), upload.Request{
				Name: "observations.csv", Account: "ada", Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil },
			})
			if err != nil || report.Counts.Unchanged != 20 || report.Counts.Rows != 20 {
				t.Errorf("the same file again: %+v, %v", report, err)
			}
		})
	}
}

func open(t *testing.T, at string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// columns are those of each table that holds what an installation knows.
func columns(t *testing.T, db *sqlx.DB) map[string][]string {
	t.Helper()
	var all []struct {
		Table   string         `db:"relname"`
		Columns pq.StringArray `db:"columns"`
	}
	if err := db.Select(&all, `
		select relname, array_agg(attname::text order by attnum) as columns
		from pg_class
		join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
		where relnamespace = 'citygauge'::regnamespace and relkind = 'r' and relname not in ('schema_version', 'installation', 'job')
		group by relname`); err != nil {
		t.Fatal(err)
	}
	tables := map[string][]string{}
	for _, c := range all {
		tables[c.Table] = c.Columns
	}
	return tables
}

// pour writes the rows of one installation into another, as far as that has the
// tables and columns. Foreign keys are not looked at meanwhile.
func pour(t *testing.T, from, to *sqlx.DB, tables map[string][]string) {
	t.Helper()
	tx, err := to.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`set local session_replication_role = replica`); err != nil {
		t.Fatal(err)
	}
	has := columns(t, from)
	for table, names := range tables {
		if len(has[table]) == 0 {
			continue // it is gone since
		}
		var rows string
		if err := from.Get(&rows, `select coalesce(jsonb_agg(t), '[]') from citygauge.`+table+` t`); err != nil {
			t.Fatal(err)
		}
		list := strings.Join(names, ", ")
		if _, err := tx.Exec(`
			insert into citygauge.`+table+` (`+list+`) overriding system value
			select `+list+` from jsonb_populate_recordset(null::citygauge.`+table+`, $1)`, rows); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	// Numbers go on after those that were given.
	if _, err := tx.Exec(`select setval(oid::regclass, 1000) from pg_class where relnamespace = 'citygauge'::regnamespace and relkind = 'S'`); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// contents are the rows of tables, in the columns that are named.
func contents(t *testing.T, db *sqlx.DB, tables map[string][]string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for table, names := range tables {
		var rows []string
		if err := db.Select(&rows, `select (t.`+strings.Join(names, ", t.")+`, '')::text from citygauge.`+table+` t order by 1`); err != nil {
			t.Fatal(err)
		}
		all[table] = rows
	}
	if len(all["city"]) != 2 {
		t.Fatalf("there is nothing to upgrade: %v", all["city"])
	}
	return all
}
