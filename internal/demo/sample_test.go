package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/programme"
)

var comparePeriods = cmpopts.EquateComparable(programme.Period{})

// seasons are days of all cohorts that a year meets.
var seasons = []programme.Date{
	programme.NewDate(2026, time.January, 1),
	programme.NewDate(2026, time.March, 31),
	programme.NewDate(2026, time.April, 1),
	programme.NewDate(2026, time.August, 17),
	programme.NewDate(2026, time.December, 31),
	programme.NewDate(2028, time.February, 29),
}

// eachSample runs a test for several days and seeds.
func eachSample(t *testing.T, test func(t *testing.T, today programme.Date, seed uint64)) {
	t.Helper()
	for _, today := range seasons {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s seed %d", today, seed), func(t *testing.T) { test(t, today, seed) })
		}
	}
}

func TestProgrammeIsValid(t *testing.T) {
	eachSample(t, func(t *testing.T, today programme.Date, seed uint64) {
		p, _ := Sample(today, seed)
		for _, fault := range p.Check() {
			if !fault.Warning {
				t.Error(fault)
			}
		}
	})
}

func TestCitiesAreMarkedAsSample(t *testing.T) {
	p, _ := Sample(seasons[0], 1)
	if len(p.Cities) != 40 {
		t.Errorf("%d cities, not 40", len(p.Cities))
	}
	for _, c := range p.Cities {
		if !strings.HasSuffix(c.Name, " (sample)") {
			t.Errorf("%s is called %q, which does not say that it is a sample", c.ID, c.Name)
		}
		if c.Population < programme.EligiblePopulation || c.Population > 4_000_000 {
			t.Errorf("%s has %d people", c.ID, c.Population)
		}
	}
	indicators := make(map[string]int)
	for _, i := range p.Indicators {
		indicators[i.City]++
		if !strings.HasPrefix(i.Source, "Sample data") {
			t.Errorf("the source of %s is %q, which does not say that it is a sample", i.Key(), i.Source)
		}
	}
	for city, n := range indicators {
		if n < 3 || n > 6 {
			t.Errorf("%s has %d indicators, not 3 to 6", city, n)
		}
	}
	for _, i := range p.Interventions {
		if !strings.HasSuffix(i.Title, " (sample)") {
			t.Errorf("intervention %q does not say that it is a sample", i.Title)
		}
	}
}

func TestSampleHasOneOfEach(t *testing.T) {
	p, _ := Sample(seasons[3], 1)
	seen := make(map[any]bool)
	problems := make(map[string]bool)
	for _, i := range p.Indicators {
		problems[i.Problem] = true
		for _, word := range []any{i.Lens, i.Kind, i.Direction, i.Measure, i.Frequency} {
			seen[word] = true
		}
	}
	index := p.Index()
	for _, target := range p.Targets {
		indicator := index.Indicators[programme.IndicatorKey{City: target.City, Indicator: target.Indicator}]
		seen[target.Trajectory(indicator.Measure)] = true
		seen[target.Goal.Form] = true
		seen[target.Baseline.Auto] = true
	}
	want := []any{programme.Absolute, programme.Percent, programme.Points, true, false}
	want = appendWords(want, programme.Lenses)
	want = appendWords(want, programme.Kinds)
	want = appendWords(want, []programme.Direction{programme.Increase, programme.Decrease, programme.Maintain})
	want = appendWords(want, programme.Measures)
	want = appendWords(want, programme.Frequencies())
	want = appendWords(want, programme.Trajectories)
	for _, word := range want {
		if !seen[word] {
			t.Errorf("nothing in the sample is %T %v", word, word)
		}
	}
	if len(problems) < 5 {
		t.Errorf("only %d problems", len(problems))
	}
}

func appendWords[T any](all []any, words []T) []any {
	for _, w := range words {
		all = append(all, w)
	}
	return all
}

func TestObservationsObeyTheirIndicators(t *testing.T) {
	eachSample(t, func(t *testing.T, today programme.Date, seed uint64) {
		p, observations := Sample(today, seed)
		index := p.Index()
		statuses := make(map[programme.ObservationStatus]int)
		n := 0
		var previous programme.Observation
		for o := range observations {
			n++
			statuses[o.Status]++
			indicator, known := index.Indicators[programme.IndicatorKey{City: o.City, Indicator: o.Indicator}]
			switch {
			case !known:
				t.Fatalf("%+v is of no indicator", o)
			case o.Period.Frequency() != indicator.Frequency:
				t.Errorf("%+v is not %s", o, indicator.Frequency)
			case o.Period.Last() >= today:
				t.Errorf("%+v was not over on %s", o, today)
			case !programme.Finite(o.Value) || !indicator.Plausible.Hold(o.Value):
				t.Errorf("%+v is not plausible", o)
			case indicator.Kind == programme.Count && o.Value != math.Trunc(o.Value):
				t.Errorf("%+v is no count", o)
			case o.Status == programme.Suppressed && o.Value != 0:
				t.Errorf("%+v shows what it suppresses", o)
			case o.City == previous.City && o.Indicator == previous.Indicator && o.Period.Compare(previous.Period) <= 0:
				t.Errorf("%+v does not come after %s", o, previous.Period)
			}
			previous = o
		}
		if n < 34_000 || n > 45_000 {
			t.Errorf("%d observations, not 34,000 to 45,000", n)
		}
		for _, status := range programme.ObservationStatuses {
			if statuses[status] == 0 {
				t.Errorf("no observation is %s", status)
			}
		}
	})
}

