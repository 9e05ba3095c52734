package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// full is a programme that uses everything that can be declared.
func full() programme.Programme {
	p := twoCities()
	low, high := 0.0, 500.0
	p.Cities[0].Timezone = "America/Chicago"
	p.Cities[0].Location = &programme.Location{Latitude: 41.9, Longitude: -87.6}
	p.Indicators[0].Plausible = programme.Bounds{Min: &low, Max: &high}
	p.Indicators[0].Breaks = []programme.Date{programme.NewDate(2020, time.March, 1)}
	p.Indicators[0].Definition, p.Indicators[0].Owner, p.Indicators[0].Source = "What the police count.", "Police", "Monthly report"
	p.Indicators = append(p.Indicators, programme.Indicator{
		City: "aldermoor", ID: "shelter", Title: "Shelter occupancy", Unit: "%", Frequency: programme.Weekly, Kind: programme.Quantity,
		Direction: programme.Maintain, Measure: programme.Latest, Lens: programme.Cause, Problem: "homelessness", Decimals: 1, DueDays: 7,
		JudgeProvisional: true,
	}, programme.Indicator{
		City: "brightwater", ID: "jobs", Title: "Jobs", Unit: "jobs", Frequency: programme.Quarterly, Kind: programme.Quantity,
		Direction: programme.Increase, Measure: programme.Latest, Lens: programme.Outcome, DueDays: 30,
	})
	p.Targets = append(p.Targets, programme.Target{
		City: "aldermoor", Indicator: "shelter", Cohort: "2025", Band: &programme.Band{Low: 80, High: 95},
	}, programme.Target{
		City: "brightwater", Indicator: "jobs", Cohort: "2025", Path: programme.Steps,
		Baseline:   programme.Baseline{Value: 100, Period: programme.Range{From: year(2024), To: year(2024)}},
		Goal:       programme.Goal{Value: 20, Form: programme.Points},
		Period:     programme.Range{From: year(2025), To: year(2025)},
		Milestones: []programme.Milestone{{On: programme.NewDate(2025, time.June, 30), Goal: programme.Goal{Value: 105, Form: programme.Absolute}}},
	})
	p.Interventions = []programme.Intervention{
		{City: "aldermoor", Title: "Street lights", Start: programme.NewDate(2025, time.March, 1), Indicators: []string{"thefts"}},
		{City: "brightwater", Title: "Job centre", Start: programme.NewDate(2025, time.May, 1), End: programme.NewDate(2025, time.July, 1)},
	}
	return p
}

// asDeclared compares programmes whatever the order of their things.
var asDeclared = cmp.Options{
	equate,
	cmp.Comparer(func(a, b programme.Range) bool { return a == b }),
	cmp.Transformer("Indicators", func(list []programme.Indicator) map[string]programme.Indicator {
		byKey := map[string]programme.Indicator{}
		for _, i := range list {
			byKey[i.Key().String()] = i
		}
		return byKey
	}),
	cmp.Transformer("Targets", func(list []programme.Target) map[string]programme.Target {
		byKey := map[string]programme.Target{}
		for _, t := range list {
			byKey[t.Key().String()] = t
		}
		return byKey
	}),
}

func TestProgrammeStandsAsDeclared(t *testing.T) {
	i := install(t)
	for range 2 {
		i.apply(t, full())
		got, err := i.Programme(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full(), got, asDeclared); diff != "" {
			t.Fatalf("what stands is not what was declared (-want +got):\n%s", diff)
		}
	}
}

func TestApplyingTheSameChangesNothing(t *testing.T) {
	i := install(t)
	i.apply(t, full())
	i.take(t, upload.Request{}, months("aldermoor", 21, rising))
	i.apply(t, full()) // the baseline is resolved by now
	before := i.generations(t)
	versions := i.count(t, `select count(*) from citygauge.target_revision`)
	i.apply(t, full())
	if diff := cmp.Diff(before, i.generations(t)); diff != "" {
		t.Errorf("cities changed:\n%s", diff)
	}
	if now := i.count(t, `select count(*) from citygauge.target_revision`); now != versions {
		t.Errorf("%d targets were versioned anew", now-versions)
	}
}

