package progress_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestTrajectory(t *testing.T) {
	r := cohort2025(t, programme.Latest, 100, 25)
	half := r.Start.AddDays(73) // a fifth of the year
	r.Milestones = []progress.Milestone{{On: half, Value: 90}, {On: half.AddDays(146), Value: 90}}
	for _, c := range []struct {
		trajectory programme.Trajectory
		day        programme.Date
		want       float64
	}{
		{programme.Linear, r.Start - 10, 100},
		{programme.Linear, r.Start, 100},
		{programme.Linear, half, 85},
		{programme.Linear, r.End, 25},
		{programme.Linear, r.End + 10, 25},
		{programme.Level, r.Start, 25},
		{programme.Level, half, 25},
		{programme.Compound, r.Start, 100},
		{programme.Compound, half, 75.785828325519900},
		{programme.Compound, r.End, 25},
		{programme.Steps, r.Start, 100},
		{programme.Steps, half, 90},
		{programme.Steps, half.AddDays(73), 90},
		{programme.Steps, half.AddDays(219), 57.5},
		{programme.Steps, r.End, 25},
	} {
		t.Run(string(c.trajectory)+" "+c.day.String(), func(t *testing.T) {
			r.Trajectory = c.trajectory
			wantFigure(t, "x", progress.TrajectoryAt(r, c.day), c.want)
		})
	}
}

func TestCompoundKeepsTheSign(t *testing.T) {
	r := cohort2025(t, programme.Latest, -100, -25)
	r.Trajectory = programme.Compound
	wantFigure(t, "x", progress.TrajectoryAt(r, r.Start.AddDays(73)), -75.785828325519900)
}

func TestPath(t *testing.T) {
	r := cohort2025(t, programme.Latest, 465, 100)
	r.Trajectory = programme.Steps
	r.Milestones = []progress.Milestone{{On: date(t, "2025-07-19"), Value: 265}}
	var got []string
	for _, m := range r.Path(programme.Quarterly) {
		got = append(got, m.On.String()+" "+progress.Known(m.Value).String())
	}
	want := []string{"2024-12-31 465", "2025-03-31 375", "2025-06-30 284", "2025-07-19 265", "2025-09-30 192", "2025-12-31 100"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	r.Band = &programme.Band{High: 1}
	if path := r.Path(programme.Quarterly); path != nil {
		t.Errorf("a range to stay in has the path %v", path)
	}
}

func TestDays(t *testing.T) {
	i := indicator(programme.Latest)
	i.Frequency = programme.Quarterly
	r := cohort2025(t, i.Measure, 2, 1)
	for _, c := range []struct {
		name, today string
		want        []string
	}{
		{"before the year", "2024-11-05", []string{"2024-11-05"}},
		{"within a quarter", "2025-05-05", []string{"2025-03-31", "2025-05-05"}},
		{"on a quarter's last day", "2025-06-30", []string{"2025-03-31", "2025-06-30"}},
		{"after the year", "2026-05-05", []string{"2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-05-05"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for a := range progress.AssessYear(i, r, nil, date(t, c.today)) {
				got = append(got, a.Day.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
