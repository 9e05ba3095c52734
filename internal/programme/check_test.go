package programme_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
)

// valid is a programme of one of everything, without a fault: its first target
// is to decrease, its second to maintain.
func valid(t testing.TB) programme.Programme {
	t.Helper()
	robberies := programme.Indicator{
		City: "riverton", ID: "robberies", Title: "Robberies", Unit: "incidents", Problem: "violence", Lens: programme.Outcome,
		Kind: programme.Count, Frequency: programme.Monthly, Direction: programme.Decrease, Measure: programme.Total, DueDays: programme.DefaultDueDays,
	}
	beds := robberies
	beds.ID, beds.Title, beds.Unit, beds.Kind = "beds", "Shelter beds in use", "%", programme.Quantity
	beds.Direction, beds.Measure = programme.Maintain, programme.Latest
	return programme.Programme{
		Cohorts: []programme.Cohort{{ID: "2025", Starts: date(t, "2025-01-01"), Ends: date(t, "2025-12-31")}},
		Cities: []programme.City{{
			ID: "riverton", Name: "Riverton", Country: "US", Population: programme.EligiblePopulation, Timezone: "America/New_York",
			Location: &programme.Location{Latitude: 42.4, Longitude: -71.1}, Cohorts: []string{"2025"},
		}},
		Indicators: []programme.Indicator{robberies, beds},
		Targets: []programme.Target{
			{
				City: "riverton", Indicator: "robberies", Cohort: "2025",
				Baseline: programme.Baseline{Auto: true, Period: span(t, "2024")}, Goal: must(t, "-10%", programme.ParseGoal),
			},
			{City: "riverton", Indicator: "beds", Cohort: "2025", Band: &programme.Band{Low: 80, High: 95}},
		},
		Interventions: []programme.Intervention{{City: "riverton", Title: "Street lights", Start: date(t, "2025-03-01"), Indicators: []string{"robberies"}}},
	}
}

// fault is a fault as it is shown, with where it is.
func fault(f programme.Fault) string {
	severity := "error"
	if f.Warning {
		severity = "warning"
	}
	return strings.Join([]string{severity, string(f.Noun), f.Field, f.Error()}, " | ")
}

func check(p programme.Programme) []string {
	var all []string
	for _, f := range p.Check() {
		all = append(all, fault(f))
	}
	return all
}

func TestAValidProgrammeHasNoFaults(t *testing.T) {
	for name, p := range map[string]programme.Programme{"empty": {}, "one of everything": valid(t)} {
		t.Run(name, func(t *testing.T) {
			if faults := check(p); faults != nil {
				t.Errorf("faults: %s", strings.Join(faults, "\n"))
			}
		})
	}
}

// faulty is a change that makes the valid programme wrong, and what is said of it.
type faulty struct {
	name   string
	change func(*programme.Programme)
	want   []string
}

func testFaults(t *testing.T, cases []faulty) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := valid(t)
			c.change(&p)
			if diff := cmp.Diff(c.want, check(p)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			for _, f := range p.Check() {
				if f.Hint == "" || f.Message == "" {
					t.Errorf("%q does not say what to do", f.Error())
				}
			}
		})
	}
}

const notASlug = "write 1 to 40 of the characters a-z, 0-9 and -"

func TestCheckCohorts(t *testing.T) {
	alone := func(c programme.Cohort) func(*programme.Programme) {
		return func(p *programme.Programme) { *p = programme.Programme{Cohorts: []programme.Cohort{c}} }
	}
	first, last := date(t, "2025-01-01"), date(t, "2025-12-31")
	testFaults(t, []faulty{
		{"no identifier", alone(programme.Cohort{Starts: first, Ends: last}), []string{`error | cohort | cohort | cohort "" is not an identifier: ` + notASlug}},
		{"no first day", alone(programme.Cohort{ID: "2025", Ends: last}), []string{"error | cohort | starts | cohort 2025 has no first day: write a date as 2025-03-15"}},
		{"no last day", alone(programme.Cohort{ID: "2025", Starts: first}), []string{"error | cohort | ends | cohort 2025 has no last day: write a date as 2025-03-15"}},
		{
			"ends before it starts", alone(programme.Cohort{ID: "2025", Starts: last, Ends: first}),
			[]string{"error | cohort | ends | cohort 2025 ends on 2025-01-01, before it starts on 2025-12-31: write the later day as ends"},
		},
		{"a single day", alone(programme.Cohort{ID: "2025", Starts: first, Ends: first}), nil},
		{"declared twice", func(p *programme.Programme) { p.Cohorts = append(p.Cohorts, p.Cohorts[0]) }, []string{"error | cohort |  | cohort 2025 is declared twice: keep one of them"}},
	})
}

func TestCheckCities(t *testing.T) {
	city := func(change func(*programme.City)) func(*programme.Programme) {
		return func(p *programme.Programme) { change(&p.Cities[0]) }
	}
	testFaults(t, []faulty{
		{
			"every other mistake", func(p *programme.Programme) {
				*p = programme.Programme{Cities: []programme.City{{ID: "São Paulo", Population: -1, Country: "Brazil", Timezone: "UTC-3"}}}
			},
			[]string{
				`error | city | city | city "São Paulo" is not an identifier: ` + notASlug,
				"error | city | name | city São Paulo has no name: write the city's name",
				`error | city | country | country is "Brazil": write the two letters of ISO 3166-1, such as US`,
				"error | city | population | population is -1: write the number of people",
				`error | city | timezone | timezone "UTC-3" is not known: write an IANA name such as America/New_York`,
			},
		},
		{"a small country code", city(func(c *programme.City) { c.Country = "us" }), []string{`error | city | country | country is "us": write the two letters of ISO 3166-1, such as US`}},
		{"no population", city(func(c *programme.City) { c.Population = 0 }), []string{"error | city | population | population is 0: write the number of people"}},
		{
			"too small to be eligible", city(func(c *programme.City) { c.Population = programme.EligiblePopulation - 1 }),
			[]string{"warning | city | population | riverton has 99999 people, fewer than the 100000 from which a city is eligible: check the number, or go on knowingly"},
		},
		{"the zone of this machine", city(func(c *programme.City) { c.Timezone = "Local" }), []string{`error | city | timezone | timezone "Local" is not known: write an IANA name such as America/New_York`}},
		{"no zone", city(func(c *programme.City) { c.Timezone = "" }), nil},
		{"no place", city(func(c *programme.City) { c.Location = nil }), nil},
		{"the South Pole", city(func(c *programme.City) { c.Location = &programme.Location{Latitude: -90, Longitude: 180} }), nil},
		{
			"beyond a pole", city(func(c *programme.City) { c.Location = &programme.Location{Latitude: 90.5, Longitude: 0} }),
			[]string{"error | city | latitude | 90.5, 0 is no place on earth: write degrees north from -90 to 90 and east from -180 to 180"},
		},
		{
			"a place that is no number", city(func(c *programme.City) { c.Location = &programme.Location{Longitude: math.NaN()} }),
			[]string{"error | city | latitude | 0, NaN is no place on earth: write degrees north from -90 to 90 and east from -180 to 180"},
		},
		{
			"a cohort that is not", city(func(c *programme.City) { c.Cohorts = append(c.Cohorts, "2052") }),
			[]string{`error | city | cohorts | no cohort is called "2052": declare the cohort, or correct the name`},
		},
		{"declared twice", func(p *programme.Programme) { p.Cities = append(p.Cities, p.Cities[0]) }, []string{"error | city |  | city riverton is declared twice: keep one of them"}},
	})
}
