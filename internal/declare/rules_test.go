package declare

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

const (
	oneCohort = "cohorts:\n  - {id: 2026, starts: 2026-01-01, ends: 2026-12-31}\n"
	twoCities = "cities:\n  - {id: oslo, name: Oslo, country: NO, population: 717710}\n  - {id: lima, name: Lima, country: PE, population: 9751717}\n"
	thefts    = "title: Thefts, unit: thefts, frequency: monthly, direction: decrease"
)

// parse reads one YAML file called p.yaml.
func parse(text string) *Declaration {
	r := newReading()
	r.files = []string{"p.yaml"}
	r.yaml(&source{file: "p.yaml"}, []byte(text))
	return r.declaration()
}

func accepted(t *testing.T, text string) programme.Programme {
	t.Helper()
	d := parse(text)
	if len(d.Report) > 0 {
		t.Fatalf("problems:\n%s", d.Report)
	}
	return d.Programme
}

func TestProblemsOfYAML(t *testing.T) {
	base := oneCohort + twoCities // 5 lines
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", `p.yaml:1: error: the file is empty: declare cohorts, cities, indicators and targets`},
		{"only comments", "# later\n", `p.yaml:1: error: the file is empty: declare cohorts, cities, indicators and targets`},
		{"empty list", "cities:\n", `p.yaml: error: nothing is declared: declare cohorts, cities, indicators and targets`},
		{"a list at the top", "- cities\n", `p.yaml:1: error: the file is a list: begin with a line such as cities:`},
		{"tab", oneCohort + "cities:\n\t- id: oslo\n", `p.yaml:4: error: this is not YAML: found character that cannot start any token: indent with spaces, not with tabs`},
		{"star without quotes", base + "indicators:\n  - city: *\n    id: x\n", `p.yaml:7: error: this is not YAML: did not find expected alphabetic or numeric character: write the star in quotation marks: "*"`},
		{"unknown alias", base + "indicators: *all\n", `p.yaml:1: error: this is not YAML: unknown anchor 'all' referenced: check indentation, colons and quotation marks here and in the line before`},
		{"second document", base + "---\ncities: []\n", `p.yaml:6: error: a second document begins here: remove the line ---, or write a second file`},
		{"merge of a text", "cohorts:\n  - {<<: all, id: a, starts: 2026-01-01, ends: 2026-12-31}\n", `p.yaml:2 (<<): error: << stands for one text: merge a mapping`},
		{"a list as a key", "? [a]\n: b\n", `p.yaml:1: error: a key is a list: write a text before the colon`},
		{"merge of itself", "cohorts:\n  - &a {<<: *a, id: a}\n", `p.yaml: error: aliases lead to more than 5000000 fields, or << merges more than 8 deep: declare what all cities share once, with city: "*"`},
		{"unknown city", base + "indicators:\n  - {city: olso, id: thefts, " + thefts + "}\n", `p.yaml:7 (city): error: no city is called "olso": declare the city, or correct the name`},
		{"indicator that no city has", base + "targets:\n  - {city: '*', indicator: thefts, cohort: 2026, baseline: {value: 1, period: 2025}, target: 0}\n", `p.yaml:7 (city): error: no city of cohort 2026 has an indicator "thefts": declare one, or correct the name`},
		{"star without cities", oneCohort + "indicators:\n  - {city: '*', id: thefts, " + thefts + "}\n", `p.yaml:4 (city): error: no city is declared: declare one, or correct the name`},
		{"one fault for every city", base + "indicators:\n  - {city: '*', id: Thefts, " + thefts + "}\n", `p.yaml:7 (id): error: indicator "Thefts" is not an identifier: write 1 to 40 of the characters a-z, 0-9 and -`},
		{"country that is lower-case", oneCohort + "cities:\n  - {id: oslo, name: Oslo, country: no, population: 717710}\n", `p.yaml:4 (country): error: country is "no": write the two letters of ISO 3166-1, such as US`},
		{"no cohort of two", strings.Replace(base, "cities:", "  - {id: 2027, starts: 2027-01-01, ends: 2027-12-31}\ncities:", 1), "p.yaml:5: warning: city oslo names no cohort, and is in none: write its cohorts, or an empty list\np.yaml:6: warning: city lima names no cohort, and is in none: write its cohorts, or an empty list"},
		{"milestone without a date", base + "indicators:\n  - {city: oslo, id: thefts, " + thefts + ", targets: [{baseline: {value: 2, period: 2025}, target: 1, trajectory: steps, milestones: [{target: 1}]}]}\n", `p.yaml:7 (milestones): error: a milestone needs a date and a target: write [{on: 2026-06-30, target: 110}]`},
		{"a slip in the name of a list", base + "indicatrs:\n  - {city: oslo, id: thefts}\ntargets:\n  - {city: '*', indicator: thefts, baseline: {value: 1, period: 2025}, target: 0}\n  - {city: oslo, indicator: thefts, baseline: {value: 1, period: 2025}, target: 0}\n", `p.yaml:6 (indicatrs): error: no field is called "indicatrs": did you mean indicators?`},
		{"a slip in the name of a nested list", oneCohort + "cities:\n  - {id: oslo, name: Oslo, country: NO, population: 717710, indicator: []}\ntargets:\n  - {city: oslo, indicator: thefts, baseline: {value: 1, period: 2025}, target: 0}\n", `p.yaml:4 (indicator): error: city has no field "indicator": did you mean indicators?`},
		{"a number as a key", oneCohort + "cities:\n  - {id: oslo, name: Oslo, country: NO, population: 717710, 7: x}\n", `p.yaml:4 (7): error: city has no field "7": known are id, name, country, population, timezone, location, cohorts, indicators, targets, interventions, sources`},
		{"a password in clear", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://a.example/x.csv', password: hunter2}\n", `p.yaml:7 (password): error: the password of source police is not a reference to a secret: write ${env:NAME} for an environment variable of the server, or file:/run/secrets/name`},
		{"a password in a url", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://me:hunter2@a.example/x.csv'}\n", `p.yaml:7 (url): error: the url of source police holds a password: write the user as user and the password as password: ${env:NAME}`},
		{"the server's own secret", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://a.example/x.csv', token: '${env:CITYGAUGE_DATABASE_URL}'}\n", `p.yaml:7 (token): error: the token of source police would be the server's own: name one that begins with CITYGAUGE_SOURCE_, or not with CITYGAUGE_`},
		{"a source for what no city has", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://a.example/x.csv', indicator: thefts}\n", `p.yaml:7 (indicator): error: city oslo has no indicator "thefts": declare the indicator, or correct the name`},
		{"a field of fields", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://a.example/x.csv', fields: {dat: occurred}}\n", `p.yaml:7 (fields.dat): error: source has no field "fields.dat": did you mean date?`},
		{"fields as a text", base + "sources:\n  - {city: oslo, id: police, kind: csv, url: 'https://a.example/x.csv', fields: date}\n", `p.yaml:7 (fields): error: fields is one text: write {date: occurred_on, value: amount}`},
		{"a range that is a mapping", base + "indicators:\n  - {city: oslo, id: beds, title: Beds, unit: beds, frequency: monthly, direction: maintain, targets: [{range: {low: 1, high: 2}}]}\n", `p.yaml:7 (range): error: range is a mapping: write [10, 20]`},
		{"field of the outer thing", base + "  - {id: rome, name: Rome, country: IT, population: 2873000, indicators: [{city: rome, id: thefts, " + thefts + "}]}\n", `p.yaml:6 (city): error: indicator has no field "city": known are id, title, unit, frequency, direction, measure, kind, problem, lens, decimals, plausible, due_days, judge_provisional, breaks, definition, owner, source, targets`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want+"\n", parse(c.text).Report.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsOfFiles(t *testing.T) {
	cohorts := "cohort,starts,ends\n2026,2026-01-01,2026-12-31\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no known file", map[string]string{"observations.csv": "city\n"}, ": error: the folder holds no file of a programme: put programme.yaml there, or CSV files named cohorts.csv, cities.csv, indicators.csv, targets.csv, interventions.csv\n"},
		{"not UTF-8", map[string]string{"cohorts.csv": cohorts + "2027,\xe9,\n"}, "cohorts.csv:3: error: the text is not UTF-8: save the file as UTF-8\n"},
		{"observations beside", map[string]string{"cohorts.csv": cohorts, "observations.csv": "city\n"}, ""},
		{"misspelt name", map[string]string{"cohorts.csv": cohorts, "citys.csv": "city\n"}, "citys.csv: warning: the file is not read, since its name is not known: did you mean cities.csv?\n"},
		{"both kinds", map[string]string{"Cohorts.csv": cohorts, "programme.yaml": oneCohort}, "programme.yaml:2: error: cohort 2026 is declared twice: keep one of them; the other is at Cohorts.csv:2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := files(t, c.files)
			got := strings.ReplaceAll(read(t, folder).Report.String(), folder+string(filepath.Separator), "")
			if diff := cmp.Diff(c.want, strings.ReplaceAll(got, folder, "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefusesPathsThatItCannotRead(t *testing.T) {
	if _, err := Read(filepath.Join(t.TempDir(), "programme.yaml")); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "reading the programme: ") {
		t.Errorf("error = %v", err)
	}
	folder := files(t, map[string]string{"people.csv": "a\n"})
	if got := read(t, filepath.Join(folder, "people.csv")).Report; !got.Refused() || len(got) != 1 {
		t.Errorf("report of an unknown CSV file:\n%s", got)
	}
}

func TestCohortsAndTargetsDefaultToTheOnlyCohort(t *testing.T) {
	p := accepted(t, oneCohort+twoCities+"  - {id: rome, name: Rome, country: IT, population: 2873000, cohorts: []}\n"+
		"indicators:\n  - {city: oslo, id: thefts, "+thefts+", targets: [{baseline: {value: 2, period: 2025}, target: 1}]}\n")
	for i, want := range [][]string{{"2026"}, {"2026"}, nil} {
		if got := p.Cities[i].Cohorts; !slices.Equal(got, want) {
			t.Errorf("cohorts of %s = %v, want %v", p.Cities[i].ID, got, want)
		}
	}
	if got := p.Targets[0].Cohort; got != "2026" {
		t.Errorf("cohort of the target = %q", got)
	}
}

func TestDefaultsOfAnIndicator(t *testing.T) {
	p := accepted(t, oneCohort+twoCities+"indicators:\n  - {city: oslo, id: a, "+thefts+"}\n  - {city: oslo, id: b, "+thefts+", kind: count}\n")
	want := programme.Indicator{
		City: "oslo", ID: "a", Title: "Thefts", Unit: "thefts", Lens: programme.Outcome, Kind: programme.Quantity, Decimals: 1,
		Frequency: programme.Monthly, Direction: programme.Decrease, Measure: programme.Latest, DueDays: 30,
	}
	if diff := cmp.Diff(want, p.Indicators[0]); diff != "" {
		t.Errorf("a quantity (-want +got):\n%s", diff)
	}
	if got := p.Indicators[1].Decimals; got != 0 {
		t.Errorf("decimals of a count = %d", got)
	}
}

func TestEveryCity(t *testing.T) {
	text := oneCohort + twoCities + "indicators:\n" +
		"  - {city: lima, id: thefts, title: Robos, unit: robos, frequency: weekly, direction: decrease}\n" +
		"  - {city: '*', id: thefts, " + thefts + "}\n" +
		"  - {city: oslo, id: arson, " + thefts + "}\n" +
		"targets:\n" +
		"  - {city: '*', indicator: thefts, baseline: {value: 2, period: 2025}, target: 1}\n" +
		"  - {city: oslo, indicator: thefts, baseline: {value: 20, period: 2025}, target: 1}\n" +
		"  - {city: '*', indicator: arson, baseline: {value: 2, period: 2025}, target: 1}\n" +
		"interventions:\n" +
		"  - {city: '*', title: Lights, start: 2026-02-01, indicators: [arson, thefts]}\n" +
		"  - {city: '*', title: Law, start: 2026-02-01}\n"
	d := parse(text)
	if len(d.Report) > 0 {
		t.Fatalf("problems:\n%s", d.Report)
	}
	var got []string
	for i, x := range d.Programme.Indicators {
		got = append(got, x.Key().String()+" "+x.Title+" "+d.Locate(programme.Fault{Noun: programme.IndicatorNoun, Index: i, Field: "title"}).String())
	}
	for i, x := range d.Programme.Targets {
		got = append(got, x.Key().String()+" "+number(x.Baseline.Value)+" "+d.Locate(programme.Fault{Noun: programme.TargetNoun, Index: i}).String())
	}
	for _, x := range d.Programme.Interventions {
		got = append(got, interventionKey(x))
	}
	want := []string{
		"lima/thefts Robos p.yaml:7 (title)",
		"oslo/thefts Thefts p.yaml:8 (title)",
		"oslo/arson Thefts p.yaml:9 (title)",
		"lima/thefts/2026 2 p.yaml:11",
		"oslo/thefts/2026 20 p.yaml:12",
		"oslo/arson/2026 2 p.yaml:13",
		"oslo/Lights/2026-02-01",
		"oslo/Law/2026-02-01",
		"lima/Law/2026-02-01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLocate(t *testing.T) {
	yaml := parse(oneCohort + twoCities + `indicators:
  - city: oslo
    id: thefts
    ` + strings.ReplaceAll(thefts, ", ", "\n    ") + `
    targets:
      - baseline: {value: 2, period: 2025}
        target: 1
        trajectory: steps
        milestones:
          - {on: 2026-03-01, target: 1.8}
          - {on: 2026-05-01, target: 1.5}
`)
	sheets := read(t, filepath.Join("testdata", "good-csv"))
	for _, c := range []struct {
		name string
		in   *Declaration
		f    programme.Fault
		want string
	}{
		{"the thing", yaml, programme.Fault{Noun: programme.TargetNoun}, "p.yaml:14"},
		{"a field", yaml, programme.Fault{Noun: programme.TargetNoun, Field: "target"}, "p.yaml:15 (target)"},
		{"an item of a list", yaml, programme.Fault{Noun: programme.TargetNoun, Field: "milestones.1"}, "p.yaml:19 (milestones)"},
		{"a field of the outer thing", yaml, programme.Fault{Noun: programme.TargetNoun, Field: "city"}, "p.yaml:7 (city)"},
		{"a field that is not written", yaml, programme.Fault{Noun: programme.TargetNoun, Field: "range"}, "p.yaml:14"},
		{"no such thing", yaml, programme.Fault{Noun: programme.TargetNoun, Index: 7}, ""},
		{"a cell", sheets, programme.Fault{Noun: programme.CityNoun, Index: 1, Field: "population"}, "testdata/good-csv/cities.csv:4 (column A, population)"},
		{"a sibling", sheets, programme.Fault{Noun: programme.TargetNoun, Index: 2, Field: "range"}, "testdata/good-csv/targets.csv:4 (column I, range_low)"},
		{"an item of a cell", sheets, programme.Fault{Noun: programme.TargetNoun, Index: 0, Field: "milestones.1"}, "testdata/good-csv/targets.csv:2 (column K, milestones)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := filepath.ToSlash(c.in.Locate(c.f).String()); got != c.want {
				t.Errorf("Locate(%v) = %s, want %s", c.f, got, c.want)
			}
		})
	}
}

func TestLineEndsDoNotMatter(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "good", "programme.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := accepted(t, string(text))
	got := accepted(t, "\ufeff"+strings.ReplaceAll(string(text), "\n", "\r\n"))
	if diff := cmp.Diff(want, got, comparePeriods); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAliasesCannotFillTheMemory(t *testing.T) {
	many := func(item string) string { return "[" + strings.Repeat(item+",", 999) + item + "]" }
	d := parse("cities:\n" +
		"  - {id: a, targets: &t " + many("{target: 1}") + ", indicators: &i " + many("{targets: *t}") + "}\n" +
		"  - {id: b, indicators: *i}\n" + strings.Repeat("  - {id: c, indicators: *i}\n", 500))
	if len(d.Report) == 0 || !strings.HasPrefix(d.Report[0].Message, "aliases lead to more than") {
		t.Errorf("not refused for its size:\n%.500s", d.Report)
	}
}

func TestProblemAsJSON(t *testing.T) {
	text, err := json.Marshal(Problem{Place: Place{File: "cities.csv", Line: 4, Column: "D", Field: "population"}, Severity: Error, Message: "m", Hint: "h"})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"cities.csv","line":4,"column":"D","field":"population","severity":"error","message":"m","hint":"h"}`
	if string(text) != want {
		t.Errorf("JSON = %s, want %s", text, want)
	}
}
