package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// A large upload may begin while the planner takes the tables for empty: they
// were analyzed while one before it, which was rolled back, was writing to them.
// It reads about as much as it writes all the same, not everything for each row.
func TestPlannerTakesTablesForEmpty(t *testing.T) {
	testdb.OneServer(t, "the planner of the coordinator has no statistics to be wrong about")
	const rows = 2000
	i := install(t)
	p := twoCities()
	p.Indicators[0].Frequency, p.Targets = programme.Daily, nil
	i.apply(t, p)
	days := func(add int) string {
		var csv strings.Builder
		csv.WriteString("city,indicator,period,value\n")
		for n := range rows {
			fmt.Fprintf(&csv, "aldermoor,thefts,%s,%d\n", today.AddDays(-n), n+add)
		}
		return csv.String()
	}
	i.take(t, upload.Request{}, days(0))
	db := i.superuser(t)
	if _, err := db.Exec(`
		update pg_class set relpages = 1, reltuples = 0
		where oid in ('citygauge.observation'::regclass, 'citygauge.observation_revision'::regclass)`); err != nil {
		t.Fatal(err)
	}
	if report := i.take(t, upload.Request{}, days(1)); report.Counts.Changed != rows {
		t.Fatalf("changed %d of %d", report.Counts.Changed, rows)
	}
	// A connection that ends has counted what it read.
	if err := i.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for open := 1; open > 0; {
		if err := db.Get(&open, `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
	var read int
	if err := db.Get(&read, `
		select sum(seq_tup_read + idx_tup_fetch) from pg_stat_user_tables
		where relid in ('citygauge.observation'::regclass, 'citygauge.observation_revision'::regclass)`); err != nil {
		t.Fatal(err)
	}
	if read > 20*rows {
		t.Errorf("read %d rows to change %d", read, rows)
	}
}
