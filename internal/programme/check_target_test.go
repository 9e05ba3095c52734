package programme_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestCheckTargets(t *testing.T) {
	target := func(change func(*programme.Target)) func(*programme.Programme) {
		return func(p *programme.Programme) { change(&p.Targets[0]) }
	}
	goal := func(text string) programme.Goal { return must(t, text, programme.ParseGoal) }
	testFaults(t, []faulty{
		{"no target", target(func(x *programme.Target) { x.Goal = programme.Goal{} }), []string{"error | target | target | no target is given for robberies: write a value such as 750 or a change such as -10%"}},
		{
			"percentage points of a number", target(func(x *programme.Target) { x.Goal = goal("-10pp") }),
			[]string{"warning | target | target | indicator robberies is a number of incidents, not a percentage: pp changes it by as many: write % where a part of the baseline is meant, else the value itself"},
		},
		{
			"a range for an indicator to decrease", target(func(x *programme.Target) { x.Band = &programme.Band{High: 1} }),
			[]string{"error | target | range | indicator robberies is to decrease, but its target is a range: write a target, or direction maintain"},
		},
		{
			"no baseline period", target(func(x *programme.Target) { x.Baseline = programme.Baseline{Value: 833} }),
			[]string{"error | target | baseline.period | the baseline of robberies has no period: write the period that the baseline was measured in, such as 2024"},
		},
		{
			"a baseline beyond 1e15", target(func(x *programme.Target) { x.Baseline.Auto, x.Baseline.Value = false, -1e16 }),
			[]string{"error | target | baseline.value | the baseline of robberies is -1e+16: write a number up to 1e15, or auto"},
		},
		{"an unknown trajectory", target(func(x *programme.Target) { x.Path = "straight" }), []string{`error | target | trajectory | trajectory is "straight": write one of linear, level, compound, steps`}},
		{
			"no period in the year", target(func(x *programme.Target) { x.Baseline.Period = span(t, "2025-12") }),
			[]string{"error | target | period | no month of indicator robberies ends after 2025-12-31 and by 2025-12-31: choose a later target period, an earlier baseline or a more frequent indicator"},
		},
		{"a last month", target(func(x *programme.Target) { x.Baseline.Period = span(t, "2025-11") }), nil},
		{"a year after the cohort's", target(func(x *programme.Target) { x.Period = span(t, "2026") }), nil},
		{"steps", target(func(x *programme.Target) {
			x.Path, x.Milestones = programme.Steps, []programme.Milestone{{date(t, "2025-03-31"), goal("-2%")}, {date(t, "2025-09-30"), goal("800")}}
		}), nil},
		{"steps without milestones", target(func(x *programme.Target) { x.Path = programme.Steps }), []string{"error | target | milestones | a trajectory in steps has no milestones: write dated milestones, or another trajectory"}},
		{
			"milestones without steps", target(func(x *programme.Target) { x.Milestones = []programme.Milestone{{date(t, "2025-03-31"), goal("-2%")}} }),
			[]string{"error | target | milestones | milestones are given, but the trajectory is level: write trajectory: steps"},
		},
		{
			"milestones out of order, twice and outside the year", target(func(x *programme.Target) {
				x.Path, x.Milestones = programme.Steps, []programme.Milestone{
					{date(t, "2024-12-31"), goal("-1%")},
					{date(t, "2025-06-30"), goal("-2%")},
					{date(t, "2025-03-31"), goal("-3%")},
					{date(t, "2025-03-31"), goal("-4%")},
					{date(t, "2025-12-31"), goal("-5%")},
				}
			}),
			[]string{
				"error | target | milestones.0 | a milestone on 2024-12-31 is not between 2024-12-31 and 2025-12-31: write a day in between",
				"error | target | milestones.2 | milestone 2025-03-31 does not come after 2025-06-30: write the milestones in order of time",
				"error | target | milestones.3 | milestone 2025-03-31 does not come after 2025-03-31: write the milestones in order of time",
				"error | target | milestones.4 | a milestone on 2025-12-31 is not between 2024-12-31 and 2025-12-31: write a day in between",
			},
		},
		{
			"a milestone without a value", target(func(x *programme.Target) {
				x.Path, x.Milestones = programme.Steps, []programme.Milestone{{On: date(t, "2025-06-30")}}
			}),
			[]string{"error | target | milestones.0 | the milestone on 2025-06-30 has no value: write the value to reach by then"},
		},
		{
			"an indicator that is not", target(func(x *programme.Target) { x.Indicator = "thefts" }),
			[]string{`error | target | indicator | city riverton has no indicator "thefts": declare the indicator, or correct the name`},
		},
		{
			"a cohort that is not", target(func(x *programme.Target) { x.Cohort = "2052" }),
			[]string{`error | target | cohort | no cohort is called "2052": declare the cohort, or correct the name`},
		},
		{
			"a cohort that the city is not in", func(p *programme.Programme) { p.Targets, p.Cities[0].Cohorts = p.Targets[:1], nil },
			[]string{"error | target | cohort | city riverton is not in cohort 2025: add the cohort to the city's cohorts"},
		},
		{"declared twice", func(p *programme.Programme) { p.Targets = append(p.Targets, p.Targets[0]) }, []string{"error | target |  | target riverton/robberies/2025 is declared twice: keep one of them"}},
	})
}

