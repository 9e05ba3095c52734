package programme_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestParsePeriod(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		frequency   programme.Frequency
		first, last string
		days        int
	}{
		{"year", "2026", programme.Annual, "2026-01-01", "2026-12-31", 365},
		{"leap year", "2024", programme.Annual, "2024-01-01", "2024-12-31", 366},
		{"first quarter", "2026-Q1", programme.Quarterly, "2026-01-01", "2026-03-31", 90},
		{"last quarter", "2026-Q4", programme.Quarterly, "2026-10-01", "2026-12-31", 92},
		{"month", "2026-03", programme.Monthly, "2026-03-01", "2026-03-31", 31},
		{"December", "2026-12", programme.Monthly, "2026-12-01", "2026-12-31", 31},
		{"February", "2026-02", programme.Monthly, "2026-02-01", "2026-02-28", 28},
		{"February of a leap year", "2024-02", programme.Monthly, "2024-02-01", "2024-02-29", 29},
		{"week", "2026-W05", programme.Weekly, "2026-01-26", "2026-02-01", 7},
		{"week that begins the year before", "2025-W01", programme.Weekly, "2024-12-30", "2025-01-05", 7},
		{"week 53 of a year that begins on a Thursday", "2026-W53", programme.Weekly, "2026-12-28", "2027-01-03", 7},
		{"week 53 of a leap year", "2020-W53", programme.Weekly, "2020-12-28", "2021-01-03", 7},
		{"day", "2026-03-15", programme.Daily, "2026-03-15", "2026-03-15", 1},
		{"first day", "0001-01-01", programme.Daily, "0001-01-01", "0001-01-01", 1},
		{"first week", "0001-W01", programme.Weekly, "0001-01-01", "0001-01-07", 7},
		{"first year", "0001", programme.Annual, "0001-01-01", "0001-12-31", 365},
		{"last day", "9999-12-31", programme.Daily, "9999-12-31", "9999-12-31", 1},
		{"last week", "9999-W51", programme.Weekly, "9999-12-20", "9999-12-26", 7},
		{"last month", "9999-12", programme.Monthly, "9999-12-01", "9999-12-31", 31},
		{"last quarter of all", "9999-Q4", programme.Quarterly, "9999-10-01", "9999-12-31", 92},
		{"last year", "9999", programme.Annual, "9999-01-01", "9999-12-31", 365},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := period(t, c.text)
			if p.String() != c.text || p.Frequency() != c.frequency {
				t.Errorf("period is %s, %s", p, p.Frequency())
			}
			if p.First() != date(t, c.first) || p.Last() != date(t, c.last) || p.Days() != c.days {
				t.Errorf("%s goes from %s to %s, %d days", p, p.First(), p.Last(), p.Days())
			}
		})
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                             "",
		"words":                               "March",
		"two digits":                          "26",
		"the year 0":                          "0000",
		"a month of the year 0":               "0000-12",
		"a week of the year 0":                "0000-W52",
		"month 0":                             "2026-00",
		"month 13":                            "2026-13",
		"a month of one digit":                "2026-3",
		"quarter 0":                           "2026-Q0",
		"quarter 5":                           "2026-Q5",
		"a small q":                           "2026-q1",
		"a quarter without hyphen":            "2026 Q1",
		"week 0":                              "2026-W00",
		"week 53 of a year of 52":             "2025-W53",
		"week 54":                             "2026-W54",
		"a small w":                           "2026-w05",
		"a week of one digit":                 "2026-W5",
		"a week that ends beyond the last":    "9999-W52",
		"a day that is not":                   "2026-02-29",
		"a day with blanks":                   "2026-03- 1",
		"digits of another script":            "٢٠٢٦",
		"a month as a spreadsheet changes it": "Mar-26",
	} {
		t.Run(name, func(t *testing.T) {
			p, err := programme.ParsePeriod(text)
			wantError(t, err, `"`+text+`" is not a period: write a year 2026, quarter 2026-Q1, month 2026-03, ISO week 2026-W05 or day 2026-03-15`)
			if !errors.Is(err, programme.ErrPeriod) || !p.IsZero() {
				t.Errorf("period %s, error %v", p, err)
			}
		})
	}
}

