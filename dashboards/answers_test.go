package dashboards

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgolden"
)

// Whatever a dashboard asks, a real Postgres answers it for Grafana's login:
// with a year of data, before the first file, before any is due, and before
// there are targets.
func TestAnswers(t *testing.T) {
	declared := sampleProgramme()
	changed := sampleProgramme()
	changed.Targets[0].Goal.Value, changed.Targets[1].Goal.Value = -12, -11
	without := sampleProgramme()
	without.Targets = nil
	started, later := sampleYear.Starts, programme.NewDate(2025, time.April, 11)
	for _, c := range []struct {
		name string
		day  programme.Date
		full bool // nothing is without an answer
		fill func(*testing.T, installation)
	}{
		{"a year of data", sampleDay, true, func(t *testing.T, i installation) {
			i.apply(t, declared, started.AddDays(-30))
			i.observe(t, sampleObservations())
			i.apply(t, changed, later)
			i.observe(t, "indicator,period,value\nrents,2025-02,22.5\n")
			if i.deliver(t, "indicator,period,value\nthefts,2025-13,7\n").Applied {
				t.Error("a thirteenth month was taken in")
			}
			i.pull(t, sampleSource, sampleDay)
		}},
		{"no observations", sampleDay, false, func(t *testing.T, i installation) { i.apply(t, declared, started) }},
		{"before anything is due", started.AddDays(9), false, func(t *testing.T, i installation) { i.apply(t, declared, started) }},
		{"no targets", sampleDay, false, func(t *testing.T, i installation) { i.apply(t, without, started) }},
		{"no cities", sampleDay, false, func(*testing.T, installation) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := install(t, c.day)
			c.fill(t, i)
			conn := i.asFaculty(t)
			for file, text := range files(t) {
				t.Run(file, func(t *testing.T) {
					golden := filepath.Join("testdata", strings.ReplaceAll(c.name, " ", "-"), strings.TrimSuffix(file, ".json")+".txt")
					said, silent := answers(t, conn, text)
					if c.full && len(silent) > 0 {
						t.Errorf("there is no answer for %v", silent)
					}
					if said != "" { // it asks Postgres
						testgolden.Check(t, golden, said)
					}
				})
			}
		})
	}
}

// answers asks everything as Grafana does: each variable after those before it,
// which takes its first answer, or all where it takes several, and rows that
// are repeated once for each value. silent is what has no answer for any value.
func answers(t *testing.T, conn *sqlx.Conn, file []byte) (text string, silent []string) {
	t.Helper()
	all, err := questions(file)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	chosen, answered := map[string][]string{}, map[string]bool{}
	year := span{sampleYear.Starts.Time(), sampleYear.Ends.AddDays(1).Time()}
	ask := func(q question) [][]string {
		sql, err := expand(q.sql, chosen, year)
		if err != nil {
			t.Fatalf("%s: %v", q.where, err)
		}
		columns, rows := run(t, conn, q, sql)
		fmt.Fprintf(&said, "%s: %s\n", q.where, strings.Join(columns, " | "))
		for _, row := range rows {
			fmt.Fprintf(&said, "  %s\n", strings.Join(row, " | "))
		}
		said.WriteString("\n")
		answered[q.where] = answered[q.where] || len(rows) > 0
		return rows
	}
	repeated := map[string][]string{}
	for _, q := range all {
		switch {
		case q.sql == "":
		case q.variable != "":
			rows := ask(q)
			if len(rows) == 0 {
				t.Fatalf("%s has no choice", q.where)
			}
			for _, row := range rows {
				if chosen[q.variable] == nil || q.multi {
					chosen[q.variable] = append(chosen[q.variable], row[1])
				}
			}
		case q.repeat == "":
			ask(q)
		case repeated[q.repeat] == nil:
			repeated[q.repeat] = chosen[q.repeat]
		}
	}
	for variable, values := range repeated {
		for _, value := range values {
			chosen[variable] = []string{value}
			fmt.Fprintf(&said, "%s %q\n\n", variable, value)
			for _, q := range all {
				if q.repeat == variable && q.sql != "" {
					ask(q)
				}
			}
		}
	}
	for where, once := range answered {
		if !once {
			silent = append(silent, where)
		}
	}
	// What is said of a map that is empty.
	return said.String(), slices.DeleteFunc(silent, func(where string) bool { return where == `panel "Where: the darker, the more on track" B` })
}

// run makes sure that the columns are those that Grafana needs: for a variable
// a text and a value, for a series times in order.
func run(t testing.TB, conn *sqlx.Conn, q question, sql string) (columns []string, rows [][]string) {
	t.Helper()
	found, err := conn.QueryxContext(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v\n%s", q.where, err, sql)
	}
	defer found.Close()
	types, err := found.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range types {
		columns = append(columns, column.Name()+" "+column.DatabaseTypeName())
	}
	if q.variable != "" && !slices.Equal(columns[:min(2, len(columns))], []string{"__text TEXT", "__value TEXT"}) {
		t.Errorf("%s has columns %v", q.where, columns)
	}
	if q.format == TimeSeries && !slices.Equal(columns, []string{"time TIMESTAMP", "metric TEXT", "value FLOAT8"}) {
		t.Errorf("%s has columns %v", q.where, columns)
	}
	var last time.Time
	for found.Next() {
		values, err := found.SliceScan()
		if err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = fmt.Sprint(v)
			if at, ok := v.(time.Time); ok {
				row[i] = at.UTC().Format(time.DateOnly)
			}
		}
		if q.format == TimeSeries {
			at, ok := values[0].(time.Time)
			if !ok || at.Before(last) {
				t.Errorf("%s: the time %v comes after %v", q.where, values[0], last)
			}
			last = at
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		t.Fatalf("%s: %v", q.where, err)
	}
	return columns, rows
}
