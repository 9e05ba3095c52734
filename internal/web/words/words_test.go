package words_test

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

func english(t *testing.T) *words.Language {
	t.Helper()
	c, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	return c.For("")
}

// TestStatusesAreThoseOfProgress has the pages say of a status what the command
// line, the metrics and the dashboards do.
func TestStatusesAreThoseOfProgress(t *testing.T) {
	for _, s := range progress.Statuses() {
		if got := english(t).Status(s); got != s.Words() {
			t.Errorf("%s is %q, want %q", s, got, s.Words())
		}
	}
}

// TestLanguagesAreComplete lists what languages leave out, and what they have
// that English does not.
func TestLanguagesAreComplete(t *testing.T) {
	c, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	want := c.Languages()[0].Keys()
	for _, l := range c.Languages()[1:] {
		for _, key := range l.Keys() {
			if !slices.Contains(want, key) {
				t.Errorf("%s has %s, which English has not", l.Tag(), key)
			}
		}
		for _, key := range want {
			if !slices.Contains(l.Keys(), key) {
				t.Errorf("%s leaves out %s", l.Tag(), key)
			}
		}
	}
}

// polish tells one, few and many apart, and writes 1234.5 as 1234,5.
var polish = fstest.MapFS{
	"en.yaml": {Data: []byte("rows: {one: '{n} row', other: '{n} rows'}\nonly: Only in English\ndate: {day: '{day} {month} {year}', short: {'1': Jan}}\n")},
	"pl.yaml": {Data: []byte("rows: {one: '{n} wiersz', few: '{n} wiersze', many: '{n} wierszy', other: '{n} wiersza'}\ndate: {day: '{day} {month} {year} r.', short: {'1': stycznia}}\n")},
}

func TestAnotherLanguage(t *testing.T) {
	c, err := words.Load(polish)
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{
		"": "en", "pl": "pl", "pl-PL,pl;q=0.9,en;q=0.8": "pl", "en-GB,pl;q=0.5": "en", "fr": "en", "nonsense;;": "en",
	} {
		if got := c.For(accept).Tag(); got != want {
			t.Errorf("%q is answered in %s, want %s", accept, got, want)
		}
	}
	pl := c.For("pl")
	for n, want := range map[int]string{1: "1 wiersz", 3: "3 wiersze", 5: "5 wierszy", 22: "22 wiersze", 12345: "12\u00a0345 wierszy"} {
		if got := pl.Say("rows", "n", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := pl.Say("only"); got != "Only in English" {
		t.Errorf("what is left out is %q", got)
	}
	if got := pl.Number(1234567.5, 1); got != "1\u00a0234\u00a0567,5" {
		t.Errorf("a number is %q", got)
	}
	if got := pl.Date(programme.NewDate(2026, time.January, 5)); got != "5 stycznia 2026 r." {
		t.Errorf("a date is %q", got)
	}
}

func TestTextsThatAreNotThere(t *testing.T) {
	c, err := words.Load(polish)
	if err != nil {
		t.Fatal(err)
	}
	en := c.For("en")
	if _, err := en.Text("nothing"); err == nil {
		t.Error("a text that is not there is said")
	}
	if _, err := en.Text("rows", "m", 1); err == nil {
		t.Error("an argument is missing, and nobody says so")
	}
	if got := en.Say("nothing"); got != "nothing" {
		t.Errorf("%q", got)
	}
	for name, files := range map[string]fstest.MapFS{
		"no English":  {"pl.yaml": polish["pl.yaml"]},
		"no language": {"en.yaml": polish["en.yaml"], "elvish.yaml": {Data: []byte("a: b\n")}},
		"a list":      {"en.yaml": {Data: []byte("a: [b]\n")}},
		"a number":    {"en.yaml": {Data: []byte("a: {one: 1, other: 2}\n")}},
		"no YAML":     {"en.yaml": {Data: []byte("a: b: c\n")}},
	} {
		if _, err := words.Load(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNumbersAndDates(t *testing.T) {
	l := english(t)
	percent := programme.Indicator{Unit: "%", Decimals: 1}
	for _, c := range []struct{ name, got, want string }{
		{"thousands", l.Number(1234567, 0), "1,234,567"},
		{"decimals", l.Number(-1234.5, 2), "-1,234.50"},
		{"no negative zero", l.Number(-0.001, 1), "0.0"},
		{"rounded away from zero", l.Number(2.5, 0), "3"},
		{"what was written as a half", l.Number(0.145, 2), "0.15"},
		{"huge", l.Number(1e15, 0), "1,000,000,000,000,000"},
		{"finer where it matters", l.Finely(8.38, 0), "8.4"},
		{"and not where it does not", l.Finely(8, 0), "8"},
		{"as it was written", l.Exactly(1.2345, 1), "1.2345"},
		{"with what an indicator has", l.Exactly(5, 1), "5.0"},
		{"per cent", l.Quantity(5.25, percent), "5.3\u00a0%"},
		{"with its unit", l.Quantity(1200, programme.Indicator{Unit: "thefts"}), "1,200 thefts"},
		{"certain", l.Chance(1), "over 99\u00a0%"},
		{"impossible", l.Chance(0), "under 1\u00a0%"},
		{"likely", l.Chance(0.444), "44\u00a0%"},
		{"day", l.Date(programme.NewDate(2026, time.October, 31)), "31 Oct 2026"},
		{"no day", l.Date(0), ""},
		{"moment in universal time", l.Time(time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), time.UTC), "1 Mar 2026, 23:30 UTC"},
		{"moment", l.Time(time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC), time.FixedZone("", 3600)), "2 Mar 2026, 00:30"},
		{"month", l.Period(programme.Month(2026, time.March)), "March 2026"},
		{"quarter", l.Period(programme.PeriodOf(programme.Quarterly, programme.NewDate(2026, time.May, 1))), "Q2 2026"},
		{"week", l.Period(programme.PeriodOf(programme.Weekly, programme.NewDate(2026, time.January, 26))), "week 5 of 2026"},
		{"year", l.Period(programme.PeriodOf(programme.Annual, programme.NewDate(2026, time.May, 1))), "2026"},
		{"no period", l.Period(programme.Period{}), ""},
		{"bytes", l.Bytes(1), "1 B"},
		{"kilobytes", l.Bytes(2048), "2 KB"},
		{"megabytes", l.Bytes(32 << 20), "32 MB"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
