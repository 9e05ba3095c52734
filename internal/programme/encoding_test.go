package programme_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

// written is one of everything that has a text of its own.
type written struct {
	Frequency programme.Frequency
	Date      programme.Date
	Day       programme.Period
	Week      programme.Period
	Month     programme.Period
	Quarter   programme.Period
	Year      programme.Period
	Range     programme.Range
	Goal      programme.Goal
	Change    programme.Goal
	Points    programme.Goal
	NoDate    programme.Date
	NoPeriod  programme.Period
	NoRange   programme.Range
}

func TestJSON(t *testing.T) {
	v := written{
		Frequency: programme.Weekly, Date: date(t, "2024-02-29"),
		Day: period(t, "2024-02-29"), Week: period(t, "2026-W53"), Month: period(t, "2026-03"), Quarter: period(t, "2026-Q1"), Year: period(t, "2026"),
		Range: span(t, "2024-07/2025-06"), Goal: must(t, "-7.25", programme.ParseGoal),
		Change: must(t, "+10%", programme.ParseGoal), Points: must(t, "-10pp", programme.ParseGoal),
	}
	const want = `{"Frequency":"weekly","Date":"2024-02-29",` +
		`"Day":"2024-02-29","Week":"2026-W53","Month":"2026-03","Quarter":"2026-Q1","Year":"2026",` +
		`"Range":"2024-07/2025-06","Goal":"-7.25","Change":"+10%","Points":"-10pp","NoDate":"","NoPeriod":"","NoRange":""}`
	text, err := json.Marshal(v)
	if err != nil || string(text) != want {
		t.Fatalf("JSON is\n%s, %v, want\n%s", text, err, want)
	}
	// Where nothing is written, what stood before must go.
	got := written{NoDate: v.Date, NoPeriod: v.Day, NoRange: v.Range}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got != v {
		t.Errorf("read as %+v", got)
	}
}

func TestJSONRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a frequency":  `{"Frequency":"hourly"}`,
		"no frequency": `{"Frequency":""}`,
		"a date":       `{"Date":"2025-02-29"}`,
		"a period":     `{"Month":"2025-13"}`,
		"a range":      `{"Range":"2025/2024"}`,
		"a goal":       `{"Goal":"45%"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var v written
			if err := json.Unmarshal([]byte(text), &v); err == nil || v != (written{}) {
				t.Errorf("%s is read as %+v, %v", text, v, err)
			}
		})
	}
}

func TestValuesForADatabase(t *testing.T) {
	for _, c := range []struct {
		name string
		from driver.Valuer
		want driver.Value
	}{
		{"date", date(t, "2024-02-29"), "2024-02-29"},
		{"no date", programme.Date(0), nil},
		{"period", period(t, "2026-W53"), "2026-W53"},
		{"no period", programme.Period{}, nil},
		{"range", span(t, "2024-07/2025-06"), "2024-07/2025-06"},
		{"no range", programme.Range{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.from.Value()
			if err != nil || got != c.want {
				t.Errorf("value is %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestScan(t *testing.T) {
	stands := date(t, "2000-01-01")
	for _, c := range []struct {
		name string
		into sql.Scanner
		from any
		want any
	}{
		{"date of text", new(programme.Date), "2024-02-29", date(t, "2024-02-29")},
		{"date of bytes", new(programme.Date), []byte("2024-02-29"), date(t, "2024-02-29")},
		{"date of a time", new(programme.Date), time.Date(2024, time.February, 29, 0, 0, 0, 0, time.FixedZone("", 3600)), date(t, "2024-02-29")},
		{"date of null", &stands, nil, programme.Date(0)},
		{"range of text", new(programme.Range), "2024-07/2025-06", span(t, "2024-07/2025-06")},
		{"range of bytes", new(programme.Range), []byte("2024"), span(t, "2024")},
		{"range of null", &programme.Range{From: period(t, "2024"), To: period(t, "2024")}, nil, programme.Range{}},
		{"frequency of text", new(programme.Frequency), "annual", programme.Annual},
		{"frequency of bytes", new(programme.Frequency), []byte("daily"), programme.Daily},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.into.Scan(c.from); err != nil {
				t.Fatal(err)
			}
			var got any
			switch v := c.into.(type) {
			case *programme.Date:
				got = *v
			case *programme.Range:
				got = *v
			case *programme.Frequency:
				got = *v
			}
			if got != c.want {
				t.Errorf("scanned %v, want %v", got, c.want)
			}
		})
	}
}

func TestScanRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		into sql.Scanner
		from any
		want string
	}{
		{"date of a number", new(programme.Date), int64(7), "a int64 is not a date"},
		{"date of words", new(programme.Date), "today", `"today" is not a date: write a date as 2025-03-15`},
		{"range of a number", new(programme.Range), int64(7), "a int64 is not a range of periods"},
		{"range of words", new(programme.Range), []byte("2025/2024"), `"2025/2024" ends before it begins: write the earlier end first`},
		{"frequency of null", new(programme.Frequency), nil, "a <nil> is not a frequency"},
		{"frequency of words", new(programme.Frequency), "hourly", `"hourly" is not a frequency: write one of daily, weekly, monthly, quarterly, annual`},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, c.into.Scan(c.from), c.want) })
	}
}

func TestFrequencies(t *testing.T) {
	type words struct {
		Name, Noun, Example string
		PerYear             int
	}
	var got []words
	for _, f := range append(programme.Frequencies(), 0) {
		got = append(got, words{f.String(), f.Noun(), f.Example(), f.PerYear()})
		if f != 0 {
			if parsed := must(t, f.String(), programme.ParseFrequency); parsed != f {
				t.Errorf("%s is read as %s", f, parsed)
			}
			if example := period(t, f.Example()); example.Frequency() != f {
				t.Errorf("the example of %s is %s", f, example.Frequency())
			}
		}
	}
	want := []words{
		{"daily", "day", "2025-03-15", 365},
		{"weekly", "week", "2025-W05", 52},
		{"monthly", "month", "2025-03", 12},
		{"quarterly", "quarter", "2025-Q1", 4},
		{"annual", "year", "2025", 1},
		{"", "period", "", 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("frequencies (-want +got):\n%s", diff)
	}
}
