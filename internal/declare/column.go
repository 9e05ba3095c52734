package declare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// need says what of a column may be missing.
type need int

const (
	optional need = iota
	header        // a CSV file has the column, but a cell may be empty
	always        // every thing has the field
)

// column is one field of a noun, as CSV and YAML write it.
type column struct {
	name  string // as a programme.Fault names it
	path  string // in YAML, where it is not the name: nested keys joined by dots, numbers for the items of a list
	csv   string // the header in CSV, where it is not the name
	need  need
	list  bool
	plain bool // a number, date or word that looks better without quotes in YAML
}

func (c column) inYAML() string { return cmp.Or(c.path, c.name) }

func (c column) inCSV() string { return cmp.Or(c.csv, c.name) }

// table is how one noun is written.
type table struct {
	noun     programme.Noun
	plural   string // the key of its list in YAML and, with .csv, its file
	keys     []string
	columns  []column
	children []programme.Noun // may be nested in it in YAML
	yamlOnly bool
}

func (t table) file() string { return t.plural + ".csv" }

func (t table) column(matches func(column) bool) (column, bool) {
	for _, c := range t.columns {
		if matches(c) {
			return c, true
		}
	}
	return column{}, false
}

func (t table) headers(wanted need) []string {
	var names []string
	for _, c := range t.columns {
		if c.need >= wanted {
			names = append(names, c.inCSV())
		}
	}
	return names
}

// tables are in the order in which the nouns build on each other.
var tables = []table{
	{
		noun: programme.CohortNoun, plural: "cohorts", keys: []string{"cohort"},
		columns: []column{
			{name: "cohort", path: "id", need: always},
			{name: "starts", need: always, plain: true},
			{name: "ends", need: always, plain: true},
		},
	},
	{
		noun: programme.CityNoun, plural: "cities", keys: []string{"city"},
		columns: []column{
			{name: "city", path: "id", need: always},
			{name: "name", need: always},
			{name: "country", need: always},
			{name: "population", need: always, plain: true},
			{name: "timezone"},
			{name: "latitude", path: "location.latitude", plain: true},
			{name: "longitude", path: "location.longitude", plain: true},
			{name: "cohorts", list: true},
		},
		children: []programme.Noun{programme.IndicatorNoun, programme.TargetNoun, programme.InterventionNoun, programme.SourceNoun},
	},
	{
		noun: programme.IndicatorNoun, plural: "indicators", keys: []string{"city", "indicator"},
		columns: []column{
			{name: "city", need: always},
			{name: "indicator", path: "id", need: always},
			{name: "title", need: always},
			{name: "unit", need: always},
			{name: "frequency", need: always},
			{name: "direction", need: always},
			{name: "measure"},
			{name: "kind"},
			{name: "problem"},
			{name: "lens"},
			{name: "decimals", plain: true},
			{name: "plausible.min", csv: "plausible_min", plain: true},
			{name: "plausible.max", csv: "plausible_max", plain: true},
			{name: "due_days", plain: true},
			{name: "judge_provisional", plain: true},
			{name: "breaks", list: true, plain: true},
			{name: "definition"},
			{name: "owner"},
			{name: "source"},
		},
		children: []programme.Noun{programme.TargetNoun},
	},
	{
		noun: programme.TargetNoun, plural: "targets", keys: []string{"city", "indicator", "cohort"},
		columns: []column{
			{name: "city", need: always},
			{name: "indicator", need: always},
			{name: "cohort", need: header},
			{name: "baseline.value", csv: "baseline", need: header, plain: true},
			{name: "baseline.period", csv: "baseline_period", need: header, plain: true},
			{name: "target", need: header},
			{name: "period", csv: "target_period", plain: true},
			{name: "trajectory"},
			{name: "range.low", path: "range.0", csv: "range_low", plain: true},
			{name: "range.high", path: "range.1", csv: "range_high", plain: true},
			{name: "milestones", list: true},
		},
	},
	{
		noun: programme.InterventionNoun, plural: "interventions", keys: []string{"city", "title", "start"},
		columns: []column{
			{name: "city", need: always},
			{name: "title", need: always},
			{name: "start", need: always, plain: true},
			{name: "end", plain: true},
			{name: "indicators", list: true},
		},
	},
	{
		noun: programme.SourceNoun, plural: "sources", keys: []string{"city", "source"}, yamlOnly: true,
		columns: []column{
			{name: "city", need: always},
			{name: "source", path: "id", need: always},
			{name: "kind", need: always},
			{name: "url", need: always},
			{name: "dataset"},
			{name: "query"},
			{name: "records"},
			{name: "indicator"},
			{name: "fields.period"},
			{name: "fields.date"},
			{name: "fields.format"},
			{name: "fields.value"},
			{name: "fields.indicator"},
			{name: "fields.status"},
			{name: "fields.note"},
			{name: "where"},
			{name: "aggregate"},
			{name: "of"},
			{name: "only"},
			{name: "over"},
			{name: "per", plain: true},
			{name: "settle_days", plain: true},
			{name: "decimal"},
			{name: "schedule"},
			{name: "token"},
			{name: "user"},
			{name: "password"},
		},
	},
}

// csvTables are those of which a folder of CSV files may have one.
func csvTables() []table {
	return slices.DeleteFunc(slices.Clone(tables), func(t table) bool { return t.yamlOnly })
}

// examples show how the fields that are more than one text are written in YAML.
var examples = map[string]string{
	"location":   "{latitude: 42.36, longitude: -71.06}",
	"plausible":  "{min: 0, max: 200}",
	"baseline":   "{value: auto, period: 2025}",
	"range":      "[10, 20]",
	"fields":     "{date: occurred_on, value: amount}",
	"milestones": "[{on: 2026-06-30, target: 110}]",
}

func tableOf(noun programme.Noun) table {
	for _, t := range tables {
		if t.noun == noun {
			return t
		}
	}
	return table{}
}

// stem is the first part of a dotted name.
func stem(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}