func TestNotAgreedChangesNothing(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	var prospect store.Prospect
	err := i.Apply(t.Context(), full(), store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
		prospect = p
		return false
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := i.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(twoCities(), got, asDeclared); diff != "" {
		t.Errorf("what stands changed:\n%s", diff)
	}
	if diff := cmp.Diff(full(), prospect.Would, asDeclared); diff != "" {
		t.Errorf("what would stand (-want +got):\n%s", diff)
	}
}

func TestPrune(t *testing.T) {
	i := install(t)
	i.apply(t, full())
	i.take(t, upload.Request{}, months("brightwater", 3, rising))
	kept := twoCities()
	kept.Cities, kept.Indicators, kept.Targets = kept.Cities[:1], kept.Indicators[:1], kept.Targets[:1]
	i.prune(t, kept)
	got, err := i.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// What has observations stays, and so does its city.
	want := full()
	want.Cities[0] = kept.Cities[0]
	want.Indicators = []programme.Indicator{kept.Indicators[0], twoCities().Indicators[1]}
	want.Targets, want.Interventions = kept.Targets, nil
	if diff := cmp.Diff(want, got, asDeclared); diff != "" {
		t.Errorf("what stands (-want +got):\n%s", diff)
	}
}

func (i *installation) prune(t *testing.T, p programme.Programme) {
	t.Helper()
	err := i.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Prune: true, Agree: func(store.Prospect) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSeriesCannotBecomeSomethingElse(t *testing.T) {
	i := install(t)
	p := twoCities()
	p.Indicators[0].Kind = programme.Quantity
	i.apply(t, p)
	i.take(t, upload.Request{}, "city,indicator,period,value\naldermoor,thefts,2025-01,7.5\nbrightwater,thefts,2025-01,7\n")
	for _, c := range []struct {
		name   string
		change func(*programme.Programme)
		field  string // of the fault; empty where there is none
	}{
		{"another frequency", func(p *programme.Programme) { p.Indicators[1].Frequency = programme.Quarterly }, "frequency"},
		{"a count of what is not whole", func(p *programme.Programme) { p.Indicators[0].Kind = programme.Count }, "kind"},
		{"a quantity of what was counted", func(p *programme.Programme) { p.Indicators[1].Kind = programme.Quantity }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := p
			changed.Indicators = slices.Clone(p.Indicators)
			c.change(&changed)
			var faults []programme.Fault
			err := i.Apply(t.Context(), changed, store.ApplyOptions{Today: onToday, Agree: func(p store.Prospect) bool {
				faults = p.Faults
				return false
			}})
			if err != nil {
				t.Fatal(err)
			}
			var field string
			for _, f := range faults {
				if !f.Warning {
					field = f.Field
				}
			}
			if field != c.field {
				t.Errorf("the faults are %v, want one of field %q", faults, c.field)
			}
		})
	}
}

func TestLeavingEveryCohort(t *testing.T) {
	i := install(t)
	p := twoCities()
	p.Targets = nil
	i.apply(t, p)
	p.Cities[1].Cohorts = nil
	i.apply(t, p)
	got, err := i.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Cities[1].Cohorts) != 0 {
		t.Errorf("the city is still in %v", got.Cities[1].Cohorts)
	}
}

