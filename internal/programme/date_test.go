package programme_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
)

var (
	frequencies = rapid.SampledFrom(programme.Frequencies())
	dates       = datesBetween(programme.MinDate, programme.MaxDate)
)

func datesBetween(first, last programme.Date) *rapid.Generator[programme.Date] {
	return rapid.Map(rapid.Int32Range(int32(first), int32(last)), func(n int32) programme.Date { return programme.Date(n) })
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       programme.Date
	}{
		{"first", "0001-01-01", programme.MinDate},
		{"last", "9999-12-31", programme.MaxDate},
		{"a day", "2025-03-15", programme.NewDate(2025, time.March, 15)},
		{"a leap day", "2024-02-29", programme.NewDate(2024, time.February, 29)},
		{"of the epoch", "1970-01-01", programme.NewDate(1970, time.January, 1)},
		{"carried over from the month before", "2024-02-29", programme.NewDate(2024, time.March, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := date(t, c.text); got != c.want || got.String() != c.text {
				t.Errorf("date is %s (%d), want %s (%d)", got, got, c.want, c.want)
			}
		})
	}
}

func TestParseDateRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                   "",
		"the year 0":                "0000-12-31",
		"a day that is not":         "2025-02-29",
		"a month that is not":       "2025-13-01",
		"one digit":                 "2025-3-15",
		"the order of Europe":       "15.03.2025",
		"the order of America":      "03/15/2025",
		"a time":                    "2025-03-15T00:00:00Z",
		"blanks around":             " 2025-03-15",
		"a year beyond four digits": "10000-01-01",
		"a year before Christ":      "-001-01-01",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := programme.ParseDate(text)
			wantError(t, err, `"`+text+`" is not a date: write a date as 2025-03-15`)
			if !d.IsZero() {
				t.Errorf("date is %s", d)
			}
		})
	}
}

// TestDatesAreDays holds the arithmetic of dates against the standard library's.
func TestDatesAreDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := dates.Draw(t, "d"), dates.Draw(t, "e")
		if got, err := programme.ParseDate(d.String()); err != nil || got != d {
			t.Fatalf("%s is read as %v, %v", d, got, err)
		}
		if programme.NewDate(d.Civil()) != d {
			t.Fatalf("%s is not its year, month and day", d)
		}
		n := d.Sub(e)
		if e.AddDays(n) != d || !e.Time().AddDate(0, 0, n).Equal(d.Time()) {
			t.Fatalf("%s is not %d days after %s", d, n, e)
		}
		if (d < e) != d.Time().Before(e.Time()) {
			t.Fatalf("%s and %s are out of order", d, e)
		}
	})
}

func TestAddYears(t *testing.T) {
	for _, c := range []struct {
		name, from string
		years      int
		want       string
	}{
		{"a year later", "2025-03-15", 1, "2026-03-15"},
		{"a year earlier", "2025-03-15", -1, "2024-03-15"},
		{"none", "2024-02-29", 0, "2024-02-29"},
		{"from a leap day", "2024-02-29", -1, "2023-02-28"},
		{"from a leap day to another", "2024-02-29", 4, "2028-02-29"},
		{"into a century without a leap day", "2096-02-29", 4, "2100-02-28"},
		{"28 February stays", "2023-02-28", 1, "2024-02-28"},
		{"to the last date", "9998-12-31", 1, "9999-12-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := date(t, c.from).AddYears(c.years).String(); got != c.want {
				t.Errorf("date is %s, want %s", got, c.want)
			}
		})
	}
}

func TestDateIn(t *testing.T) {
	instant := time.Date(2025, time.December, 31, 23, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		east time.Duration
		want string
	}{
		{"where it is evening", 0, "2025-12-31"},
		{"where it is the new year already", time.Hour, "2026-01-01"},
		{"where it is the day before still", -24 * time.Hour, "2025-12-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone := time.FixedZone(c.name, int(c.east.Seconds()))
			if got := programme.DateIn(instant, zone).String(); got != c.want {
				t.Errorf("date is %s, want %s", got, c.want)
			}
		})
	}
}

func TestDateEndIn(t *testing.T) {
	for _, c := range []struct{ name, day, zone, want string }{
		{"in UTC", "2025-03-15", "UTC", "2025-03-16T00:00:00Z"},
		{"of a year, in the west", "2025-12-31", "America/New_York", "2026-01-01T05:00:00Z"},
		{"of a leap day, in the east", "2024-02-29", "Asia/Kolkata", "2024-02-29T18:30:00Z"},
		{"of a day that has 23 hours", "2025-03-09", "America/New_York", "2025-03-10T04:00:00Z"},
		{"before a midnight that is skipped", "2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := date(t, c.day).EndIn(zone).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("end is %s, want %s", got, c.want)
			}
		})
	}
}