func TestPeriodOf(t *testing.T) {
	for _, c := range []struct {
		name, date string
		frequency  programme.Frequency
		want       string
	}{
		{"year end in the first week of the next", "2024-12-30", programme.Weekly, "2025-W01"},
		{"new year in the last week of the old", "2021-01-03", programme.Weekly, "2020-W53"},
		{"Sunday ends the week", "2026-02-01", programme.Weekly, "2026-W05"},
		{"Monday begins it", "2026-02-02", programme.Weekly, "2026-W06"},
		{"leap day", "2024-02-29", programme.Monthly, "2024-02"},
		{"quarter", "2026-06-30", programme.Quarterly, "2026-Q2"},
		{"year", "2026-12-31", programme.Annual, "2026"},
		{"day", "2026-12-31", programme.Daily, "2026-12-31"},
		{"no frequency", "2026-12-31", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := programme.PeriodOf(c.frequency, date(t, c.date)).String(); got != c.want {
				t.Errorf("period is %q, want %q", got, c.want)
			}
		})
	}
	if programme.Month(2026, time.March) != period(t, "2026-03") {
		t.Error("March is not a month")
	}
}

func TestLastEndedBy(t *testing.T) {
	for _, c := range []struct {
		name, date string
		frequency  programme.Frequency
		want       string
	}{
		{"on the last day", "2025-06-30", programme.Monthly, "2025-06"},
		{"a day before", "2025-06-29", programme.Monthly, "2025-05"},
		{"over the new year", "2025-01-15", programme.Monthly, "2024-12"},
		{"a week, on Sunday", "2021-01-03", programme.Weekly, "2020-W53"},
		{"a week, on Saturday", "2021-01-02", programme.Weekly, "2020-W52"},
		{"a quarter", "2025-12-30", programme.Quarterly, "2025-Q3"},
		{"a year", "2025-12-31", programme.Annual, "2025"},
		{"a day", "2025-12-30", programme.Daily, "2025-12-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := programme.LastEndedBy(c.frequency, date(t, c.date)).String(); got != c.want {
				t.Errorf("period is %s, want %s", got, c.want)
			}
		})
	}
}

func TestYearBefore(t *testing.T) {
	for _, c := range []struct{ name, period, want string }{
		{"year", "2026", "2025"},
		{"quarter", "2026-Q1", "2025-Q1"},
		{"month", "2026-01", "2025-01"},
		{"day", "2026-03-15", "2025-03-15"},
		{"leap day", "2024-02-29", "2023-02-28"},
		{"28 February after a leap year", "2025-02-28", "2024-02-28"},
		{"1 March after a leap day", "2025-03-01", "2024-03-01"},
		{"week", "2026-W05", "2025-W05"},
		{"week 53", "2026-W53", "2025-W52"},
		{"week 53 of a leap year", "2020-W53", "2019-W52"},
		{"week 52 after one with 53", "2021-W52", "2020-W52"},
		{"week 1 after one with 53", "2021-W01", "2020-W01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := period(t, c.period).YearBefore().String(); got != c.want {
				t.Errorf("a year before %s is %s, want %s", c.period, got, c.want)
			}
		})
	}
	if p := (programme.Period{}).YearBefore(); !p.IsZero() {
		t.Errorf("a year before no period is %s", p)
	}
}

func TestPeriodsAreOrdered(t *testing.T) {
	// 2024-01-01 is a Monday: of those that begin with it, the longer comes first.
	want := []string{"2023-12", "2023-W52", "2024", "2024-Q1", "2024-01", "2024-W01", "2024-01-01", "2024-01-02", "2024-W02", "2024-02", "2024-Q2", "2025"}
	var periods []programme.Period
	for _, text := range want {
		periods = append(periods, period(t, text))
	}
	slices.Reverse(periods)
	slices.SortFunc(periods, programme.Period.Compare)
	var got []string
	for _, p := range periods {
		got = append(got, p.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNoPeriod(t *testing.T) {
	var p programme.Period
	if !p.IsZero() || p.String() != "" || p.First() != 0 || p.Last() != 0 || p.Frequency() != 0 {
		t.Errorf("the zero period is %q from %s to %s", p, p.First(), p.Last())
	}
}