// A target that was removed and is declared again goes on counting its
// versions.
func TestTargetThatComesBack(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	without := twoCities()
	without.Targets = without.Targets[1:]
	i.prune(t, without)
	again := twoCities()
	again.Targets[0].Baseline = programme.Baseline{Value: 1000, Period: programme.Range{From: year(2024), To: year(2024)}}
	i.apply(t, again)
	if diff := cmp.Diff([]string{"", "1000 -> 900"}, i.targets(t)); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// Uploads, declarations and daily work meet, and wait for each other.
func TestEverythingAtOnce(t *testing.T) {
	i := install(t)
	i.apply(t, full())
	i.take(t, upload.Request{}, months("aldermoor", 15, rising))
	later, err := store.Open(t.Context(), i.db.URL, func(programme.City) programme.Date { return today + 1 }, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	var all sync.WaitGroup
	var failures sync.Map
	fails := func(what string, err error) {
		if err != nil {
			failures.Store(what, err)
		}
	}
	for n := range 8 {
		all.Go(func() {
			_, err := i.tryTake(t.Context(), upload.Request{}, months("brightwater", 12+n, rising))
			if !errors.Is(err, upload.ErrConflict) { // of a programme that was applied meanwhile
				fails(fmt.Sprintf("upload %d", n), err)
			}
		})
		all.Go(func() {
			p := full()
			p.Targets[0].Goal.Value = float64(-10 - n)
			p.Targets[1].Goal.Value = float64(-10 - n)
			fails(fmt.Sprintf("application %d", n), i.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(store.Prospect) bool { return true }}))
		})
		all.Go(func() {
			_, err := later.Daily(t.Context())
			fails(fmt.Sprintf("daily work %d", n), err)
		})
	}
	all.Wait()
	failures.Range(func(what, err any) bool {
		t.Errorf("%v: %v", what, err)
		return true
	})
	i.wholeHistory(t)
	if n := i.count(t, `
		select count(*)
		from citygauge.target t
		join citygauge.assessment a using (city_id, indicator_id, cohort_id)
		where a.target_version <> t.version`); n != 0 {
		t.Errorf("%d assessments are of a target that is no longer in force", n)
	}
	if n := i.count(t, `
		select count(*)
		from citygauge.target t
		left join lateral (select version from citygauge.target_revision r
		                   where (r.city_id, r.indicator_id, r.cohort_id) = (t.city_id, t.indicator_id, t.cohort_id)
		                   order by declared_at desc, version desc limit 1) newest on true
		where newest.version is distinct from t.version`); n != 0 {
		t.Errorf("%d targets are not the newest of their versions by time", n)
	}
}