func TestCheckTargetsToMaintain(t *testing.T) {
	target := func(change func(*programme.Target)) func(*programme.Programme) {
		return func(p *programme.Programme) { change(&p.Targets[1]) }
	}
	testFaults(t, []faulty{
		{"no range", target(func(x *programme.Target) { x.Band = nil }), []string{"error | target | range | an indicator to maintain needs a range: write the range to stay in"}},
		{"the wrong way round", target(func(x *programme.Target) { x.Band = &programme.Band{Low: 2, High: 1} }), []string{"error | target | range | the range goes from 2 to 1: write the smaller number first"}},
		{"without width", target(func(x *programme.Target) { x.Band = &programme.Band{Low: 2, High: 2} }), []string{"error | target | range | the range goes from 2 to 2: write the smaller number first"}},
		{"beyond 1e15", target(func(x *programme.Target) { x.Band = &programme.Band{High: 1e16} }), []string{"error | target | range | the range goes from 0 to 1e+16: write numbers up to 1e15"}},
		{
			"a single target", target(func(x *programme.Target) { x.Goal = must(t, "90", programme.ParseGoal) }),
			[]string{"error | target | target | an indicator to maintain has no single target: write a range instead"},
		},
		{
			"a baseline to be measured in no period", target(func(x *programme.Target) { x.Baseline.Auto = true }),
			[]string{"error | target | baseline.period | the baseline of beds has no period: write the period that the baseline was measured in, such as 2024"},
		},
		{"a baseline to be measured", target(func(x *programme.Target) { x.Baseline = programme.Baseline{Auto: true, Period: span(t, "2024")} }), nil},
	})
}

// TestAFaultIsSaidOnce has what a target refers to faulty, of which nothing is
// said at the target.
func TestAFaultIsSaidOnce(t *testing.T) {
	testFaults(t, []faulty{
		{"of the indicator", func(p *programme.Programme) { p.Indicators[0].Measure = "sum" }, []string{`error | indicator | measure | measure is "sum": write one of latest, rolling, rolling-mean, mean, total`}},
		{"of the cohort", func(p *programme.Programme) { p.Cohorts[0].Ends = 0 }, []string{"error | cohort | ends | cohort 2025 has no last day: write a date as 2025-03-15"}},
		{
			"of the city", func(p *programme.Programme) { p.Cities, p.Interventions = nil, nil },
			[]string{
				`error | indicator | city | no city is called "riverton": declare the city, or correct the name`,
				`error | indicator | city | no city is called "riverton": declare the city, or correct the name`,
			},
		},
	})
}

func TestFaultsSayWhichThing(t *testing.T) {
	p := valid(t)
	p.Targets[1].Band = nil
	faults := p.Check()
	if len(faults) != 1 || faults[0].Noun != programme.TargetNoun || faults[0].Index != 1 {
		t.Errorf("faults: %+v", faults)
	}
}

func TestWindowOfATarget(t *testing.T) {
	cohort := programme.Cohort{ID: "2025", Starts: date(t, "2025-07-01"), Ends: date(t, "2026-06-15")}
	for _, c := range []struct {
		name, baseline, period string
		frequency              programme.Frequency
		start, end             string
	}{
		{"the cohort's", "2024", "", programme.Monthly, "2025-06-30", "2026-05-31"},
		{"by its frequency", "2024", "", programme.Quarterly, "2025-06-30", "2026-03-31"},
		{"a baseline that reaches into the cohort", "2025", "", programme.Monthly, "2025-12-31", "2026-05-31"},
		{"no baseline", "", "", programme.Daily, "2025-06-30", "2026-06-15"},
		{"a period of its own", "2024", "2026", programme.Monthly, "2025-06-30", "2026-12-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var x programme.Target
			if c.baseline != "" {
				x.Baseline.Period = span(t, c.baseline)
			}
			if c.period != "" {
				x.Period = span(t, c.period)
			}
			if start, end := x.Start(cohort).String(), x.End(c.frequency, cohort).String(); start != c.start || end != c.end {
				t.Errorf("the year is (%s, %s], want (%s, %s]", start, end, c.start, c.end)
			}
		})
	}
}

func TestDefaultTrajectory(t *testing.T) {
	for measure, want := range map[programme.Measure]programme.Trajectory{
		programme.Latest: programme.Linear, programme.Rolling: programme.Linear, programme.RollingMean: programme.Linear,
		programme.Mean: programme.Level, programme.Total: programme.Level,
	} {
		if got := (programme.Target{}).Trajectory(measure); got != want {
			t.Errorf("trajectory of %s is %s, want %s", measure, got, want)
		}
		if got := (programme.Target{Path: programme.Compound}).Trajectory(measure); got != programme.Compound {
			t.Errorf("trajectory of %s is %s, though compound is declared", measure, got)
		}
	}
}

func TestIndexHasTheFirst(t *testing.T) {
	p := valid(t)
	again := p.Cities[0]
	again.Name = "Riverton upon Sea"
	p.Cities = append(p.Cities, again)
	if got := p.Index().Cities["riverton"].Name; got != "Riverton" {
		t.Errorf("city is %s", got)
	}
}
