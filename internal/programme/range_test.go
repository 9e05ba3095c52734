package programme_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestParseRange(t *testing.T) {
	for _, c := range []struct{ name, text, want, first, last string }{
		{"one period", "2024", "2024", "2024-01-01", "2024-12-31"},
		{"several", "2024-07/2025-06", "2024-07/2025-06", "2024-07-01", "2025-06-30"},
		{"weeks over the new year", "2020-W53/2021-W01", "2020-W53/2021-W01", "2020-12-28", "2021-01-10"},
		{"one period twice", "2024-Q1/2024-Q1", "2024-Q1", "2024-01-01", "2024-03-31"},
		{"all years", "0001/9999", "0001/9999", "0001-01-01", "9999-12-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := span(t, c.text)
			if r.String() != c.want || r.First() != date(t, c.first) || r.Last() != date(t, c.last) {
				t.Errorf("range is %s, from %s to %s", r, r.First(), r.Last())
			}
		})
	}
}

func TestParseRangeRefuses(t *testing.T) {
	const hint = " is not a period: write a year 2026, quarter 2026-Q1, month 2026-03, ISO week 2026-W05 or day 2026-03-15"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", `""` + hint},
		{"no first end", "/2025", `""` + hint},
		{"no last end", "2024/", `""` + hint},
		{"three ends", "2023/2024/2025", `"2024/2025"` + hint},
		{"an end that is none", "2024-01/June", `"June"` + hint},
		{"two frequencies", "2024-07/2025", `"2024-07/2025" joins a month and a year: write both ends alike, such as 2024-07/2025-06`},
		{"the later end first", "2025-06/2024-07", `"2025-06/2024-07" ends before it begins: write the earlier end first`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := programme.ParseRange(c.text)
			wantError(t, err, c.want)
			if !r.IsZero() {
				t.Errorf("range is %s", r)
			}
		})
	}
}

func TestEnding(t *testing.T) {
	for _, c := range []struct {
		name, after, until string
		frequency          programme.Frequency
		n                  int
		first, last        string
	}{
		{"a year of months", "2024-12-31", "2025-12-31", programme.Monthly, 12, "2025-01", "2025-12"},
		{"a year of weeks, by their last day", "2024-12-31", "2025-12-31", programme.Weekly, 52, "2025-W01", "2025-W52"},
		{"a year of days", "2023-12-31", "2024-12-31", programme.Daily, 366, "2024-01-01", "2024-12-31"},
		{"the month that has begun", "2025-01-15", "2025-03-30", programme.Monthly, 2, "2025-01", "2025-02"},
		{"the last day is in", "2025-01-15", "2025-03-31", programme.Monthly, 3, "2025-01", "2025-03"},
		{"the first day is out", "2025-01-31", "2025-03-31", programme.Monthly, 2, "2025-02", "2025-03"},
		{"too short for one", "2025-01-31", "2025-11-30", programme.Annual, 0, "2025", ""},
		{"the wrong way round", "2025-06-30", "2024-06-30", programme.Monthly, 0, "2025-07", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := programme.Ending(c.frequency, date(t, c.after), date(t, c.until))
			if run.N != c.n || run.First.String() != c.first || run.Last().String() != c.last {
				t.Errorf("%d periods from %s to %q", run.N, run.First, run.Last())
			}
		})
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		name, span string
		frequency  programme.Frequency
		n          int
		first      string
	}{
		{"months of a year", "2025", programme.Monthly, 12, "2025-01"},
		{"months of two quarters", "2024-Q4/2025-Q1", programme.Monthly, 6, "2024-10"},
		{"themselves", "2024-07/2025-06", programme.Monthly, 12, "2024-07"},
		{"weeks of a quarter", "2025-Q1", programme.Weekly, 13, "2025-W01"},
		{"years that end in a month", "2025-12", programme.Annual, 1, "2025"},
		{"years that end in another", "2025-11", programme.Annual, 0, "2025"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := span(t, c.span).Within(c.frequency)
			if run.N != c.n || run.First.String() != c.first {
				t.Errorf("%d periods from %s", run.N, run.First)
			}
		})
	}
}

// TestEndingIsTheDefinition counts last days of periods one by one.
func TestEndingIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := frequencies.Draw(t, "frequency")
		after := datesBetween(programme.MinDate, programme.MaxDate-800).Draw(t, "after")
		until := after.AddDays(rapid.IntRange(-30, 800).Draw(t, "days"))
		var want []programme.Period
		for d := after + 1; d <= until; d++ {
			if p := programme.PeriodOf(f, d); p.Last() == d {
				want = append(want, p)
			}
		}
		run := programme.Ending(f, after, until)
		var got []programme.Period
		for p := range run.All() {
			if at, ok := run.Index(p); !ok || at != len(got) {
				t.Fatalf("%s is at %d, %v", p, at, ok)
			}
			got = append(got, p)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(p, q programme.Period) bool { return p == q })); diff != "" {
			t.Fatalf("of (%s, %s] (-want +got):\n%s", after, until, diff)
		}
		if run.N != len(got) {
			t.Fatalf("%d periods, but N is %d", len(got), run.N)
		}
	})
}

func TestIndexOutsideTheRun(t *testing.T) {
	run := span(t, "2025").Within(programme.Monthly)
	for _, c := range []struct {
		name   string
		period programme.Period
	}{
		{"before", period(t, "2024-12")},
		{"after", period(t, "2026-01")},
		{"of another frequency", period(t, "2025-W05")},
		{"none", programme.Period{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if at, ok := run.Index(c.period); ok {
				t.Errorf("%s is at %d", c.period, at)
			}
		})
	}
}

func TestAllMayEndEarly(t *testing.T) {
	for p := range span(t, "2025").Within(programme.Monthly).All() {
		if p == period(t, "2025-02") {
			return
		}
	}
	t.Error("February was not yielded")
}
