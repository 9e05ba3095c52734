package collector_test

import (
	"strings"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

func TestWhere(t *testing.T) {
	for _, c := range []struct {
		where string
		holds bool
	}{
		{"offense = 'THEFT'", true},
		{"offense = THEFT", true},
		{`"offense" = 'THEFT' AND amount > 5`, true},
		{"offense = 'theft'", false},
		{"offense != 'ARSON'", true},
		{"offense in ('ARSON','THEFT')", true},
		{"offense not in ('ARSON', 'THEFT')", false},
		{"amount = 10", true}, // 10.0 is a number
		{"amount = '10'", false},
		{"amount < 9", false},
		{"amount >= 10 and amount <= 10", true},
		{"on >= '2026-02-01' and on < '2026-03-01'", true},
		{"minutes is empty", true},
		{"minutes is not empty", false},
		{"minutes = 0", false},
		{"minutes != 0", false},
		{"minutes not in (1, 2)", false},
	} {
		t.Run(c.where, func(t *testing.T) {
			s := programme.Source{Kind: "json", Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count", Where: c.where}
			s.URL = answer(t, jsonText, incidentsOf("2026-02-03|THEFT|10.0|"))
			if !c.holds {
				_, err := try(t, quick(t), s)
				wantFailure(t, err, collector.NotData, "1 records came, and no observation can be made of them")
				return
			}
			want(t, rows(t, quick(t), s), "thefts 2026-02 1 final")
		})
	}
}

func TestWhatIsWrongWithADeclaration(t *testing.T) {
	base := programme.Source{Kind: "json", URL: "https://data.example/x", Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
	for _, c := range []struct {
		name   string
		change func(*programme.Source)
		want   string
	}{
		{"nothing", func(*programme.Source) {}, ""},
		{"a kind that is none", func(s *programme.Source) { s.Kind = "socarta" }, "kind: no kind of source is called socarta: did you mean socrata?"},
		{"no dataset", func(s *programme.Source) { s.Kind = "ckan" }, "dataset: source police has no dataset: write the dataset that its kind, ckan, needs"},
		{"a function that is none", func(s *programme.Source) { s.Aggregate = "median" }, `aggregate: aggregate is "median": write one of count, sum, mean, min, max, last, rate`},
		{"a condition that is none", func(s *programme.Source) { s.Where = "offense like 'T%'" }, `where: the conditions cannot be read: after the field offense stands =, !=, <, <=, >, >=, in, not in or is, not "like"`},
		{"an or", func(s *programme.Source) { s.Where = "a = 1 or b = 2" }, `where: the conditions cannot be read: "or" stands where and was expected`},
		{"a quotation mark that is open", func(s *programme.Source) { s.Where = "a = 'x" }, `where: the conditions cannot be read: the quotation mark of 'x is not closed`},
		{"a list of both", func(s *programme.Source) { s.Where = "a in (1, 'x')" }, `where: the conditions cannot be read: a list holds numbers or texts, not both`},
		{"a sum of nothing", func(s *programme.Source) { s.Aggregate = "sum" }, "of: a sum is of a field, but none is named"},
		{"a rate over nothing", func(s *programme.Source) { s.Aggregate = "rate" }, "over: a rate is over something, and nothing else is"},
		{"incidents without a date", func(s *programme.Source) { s.Fields.Date = "" }, "fields: source police aggregates, but no field tells when"},
		{"a format without a year", func(s *programme.Source) { s.Fields.Format = "DD.MM." }, `fields.format: the format "DD.MM." does not tell a day`},
		{"a format with a zone in it", func(s *programme.Source) { s.Fields.Format = "YYYY-MM-DDT00:00:00+01:00" }, `fields.format: the format "YYYY-MM-DDT00:00:00+01:00" has digits`},
		{"a schedule that is none", func(s *programme.Source) { s.Schedule = "every day" }, `schedule: the schedule "every day" cannot be read`},
		{"a schedule in another zone", func(s *programme.Source) { s.Schedule = "CRON_TZ=UTC 0 6 * * *" }, `schedule: the schedule "CRON_TZ=UTC 0 6 * * *" names a time zone, but is in the city's`},
		{"a database that is none", func(s *programme.Source) { s.Kind, s.Query = "sql", "select 1" }, "url: the url of source police names no Postgres database"},
		{"a database by another host", func(s *programme.Source) { s.Kind, s.Query, s.URL = "sql", "select 1", "postgres://x/y?host=/tmp" }, "url: the url of source police sets host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := base
			c.change(&s)
			var got []string
			for _, f := range collector.Check(springfield(s)) {
				got = append(got, f.Field+": "+f.Error())
			}
			if text := strings.Join(got, "\n"); !strings.HasPrefix(text, c.want) || (c.want == "") != (text == "") {
				t.Errorf("what is wrong is %q, want %q", text, c.want)
			}
		})
	}
}

func FuzzWhere(f *testing.F) {
	for _, text := range []string{"a = 'x' and \"b c\" in (1, 2)", "a is not empty", "a = ''''", "(", "'"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := springfield(programme.Source{Kind: "json", URL: "https://a.example", Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count", Where: text})
		for _, fault := range collector.Check(p) {
			if fault.Message == "" || fault.Hint == "" {
				t.Errorf("%q: a fault says nothing: %+v", text, fault)
			}
		}
	})
}