func TestTargetsArePossible(t *testing.T) {
	eachSample(t, func(t *testing.T, today programme.Date, seed uint64) {
		p, _ := Sample(today, seed)
		index := p.Index()
		for key, a := range judged(t, today, seed) {
			indicator := index.Indicators[programme.IndicatorKey{City: key.City, Indicator: key.Indicator}]
			if a.Target.Known && !indicator.Plausible.Hold(a.Target.Number) {
				t.Errorf("the target of %s is %s %s", key, a.Target, indicator.Unit)
			}
		}
	})
}

func TestFilesThatDoNotCome(t *testing.T) {
	tests := []struct {
		name, city, indicator string
		want                  []programme.Period // of the months from January to August
	}{
		{"as usual", "cielo-sereno", "homicides", months(1, 2, 3, 4, 5, 6, 7)},
		{"silent", "kauriwhenua", "asthma-admissions", nil},
		{"late", "castelluvio", "apprenticeships", months(1, 2, 3, 4, 5)},
		{"stopped", "liwaywayan", "road-deaths", months(1, 2)},
		{"gap", "adomtia", "homicides", months(1, 3, 4, 5, 6, 7)},
	}
	today := programme.NewDate(2026, time.August, 17)
	_, observations := Sample(today, 1)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []programme.Period
			for o := range observations {
				if o.City == test.city && o.Indicator == test.indicator && o.Period.First() >= programme.NewDate(2026, time.January, 1) {
					got = append(got, o.Period)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("by %s there are %v, not %v", today, got, test.want)
			}
		})
	}
}

func months(numbers ...time.Month) []programme.Period {
	var all []programme.Period
	for _, m := range numbers {
		all = append(all, programme.Month(2026, m))
	}
	return all
}

func TestCohortIsTheYearUnderWay(t *testing.T) {
	july := programme.NewDate(2025, time.July, 1)
	january := programme.NewDate(2026, time.January, 1)
	tests := []struct {
		name   string
		today  programme.Date
		id     string
		starts programme.Date
		before string
	}{
		{"first day of the year", january, "2025-26", july, "2024-25"},
		{"last of March", programme.NewDate(2026, time.March, 31), "2025-26", july, "2024-25"},
		{"first of April", programme.NewDate(2026, time.April, 1), "2026", january, "2025"},
		{"last day of the year", programme.NewDate(2026, time.December, 31), "2026", january, "2025"},
		{"turn of the century", programme.NewDate(2100, time.February, 1), "2099-00", programme.NewDate(2099, time.July, 1), "2098-99"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, _ := Sample(test.today, 1)
			want := []programme.Cohort{
				{ID: test.before, Starts: test.starts.AddYears(-1), Ends: test.starts - 1},
				{ID: test.id, Starts: test.starts, Ends: test.starts.AddYears(1) - 1},
			}
			if diff := cmp.Diff(want, p.Cohorts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSampleDependsOnItsArgumentsAlone(t *testing.T) {
	today := seasons[3]
	p, observations := Sample(today, 7)
	again, sameAgain := Sample(today, 7)
	if diff := cmp.Diff(p, again, comparePeriods); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(slices.Collect(observations), slices.Collect(sameAgain)) {
		t.Error("the same day and seed gave other observations")
	}
	_, other := Sample(today, 8)
	if slices.Equal(slices.Collect(observations), slices.Collect(other)) {
		t.Error("another seed gave the same observations")
	}
}

func TestLaterDayOnlyAdds(t *testing.T) {
	today := programme.NewDate(2026, time.April, 1)
	p, observations := Sample(today, 1)
	type key struct {
		city, indicator string
		period          programme.Period
	}
	before := make(map[key]programme.Observation)
	for o := range observations {
		before[key{o.City, o.Indicator, o.Period}] = o
	}
	later, observations := Sample(today.AddDays(200), 1)
	if diff := cmp.Diff(p, later, comparePeriods); diff != "" {
		t.Errorf("the programme changed: %s", diff)
	}
	for o := range observations {
		k := key{o.City, o.Indicator, o.Period}
		old, ok := before[k]
		if !ok {
			continue
		}
		delete(before, k)
		if old.Status == programme.Provisional {
			old.Status = programme.Final
		}
		if o != old {
			t.Errorf("%+v became %+v", old, o)
		}
	}
	if len(before) > 0 {
		t.Errorf("%d observations are gone", len(before))
	}
}
