package collector_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// incidentsOf are records as JSON, from lines of a date, an offense, an amount
// and a number of minutes.
func incidentsOf(lines string) string {
	var records []string
	for line := range strings.Lines(lines) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			continue
		}
		for n, c := range cells {
			if cells[n] = `"` + c + `"`; c == "" {
				cells[n] = "null"
			}
		}
		records = append(records, `{"on":`+cells[0]+`,"offense":`+cells[1]+`,"amount":`+cells[2]+`,"minutes":`+cells[3]+`}`)
	}
	return "[" + strings.Join(records, ",") + "]"
}

func TestAggregates(t *testing.T) {
	const incidents = `
		2025-11-03|THEFT|10.10|5
		2025-11-30|THEFT|0.2|20
		2026-01-07|ARSON|5|3
		2026-01-31T23:30:00|THEFT||
		2026-02-01T05:30:00Z|THEFT|7|9
		2026-02-10|ARSON|1|1
		2026-03-02|THEFT|2|15
		|THEFT|9|9
	`
	for _, c := range []struct {
		name   string
		source programme.Source
		rows   []string
	}{
		{
			"count: none is a number, after the first and up to the last",
			programme.Source{Aggregate: "count"},
			[]string{"thefts 2025-11 2 final", "thefts 2025-12 0 final", "thefts 2026-01 3 final", "thefts 2026-02 1 final", "thefts 2026-03 1 provisional"},
		},
		{
			"count of some: a period that has only others is none of these",
			programme.Source{Aggregate: "count", Where: "offense = 'THEFT'"},
			[]string{"thefts 2025-11 2 final", "thefts 2025-12 0 final", "thefts 2026-01 2 final", "thefts 2026-02 0 final", "thefts 2026-03 1 provisional"},
		},
		{
			"provisional until it has settled",
			programme.Source{Aggregate: "count", Where: "offense = 'ARSON'", SettleDays: 15},
			[]string{"thefts 2025-11 0 final", "thefts 2025-12 0 final", "thefts 2026-01 1 final", "thefts 2026-02 1 provisional", "thefts 2026-03 0 provisional"},
		},
		{
			"sum, exactly",
			programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"},
			[]string{"spent 2025-Q4 10.3 final", "spent 2026-Q1 15 provisional"},
		},
		{"mean", programme.Source{Indicator: "spent", Aggregate: "mean", Of: "amount"}, []string{"spent 2025-Q4 5.15 final", "spent 2026-Q1 3.75 provisional"}},
		{"min", programme.Source{Indicator: "spent", Aggregate: "min", Of: "amount"}, []string{"spent 2025-Q4 0.2 final", "spent 2026-Q1 1 provisional"}},
		{"max", programme.Source{Indicator: "spent", Aggregate: "max", Of: "amount"}, []string{"spent 2025-Q4 10.1 final", "spent 2026-Q1 7 provisional"}},
		{"last", programme.Source{Indicator: "spent", Aggregate: "last", Of: "amount"}, []string{"spent 2025-Q4 0.2 final", "spent 2026-Q1 2 provisional"}},
		{
			"rate per population",
			programme.Source{Indicator: "spent", Aggregate: "rate", Over: "population", Per: 100_000},
			[]string{"spent 2025-Q4 1 final", "spent 2026-Q1 2.5 provisional"},
		},
		{
			"rate of those answered in time",
			programme.Source{Indicator: "spent", Aggregate: "rate", Over: "records", Only: "minutes <= 5", Per: 100},
			[]string{"spent 2025-Q4 50 final", "spent 2026-Q1 40 provisional"},
		},
		{
			"rate of one field over another",
			programme.Source{Indicator: "spent", Aggregate: "rate", Of: "amount", Over: "minutes"},
			[]string{"spent 2025-Q4 0.412 final", "spent 2026-Q1 0.5357142857142857 provisional"},
		},
		{
			"weeks",
			programme.Source{Indicator: "calls", Aggregate: "count", Where: "offense = 'ARSON'"},
			[]string{
				"calls 2025-W45 0 final", "calls 2025-W46 0 final", "calls 2025-W47 0 final", "calls 2025-W48 0 final", "calls 2025-W49 0 final", "calls 2025-W50 0 final",
				"calls 2025-W51 0 final", "calls 2025-W52 0 final", "calls 2026-W01 0 final", "calls 2026-W02 1 final", "calls 2026-W03 0 final", "calls 2026-W04 0 final",
				"calls 2026-W05 0 final", "calls 2026-W06 0 final", "calls 2026-W07 1 final", "calls 2026-W08 0 final", "calls 2026-W09 0 final", "calls 2026-W10 0 final",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.source
			s.Kind, s.URL, s.Fields.Date = "json", answer(t, jsonText, incidentsOf(incidents)), "on"
			if s.Indicator == "" {
				s.Indicator = "thefts"
			}
			trial, err := try(t, quick(t), s)
			if err != nil {
				t.Fatal(err)
			}
			want(t, written(trial), c.rows...)
			if s.Where == "" && trial.Undated != 1 {
				t.Errorf("%d records have no date", trial.Undated)
			}
		})
	}
}

