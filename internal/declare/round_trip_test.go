package declare

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgolden"
)

var comparePeriods = cmp.Comparer(func(a, b programme.Period) bool { return a == b })

func encode(t rapid.TB, p programme.Programme) string {
	t.Helper()
	text, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEncode(t *testing.T) {
	testgolden.Check(t, "testdata/good.golden.yaml", encode(t, read(t, filepath.Join("testdata", "good")).Programme))
}

// programmes draws legal programmes, of texts that are hard to quote.
func programmes() *rapid.Generator[programme.Programme] {
	return rapid.Custom(func(t *rapid.T) programme.Programme {
		text := func(name string) string {
			return rapid.SampledFrom([]string{"Oslo", "NO", "null", "~", "2026", "2026-01-01", "-10%", "a: b # c", "- x", "\"it's\"", "*", "two\nlines", "<<", "é – ü", "a,b;c"}).Draw(t, name)
		}
		value := func(name string) float64 { return rapid.Float64Range(0.1, 1e14).Draw(t, name) }
		p := programme.Programme{Cohorts: []programme.Cohort{{ID: "2026", Starts: programme.NewDate(2026, 1, 1), Ends: programme.NewDate(2026, 12, 31)}}}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"oslo", "on", "1e3", "null", "2025"}), 1, 3, rapid.ID).Draw(t, "cities") {
			city := programme.City{ID: id, Name: text("name"), Country: rapid.SampledFrom([]string{"NO", "US"}).Draw(t, "country"), Population: rapid.IntRange(programme.EligiblePopulation, 1<<40).Draw(t, "population")}
			if rapid.Bool().Draw(t, "located") {
				city.Timezone = "Europe/Oslo"
				city.Location = &programme.Location{Latitude: rapid.Float64Range(-90, 90).Draw(t, "north"), Longitude: -71.0603}
			}
			if rapid.Bool().Draw(t, "in the cohort") {
				city.Cohorts = []string{"2026"}
			}
			p.Cities = append(p.Cities, city)
			low, high := value("low"), value("high")
			i := programme.Indicator{
				City: id, ID: "no", Title: text("title"), Definition: text("definition"), Unit: text("unit"), Owner: text("owner"), Source: text("source"),
				Lens: rapid.SampledFrom(programme.Lenses).Draw(t, "lens"), Kind: rapid.SampledFrom(programme.Kinds).Draw(t, "kind"),
				Measure: rapid.SampledFrom(programme.Measures).Draw(t, "measure"), Direction: rapid.SampledFrom(programme.Directions).Draw(t, "direction"),
				Frequency: rapid.SampledFrom(programme.Frequencies()).Draw(t, "frequency"), Decimals: rapid.IntRange(0, 12).Draw(t, "decimals"),
				DueDays: rapid.IntRange(0, 90).Draw(t, "due"), JudgeProvisional: rapid.Bool().Draw(t, "judged"),
				Plausible: programme.Bounds{Min: &low}, Breaks: []programme.Date{programme.NewDate(2020, 1, 1), programme.NewDate(2021, 1, 1)},
			}
			p.Indicators = append(p.Indicators, i)
			p.Interventions = append(p.Interventions, programme.Intervention{City: id, Title: text("intervention"), Start: programme.NewDate(2026, 3, 1), Indicators: []string{"no"}})
			p.Sources = append(p.Sources, programme.Source{
				City: id, ID: "police", Kind: rapid.SampledFrom([]string{"csv", "sql"}).Draw(t, "source kind"), URL: "https://data.example/x?a=1#b",
				Query: text("query"), Indicator: "no", Fields: programme.SourceFields{Date: text("date field"), Note: text("note field")}, Where: text("where"),
				Aggregate: "rate", Of: text("of"), Over: "population", Per: rapid.SampledFrom([]float64{0, 1, 100_000}).Draw(t, "per"),
				SettleDays: rapid.IntRange(0, 90).Draw(t, "settle"), Decimal: rapid.SampledFrom([]string{"", "comma"}).Draw(t, "decimal"),
				Schedule: "0 6 * * *", Token: "${env:TOKEN}", User: "me", Password: "file:/run/secrets/x",
			})
			if len(city.Cohorts) == 0 {
				continue
			}
			year, err := programme.ParseRange("2025")
			if err != nil {
				t.Fatal(err)
			}
			target := programme.Target{City: id, Indicator: "no", Cohort: "2026", Baseline: programme.Baseline{Auto: true, Period: year}}
			if i.Direction == programme.Maintain {
				target.Band = &programme.Band{Low: min(low, high), High: max(low, high) + 1}
			} else {
				target.Goal = programme.Goal{Value: value("goal"), Form: rapid.SampledFrom([]programme.GoalForm{programme.Absolute, programme.Percent, programme.Points}).Draw(t, "form")}
			}
			if rapid.Bool().Draw(t, "in steps") {
				target.Path = programme.Steps
				target.Milestones = []programme.Milestone{{On: programme.NewDate(2026, 6, 30), Goal: programme.Goal{Value: -3, Form: programme.Percent}}, {On: programme.NewDate(2026, 7, 31), Goal: programme.Goal{Value: value("milestone"), Form: programme.Absolute}}}
			}
			p.Targets = append(p.Targets, target)
		}
		return p
	})
}

func TestReadReadsWhatEncodeWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := programmes().Draw(t, "programme")
		text := encode(t, want)
		got := parse(text)
		if got.Report.Refused() {
			t.Fatalf("refused:\n%s\n%s", got.Report, text)
		}
		if diff := cmp.Diff(want, got.Programme, comparePeriods); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, text)
		}
	})
}

// holds checks what is true of every declaration, whatever its bytes are.
func holds(t *testing.T, d *Declaration) {
	t.Helper()
	for _, p := range d.Report {
		if p.Message == "" || p.File == "" {
			t.Errorf("a problem says nothing: %+v", p)
		}
	}
	if d.Report.Refused() {
		return
	}
	for _, f := range d.Programme.Check() {
		if !f.Warning {
			t.Errorf("accepted in spite of %v", f)
		}
	}
	if plan := Difference(d.Programme, d.Programme); len(plan.Changes) > 0 {
		t.Errorf("differs from itself: %v", plan.Changes)
	}
	text := encode(t, d.Programme)
	again := parse(text)
	if plan := Difference(d.Programme, again.Programme); again.Report.Refused() || len(plan.Changes) > 0 {
		t.Errorf("reads back differently:\n%s\n%s\n%v", text, again.Report, plan.Changes)
	}
}

func FuzzYAML(f *testing.F) {
	for _, name := range []string{"good", "bad"} {
		text, err := os.ReadFile(filepath.Join("testdata", name, "programme.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(oneCohort + twoCities)
	f.Add("cohorts:\n  - &a {<<: [*a, *a], id: a}\n")
	f.Fuzz(func(t *testing.T, text string) { holds(t, parse(text)) })
}

func FuzzCSV(f *testing.F) {
	for _, name := range []string{"good-csv", "bad-csv"} {
		var all []string
		for _, t := range csvTables() {
			text, err := os.ReadFile(filepath.Join("testdata", name, t.file()))
			if err != nil {
				f.Fatal(err)
			}
			all = append(all, string(text))
		}
		f.Add(all[0], all[1], all[2], all[3], all[4])
	}
	f.Fuzz(func(t *testing.T, cohorts, cities, indicators, targets, interventions string) {
		r := newReading()
		for i, text := range []string{cohorts, cities, indicators, targets, interventions} {
			r.csv(&source{file: tables[i].file()}, tables[i], []byte(text))
		}
		holds(t, r.declaration())
	})
}
