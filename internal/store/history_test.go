package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// Values far from those before them are reported, and taken: those that are
// new, and not those that stand already.
func TestUnusualChanges(t *testing.T) {
	const header = "city,indicator,period,value\n"
	zigzag := func(m int) string { return fmt.Sprint(100 + 10*(m%2)) }
	for _, c := range []struct {
		name   string
		before []string
		file   string
		want   []string
	}{
		{"nothing before", nil, months("aldermoor", 20, func(m int) string { return fmt.Sprint(1000 * (m % 2)) }), nil},
		{"too little before", []string{months("aldermoor", 11, zigzag)}, header + "aldermoor,thefts,2025-09,900\n", nil},
		{"as ever", []string{months("aldermoor", 20, zigzag)}, header + "aldermoor,thefts,2025-09,120\n", nil},
		{"far above", []string{months("aldermoor", 20, zigzag)}, header + "aldermoor,thefts,2025-09,900\n", []string{"2 900 one would expect from 78.4 to 131.6 here"}},
		{"far below, of a table", []string{months("aldermoor", 20, zigzag)}, "period,city,thefts\n2025-09,aldermoor,0\n", []string{"2 0 one would expect from 78.4 to 131.6 here"}},
		{"far off, but stands", []string{months("aldermoor", 20, zigzag), header + "aldermoor,thefts,2025-09,900\n"}, header + "aldermoor,thefts,2025-09,900\n", nil},
		{"suppressed, withdrawn or nothing", []string{months("aldermoor", 20, zigzag)}, header + "aldermoor,thefts,2025-09,<5\naldermoor,thefts,2025-08,delete\naldermoor,thefts,2025-07,\n", nil},
		{"of another city", []string{months("aldermoor", 20, zigzag)}, header + "brightwater,thefts,2025-09,900\naldermoor,thefts,2025-09,105\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := install(t)
			i.apply(t, twoCities())
			for _, file := range c.before {
				i.take(t, upload.Request{}, file)
			}
			report := i.take(t, upload.Request{}, c.file)
			var got []string
			for _, p := range report.Problems {
				if p.Code == intake.UnusualChange && p.Severity == intake.Warning && p.Hint != "" {
					_, expected, _ := strings.Cut(p.Message, ", ")
					expected, _, _ = strings.Cut(expected, " for ")
					got = append(got, fmt.Sprintf("%d %s %s", p.Line, p.Value, expected))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || !report.Applied {
				t.Errorf("%+v (-want +got):\n%s", report.Problems, diff)
			}
		})
	}
}

// Where there is a history, rows are copied in batches, none of them lost or
// twice.
func TestRowsInBatches(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("brightwater", 20, rising))
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value,note\n")
	const rows = 400
	note := strings.Repeat("long ", 6000)
	for m := range rows {
		fmt.Fprintf(&csv, "aldermoor,thefts,%s,%d,%s\n", programme.Month(1990, 1).Plus(m), m, note)
	}
	report := i.take(t, upload.Request{}, csv.String())
	if want := (upload.Counts{Rows: rows, New: rows}); report.Counts != want {
		t.Errorf("%+v, want %+v", report.Counts, want)
	}
	n := 0
	for _, o := range i.observations(t, store.Filter{Cities: []string{"aldermoor"}}) {
		if o.Value != fmt.Sprint(n) || o.Note != strings.TrimSpace(note) {
			t.Fatalf("row %d is %s with a note of %d bytes", n, o.Value, len(o.Note))
		}
		n++
	}
	if n != rows {
		t.Errorf("%d rows stand, want %d", n, rows)
	}
}