func TestGapsOfMoreThanAYearAreNoZeros(t *testing.T) {
	s := programme.Source{Kind: "json", Indicator: "spent", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
	s.URL = answer(t, jsonText, incidentsOf("1900-01-01|A||\n2025-04-01|A||\n2025-10-01|A||"))
	want(t, rows(t, quick(t), s), "spent 1900-Q1 1 final", "spent 2025-Q2 1 final", "spent 2025-Q3 0 final", "spent 2025-Q4 1 final")
}

func TestFormatsOfDates(t *testing.T) {
	for _, c := range []struct{ format, date, want string }{
		{"", "2026-02-28", "2026-02"},
		{"", "2026-02-28T23:59", "2026-02"},
		{"", "2026-02-28 23:59:59.123", "2026-02"},
		{"", "2026-03-01T05:59:59Z", "2026-02"},
		{"", "2026-03-01T06:00:00Z", "2026-03"},
		{"", "2026-03-01 05:59:59+00", "2026-02"},
		{"", "2026-03-01T05:59:59.1+0000", "2026-02"},
		{"", "2026-02-28T23:59:59-06:00", "2026-02"},
		{"MM/DD/YYYY", "02/03/2026", "2026-02"},
		{"DD.MM.YYYY HH:mm", "03.02.2026 10:00", "2026-02"},
		{"M/D/YYYY hh:mm:ss AM", "2/3/2026 11:59:59 PM", "2026-02"},
		{"YYYYMMDD", "20260203", "2026-02"},
	} {
		t.Run(c.format+" "+c.date, func(t *testing.T) {
			s := programme.Source{Kind: "json", Indicator: "thefts", Fields: programme.SourceFields{Date: "on", Format: c.format}, Aggregate: "count"}
			s.URL = answer(t, jsonText, incidentsOf(c.date+"|A||"))
			if got := rows(t, quick(t), s); !strings.HasPrefix(got, "thefts "+c.want+" 1 ") {
				t.Errorf("rows are %s", got)
			}
		})
	}
}

func TestBadRecordsAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, incident string
		source         programme.Source
		words          string
	}{
		{"a date that is none", "2026-02-30|A||", programme.Source{Indicator: "thefts", Aggregate: "count"}, `record 1: in on: "2026-02-30" is not a date`},
		{"an amount that is none", "2026-02-03|A|n/a|", programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"}, `record 1: in amount: "n/a" is not a number`},
		{"an amount that is withheld", "2026-02-03|A|<5|", programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"}, `"<5" is not a number`},
		{"an amount that would take long", "2026-02-03|A|1e999999999|", programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"}, "is not a number"},
		{"an amount in hexadecimals", "2026-02-03|A|0x10|", programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"}, "is not a number"},
		{"an amount that is ambiguous", `2026-02-03|A|1,234|`, programme.Source{Indicator: "spent", Aggregate: "sum", Of: "amount"}, "is not a number"},
		{"an indicator that is none", "2026-02-03|A||", programme.Source{Aggregate: "count", Fields: programme.SourceFields{Indicator: "offense"}}, `city springfield has no indicator "A"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.source
			s.Kind, s.URL, s.Fields.Date = "json", answer(t, jsonText, incidentsOf(c.incident)), "on"
			_, err := try(t, quick(t), s)
			wantFailure(t, err, collector.BadRecord, c.words)
		})
	}
}

func TestPeriodsOfRecords(t *testing.T) {
	s := programme.Source{Kind: "csv", Indicator: "spent", Fields: programme.SourceFields{Period: "month"}, Aggregate: "sum", Of: "amount"}
	s.URL = answer(t, csvText, "month,amount\n2025-10,1\n2025-12,2.5\n2025-Q3,7\n")
	want(t, rows(t, quick(t), s), "spent 2025-Q3 7 final", "spent 2025-Q4 3.5 final")
	for period, words := range map[string]string{
		"2025":       "a year 2025 cannot be put into the quarterly values",
		"2025-W05":   "a week 2025-W05 cannot be put into the quarterly values",
		"March 2025": `"March 2025" is not a period`,
	} {
		s.URL = answer(t, csvText, "month,amount\n"+period+",1\n")
		_, err := try(t, quick(t), s)
		wantFailure(t, err, collector.BadRecord, words)
	}
}

func TestDecimals(t *testing.T) {
	for decimal, amount := range map[string]string{"comma": "1.234,5", "point": "$1,234.5"} {
		s := programme.Source{Kind: "json", Indicator: "spent", Fields: programme.SourceFields{Date: "on"}, Aggregate: "sum", Of: "amount", Decimal: decimal}
		s.URL = answer(t, jsonText, incidentsOf("2025-11-03|A|"+amount+"|"))
		want(t, rows(t, quick(t), s), "spent 2025-Q4 1234.5 final")
	}
}

func TestFewerRecordsThanUsual(t *testing.T) {
	records := strings.Repeat("2026-02-03|A||\n", 100)
	content := incidentsOf(records + "2026-02-03|A||")
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(content)) })
	s := programme.Source{Kind: "json", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
	memory, _ := collector.TryAgain(t, quick(t), springfield(s), today, nil)
	content = incidentsOf(strings.Repeat("2026-02-03|A||\n", 49))
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "49 records came, and 101 the last time") {
		t.Errorf("with 49 of 101 records, the pull is %s", outcome)
	}
	content = incidentsOf(strings.Repeat("2026-02-03|A||\n", 51))
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); outcome != "delivered" {
		t.Errorf("with 51 of 101 records, the pull is %s", outcome)
	}
}

// A category that is called otherwise now is no year without a theft.
func TestFewerThanUsualMeetTheConditions(t *testing.T) {
	content := incidentsOf(strings.Repeat("2026-02-03|THEFT||\n2026-01-03|ARSON||\n", 3) + "2026-02-03|THEFT||")
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(content)) })
	s := programme.Source{Kind: "json", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Where: "offense = 'THEFT'", Aggregate: "count"}
	memory, _ := collector.TryAgain(t, quick(t), springfield(s), today, nil)
	content = strings.ReplaceAll(content, "THEFT", "LARCENY/THEFT")
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "0 of the records meet the conditions of where, and 4 did the last time") {
		t.Errorf("with another name for it, the pull is %s", outcome)
	}
	content = "[]"
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "0 records came, and 7 the last time") {
		t.Errorf("without a record, the pull is %s", outcome)
	}
}

// What is rare need not be there: once that was accepted, none is a number.
func TestNoneMeetsTheConditions(t *testing.T) {
	content := ""
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(content)) })
	s := programme.Source{Kind: "json", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Where: "offense = 'THEFT'", Aggregate: "count"}
	const none, one, empty = "2026-01-02|ARSON||\n2026-02-03|ARSON||\n", "2026-02-03|THEFT||\n", ""
	var memory *source.Last
	for _, c := range []struct {
		records string
		refused bool // until it is accepted
		want    string
	}{
		{none, true, "2026-01 0, 2026-02 0"}, // perhaps it has another name
		{none, false, "2026-01 0, 2026-02 0"},
		{none + one, false, "2026-01 0, 2026-02 1"},
		{none, false, "2026-01 0, 2026-02 0"},
		{empty, false, ""}, // nothing is known
		{none + one, false, "2026-01 0, 2026-02 1"},
	} {
		content = incidentsOf(c.records)
		try := collector.TryRows
		if c.refused {
			if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "if what it tells of is so rare, collect it once with --accept-fewer") {
				t.Errorf("of %q, the pull is %s", c.records, outcome)
			}
			try = collector.TryFewer
		}
		var got []string
		if memory, got = try(t, quick(t), springfield(s), today, memory); strings.Join(got, ", ") != c.want {
			t.Errorf("of %q: %s, want %s", c.records, strings.Join(got, ", "), c.want)
		}
	}
	content = incidentsOf(none + "|THEFT||\n")
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "no observation can be made of them") {
		t.Errorf("where nobody knows when it was, the pull is %s", outcome)
	}
	content = incidentsOf(none + strings.Repeat(one, 40))
	memory, _ = collector.TryRows(t, quick(t), springfield(s), today, memory)
	content = incidentsOf(strings.Repeat(none, 21))
	if _, outcome := collector.TryAgain(t, quick(t), springfield(s), today, memory); !strings.Contains(outcome, "0 of the records meet the conditions of where, and 40 did the last time") {
		t.Errorf("without any of many, the pull is %s", outcome)
	}
}

// A day that is written as its midnight in UTC is the day before in Springfield:
// the first of a month would be of the month before.
func TestDaysWrittenAsMoments(t *testing.T) {
	s := programme.Source{Kind: "json", Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
	s.URL = answer(t, jsonText, incidentsOf("2026-02-01T00:00:00.000Z|A||\n2026-01-01T00:00:00.000Z|A||"))
	_, err := try(t, quick(t), s)
	wantFailure(t, err, collector.BadRecord, "each date is a midnight, such as 2026-02-01T00:00:00.000Z, which is 2026-01-31 by the city's clock: write fields.format, as YYYY-MM-DDT00:00:00.000Z if they are days, or as YYYY-MM-DDTHH:mm:ssZZ")
	s.Fields.Format = "YYYY-MM-DDT00:00:00.000Z"
	want(t, rows(t, quick(t), s), "thefts 2026-01 1 final", "thefts 2026-02 1 final")
	s.Fields.Format = "YYYY-MM-DDTHH:mm:ssZZ"
	want(t, rows(t, quick(t), s), "thefts 2025-12 1 final", "thefts 2026-01 1 final")
	s.Fields.Format = ""
	s.URL = answer(t, jsonText, incidentsOf("2026-02-01T00:00:00+01:00|A||\n2026-01-01T00:00:00+01:00|A||"))
	_, err = try(t, quick(t), s)
	wantFailure(t, err, collector.BadRecord, "write fields.format, as YYYY-MM-DDTHH:mm:ssZZ if they are moments")
	// Among moments of the day, or by itself, one may be what it says.
	s.Fields.Format = ""
	s.URL = answer(t, jsonText, incidentsOf("2026-02-01T00:00:00Z|A||\n2026-02-01T12:00:00Z|A||"))
	want(t, rows(t, quick(t), s), "thefts 2026-01 1 final", "thefts 2026-02 1 final")
	// To the east, it is the same day.
	p := springfield(s)
	p.Cities[0].Timezone = "Europe/Berlin"
	p.Sources[0].URL = answer(t, jsonText, incidentsOf("2026-02-01T00:00:00Z|A||\n2026-01-01T00:00:00Z|A||"))
	if _, outcome := collector.TryAgain(t, quick(t), p, today, nil); outcome != "delivered" {
		t.Errorf("to the east, the pull is %s", outcome)
	}
}

// A source of the last so many days alone loses the beginning of a month, then
// all of it: what was counted while it was whole stays.
func TestASourceThatForgets(t *testing.T) {
	const day = "%s|A||\n"
	content := ""
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(content)) })
	s := programme.Source{Kind: "json", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
	from := func(first programme.Date) string {
		var lines strings.Builder
		for d := first; d < programme.NewDate(2026, time.March, 1); d = d.AddDays(1) {
			fmt.Fprintf(&lines, day, d)
		}
		return incidentsOf(lines.String())
	}
	var memory *source.Last
	for _, c := range []struct {
		first programme.Date
		want  string
	}{
		{programme.NewDate(2025, time.December, 10), "2025-12 22, 2026-01 31, 2026-02 28"}, // nobody knows what was before
		{programme.NewDate(2025, time.December, 11), "2026-01 31, 2026-02 28"},
		{programme.NewDate(2026, time.January, 1), "2026-01 31, 2026-02 28"},
		{programme.NewDate(2026, time.January, 2), "2026-02 28"},
		{programme.NewDate(2026, time.January, 2), "2026-02 28"},
		{programme.NewDate(2025, time.December, 10), "2025-12 22, 2026-01 31, 2026-02 28"},
	} {
		content = from(c.first)
		var got []string
		memory, got = collector.TryRows(t, quick(t), springfield(s), today, memory)
		if strings.Join(got, ", ") != c.want {
			t.Errorf("from %s on: %s, want %s", c.first, strings.Join(got, ", "), c.want)
		}
	}
}