// targets are the versions of Aldermoor's target: baseline and target of each.
func (i *installation) targets(t *testing.T) []string {
	t.Helper()
	var list []string
	err := i.System(t.Context(), func(tx *store.Tx) error {
		return tx.SelectContext(t.Context(), &list, `
			select concat_ws(' -> ', baseline, target)
			from report.target_revision where city = 'aldermoor' and indicator = 'thefts' order by version`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAutomaticBaseline(t *testing.T) {
	hundred := func(int) string { return "100" }
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 11, hundred))
	if diff := cmp.Diff([]string{""}, i.targets(t)); diff != "" {
		t.Errorf("with a month missing (-want +got):\n%s", diff)
	}
	// It is resolved when all are there, though the cohort started long ago.
	i.take(t, upload.Request{}, months("aldermoor", 15, hundred))
	if diff := cmp.Diff([]string{"", "1200 -> 1080"}, i.targets(t)); diff != "" {
		t.Errorf("with all months (-want +got):\n%s", diff)
	}
	// From then on it is frozen.
	report := i.take(t, upload.Request{}, "city,indicator,period,value\naldermoor,thefts,2024-12,50\n")
	var codes []intake.Code
	for _, p := range report.Problems {
		codes = append(codes, p.Code)
	}
	if diff := cmp.Diff([]intake.Code{intake.UnusualChange, store.BaselineFrozen}, codes); diff != "" || report.Refused() || !report.Applied {
		t.Errorf("a revised baseline gave %+v (-want +got):\n%s", report.Problems, diff)
	}
	if diff := cmp.Diff([]string{"", "1200 -> 1080"}, i.targets(t)); diff != "" {
		t.Errorf("after a revision (-want +got):\n%s", diff)
	}
	i.apply(t, twoCities())
	if diff := cmp.Diff([]string{"", "1200 -> 1080", "1150 -> 1035"}, i.targets(t)); diff != "" {
		t.Errorf("applied anew (-want +got):\n%s", diff)
	}
}

func TestAutomaticBaselineMovesUntilTheCohortStarts(t *testing.T) {
	p := twoCities()
	p.Cohorts[0].Starts, p.Cohorts[0].Ends = programme.NewDate(2026, time.January, 1), programme.NewDate(2026, time.December, 31)
	i := install(t)
	i.apply(t, p)
	i.take(t, upload.Request{}, months("aldermoor", 12, func(int) string { return "100" }))
	i.take(t, upload.Request{}, "city,indicator,period,value\naldermoor,thefts,2024-12,50\n")
	if diff := cmp.Diff([]string{"", "1200 -> 1080", "1150 -> 1035"}, i.targets(t)); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
}

// A range to stay in can be judged without a baseline, which is measured all the
// same once it can be, and frozen then.
func TestAutomaticBaselineOfARange(t *testing.T) {
	p := twoCities()
	p.Indicators[0].Direction = programme.Maintain
	p.Targets[0].Goal, p.Targets[0].Band = programme.Goal{}, &programme.Band{Low: 1000, High: 1300}
	i := install(t)
	i.apply(t, p)
	for _, c := range []struct {
		file string
		want []intake.Code
	}{
		{months("aldermoor", 15, func(int) string { return "100" }), nil},
		{"city,indicator,period,value\naldermoor,thefts,2024-12,99\n", []intake.Code{intake.UnusualChange, store.BaselineFrozen}},
	} {
		var codes []intake.Code
		for _, p := range i.take(t, upload.Request{}, c.file).Problems {
			codes = append(codes, p.Code)
		}
		if diff := cmp.Diff(c.want, codes); diff != "" {
			t.Errorf("problems (-want +got):\n%s", diff)
		}
		if got := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment.Baseline; got != progress.Known(1200) {
			t.Errorf("the baseline is %v, want 1200", got)
		}
	}
}

// A baseline on the other side of the target is said to be why there is no
// verdict, and nothing else is.
func TestAMeasuredBaselineThatRefusesItsTarget(t *testing.T) {
	p := twoCities()
	p.Indicators[0].Measure = programme.Latest
	p.Targets[0].Baseline.Period = programme.Range{From: programme.Month(2024, time.December), To: programme.Month(2024, time.December)}
	p.Targets[0].Goal = programme.Goal{Value: 150, Form: programme.Absolute}
	i := install(t)
	i.apply(t, p)
	report := i.take(t, upload.Request{}, months("aldermoor", 15, func(int) string { return "100" }))
	if len(report.Problems) != 1 || report.Problems[0].Code != store.NoVerdict || !strings.Contains(report.Problems[0].Message, "on the wrong side") {
		t.Errorf("it reports %+v", report.Problems)
	}
	if got := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment.Status; got != progress.NoData {
		t.Errorf("the status is %s, want none that is a verdict", got)
	}
}

// A tenth less than nothing cannot be judged; the other targets can, and the
// programme can still be applied.
func TestBaselineOfZero(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	report := i.take(t, upload.Request{}, months("aldermoor", 15, func(int) string { return "0" }))
	if !report.Applied || len(report.Problems) != 1 || report.Problems[0].Code != store.NoVerdict {
		t.Errorf("the report is %+v", report)
	}
	i.apply(t, twoCities())
	if got := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment.Status; got != progress.NoData {
		t.Errorf("the status is %s, want none that is a verdict", got)
	}
}

func (i *installation) standing(t *testing.T, city string) progress.Standing {
	t.Helper()
	all, err := i.Standings(t.Context(), []string{city})
	if err != nil || len(all) != 1 {
		t.Fatalf("how %s stands: %v, %v", city, all, err)
	}
	return all[0]
}

func (i *installation) generations(t *testing.T) map[string]int64 {
	t.Helper()
	g, err := i.Generations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (i *installation) count(t *testing.T, query string) int {
	t.Helper()
	var n int
	if err := i.System(t.Context(), func(tx *store.Tx) error { return tx.GetContext(t.Context(), &n, query) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// What is stored is what judging anew gives, for every day of the year.
func TestStoredAssessmentsAreThoseJudgedAnew(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, rising))
	i.take(t, upload.Request{}, "city,indicator,period,value\naldermoor,thefts,2025-05,50\naldermoor,thefts,2025-09,delete\n")
	var want []string
	err := i.EachTarget(t.Context(), store.Filter{Cities: []string{"aldermoor"}}, func(j store.Judgeable) error {
		for a := range progress.AssessYear(j.Indicator, j.Target, j.Series, today) {
			want = append(want, strings.Join([]string{
				a.Day.String(), a.AsOf.String(), a.Value.String(), a.Pace.String(), a.PaceLower.String(), a.Noise.String(),
				string(a.Status), string(a.Freshness), a.Need.Sentence(j.Indicator),
			}, " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = i.System(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.QueryContext(t.Context(), `
			select day, as_of, value, pace, pace_lower, noise, status, freshness, need_sentence
			from report.assessment where city = 'aldermoor' order by day`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var day, asOf programme.Date
			var value, pace, lower, noise progress.Figure
			var status, freshness, need string
			if err := rows.Scan(&day, &asOf, &value, &pace, &lower, &noise, &status, &freshness, &need); err != nil {
				return err
			}
			got = append(got, strings.Join([]string{
				day.String(), asOf.String(), value.String(), pace.String(), lower.String(), noise.String(), status, freshness, need,
			}, " "))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 10 {
		t.Errorf("%d assessments (-judged anew +stored):\n%s", len(want), diff)
	}
	if n := i.count(t, `select count(*) from citygauge.assessment_revision`); n <= len(got) {
		t.Errorf("%d assessments were ever shown, want more than the %d that stand", n, len(got))
	}
}

func TestDaily(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, rising))
	if n, err := i.Daily(t.Context()); err != nil || n != 0 {
		t.Errorf("on the same day %d cities were judged, %v", n, err)
	}
	tomorrow, err := store.Open(t.Context(), i.db.URL, func(programme.City) programme.Date { return today + 120 }, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tomorrow.Close()
	before := i.generations(t)
	if n, err := tomorrow.Daily(t.Context()); err != nil || n != 2 {
		t.Errorf("months later %d cities were judged, %v; want 2", n, err)
	}
	if got := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment; got.Day != today+120 || got.Status != progress.Awaiting {
		t.Errorf("months later, without data, the status on %s is %s", got.Day, got.Status)
	}
	if n := i.count(t, `select count(*) from citygauge.assessment where day = '`+today.String()+`'`); n != 0 {
		t.Errorf("%d assessments of a day that is neither a period's end nor today are left", n)
	}
	for city, g := range i.generations(t) {
		if g <= before[city] {
			t.Errorf("%s did not change", city)
		}
	}
}

// What is judged while midnight passes is due again on the day that begins, and
// so is what was judged as on a day that is not near.
func TestDailyAfterMidnightOrAnotherDay(t *testing.T) {
	i := install(t)
	anyway := func(store.Prospect) bool { return true }
	asked := map[string]int{}
	midnight := func(c programme.City) programme.Date {
		asked[c.ID]++
		return today.AddDays(min(asked[c.ID], 2) - 2) // yesterday, then today
	}
	if err := i.Apply(t.Context(), twoCities(), store.ApplyOptions{Today: midnight, Agree: anyway}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		on   programme.Date
		want int
	}{
		{"midnight", 0, 2},
		{"a clock that is a day ahead", today.AddDays(1), 0},
		{"a day that was asked for", today.AddDays(200), 2},
	} {
		if !c.on.IsZero() {
			p := twoCities()
			for n := range p.Cities {
				p.Cities[n].Population += int(c.on) // something changes
			}
			if err := i.Apply(t.Context(), p, store.ApplyOptions{Today: func(programme.City) programme.Date { return c.on }, Agree: anyway}); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := i.Daily(t.Context()); n != c.want || err != nil {
			t.Errorf("after %s %d cities were judged (%v), want %d", c.name, n, err, c.want)
		}
	}
}

func TestWait(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	if err := i.Wait(t.Context()); err != nil { // listens from here on
		t.Fatal(err)
	}
	before := i.generations(t)["aldermoor"]
	heard := make(chan error)
	go func() { heard <- i.Wait(t.Context()) }()
	i.take(t, upload.Request{}, months("aldermoor", 3, strconv.Itoa))
	select {
	case err := <-heard:
		if now := i.generations(t); err != nil || now["aldermoor"] != before+1 || len(now) != 2 {
			t.Errorf("heard %v, generations %v", err, now)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the change was not heard")
	}
}

// A target that is made easier while the year runs is judged by, and so is the
// one that it was.
func TestTargetMovedAfterTheStart(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, func(m int) string { return strconv.Itoa(100 - m/4) }))
	before := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment
	if before.AtStart != "" {
		t.Errorf("before anything was moved, there is a verdict %s", before.AtStart)
	}
	moved := twoCities()
	moved.Targets[0].Goal.Value = -1
	i.apply(t, moved)
	after := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment
	if after.Status == before.Status || after.AtStart != before.Status {
		t.Errorf("the status was %s and is %s, and %s against the target of the start", before.Status, after.Status, after.AtStart)
	}
	var changes []string
	err := i.System(t.Context(), func(tx *store.Tx) error {
		return tx.SelectContext(t.Context(), &changes, `
			select format('%s/%s: %s -> %s, %s', city, indicator, round(old_target::numeric, 1), round(new_target::numeric, 1), after_start)
			from report.target_change order by version`)
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aldermoor/thefts: 1069.2 -> 1176.1, t"}, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	i.take(t, upload.Request{}, months("aldermoor", 20, func(m int) string { return strconv.Itoa(90 - m/4) }))
	if got := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment.AtStart; got == "" {
		t.Error("the next upload forgot the target of the start")
	}
}

// However a target is moved, it leaves a trace.
func TestEveryChangeOfATargetIsAnEvent(t *testing.T) {
	i := install(t)
	p := twoCities()
	p.Targets[0].Baseline = programme.Baseline{Value: 1000, Period: programme.Range{From: year(2024), To: year(2024)}}
	i.apply(t, p)
	for n, move := range []func(*programme.Target){
		func(t *programme.Target) { t.Baseline.Value = 1100 },
		func(t *programme.Target) { t.Goal.Value = -5 },
		func(t *programme.Target) { t.Path = programme.Linear },
		func(t *programme.Target) {
			t.Path = programme.Steps
			t.Milestones = []programme.Milestone{{On: programme.NewDate(2025, time.June, 30), Goal: programme.Goal{Value: 1090, Form: programme.Absolute}}}
		},
		func(t *programme.Target) {
			t.Milestones = slices.Clone(t.Milestones)
			t.Milestones[0].Goal.Value = 1080
		},
	} {
		p.Targets = slices.Clone(p.Targets)
		move(&p.Targets[0])
		i.apply(t, p)
		if got := i.count(t, `select count(*) from report.target_change where after_start and city = 'aldermoor'`); got != n+1 {
			t.Errorf("after %d changes there are %d events", n+1, got)
		}
	}
	p.Targets = p.Targets[1:]
	i.prune(t, p)
	if got := i.count(t, `select count(*) from report.target_change where withdrawn`); got != 1 {
		t.Errorf("a target that was withdrawn left %d events", got)
	}
}
