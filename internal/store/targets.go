package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// newTarget is a target to come into force.
type newTarget struct {
	id        targetID
	version   int
	declared  programme.Target
	resolved  progress.Resolved
	frequency programme.Frequency
}

func (n newTarget) record(now time.Time) record {
	t, r := n.declared, n.resolved
	kept := make([]milestone, len(t.Milestones))
	for i, m := range t.Milestones {
		kept[i] = milestone{On: m.On, Goal: m.Goal}
		if i < len(r.Milestones) {
			kept[i].Value = r.Milestones[i].Value
		}
	}
	row := record{
		"city_id": n.id.city, "indicator_id": n.id.indicator, "cohort_id": n.id.cohort, "version": n.version,
		"baseline_auto": t.Baseline.Auto, "baseline_period": text(t.Baseline.Period.String()), "target_period": text(t.Period.String()),
		"trajectory": text(string(t.Path)), "milestones": kept, "resolved": r.Ready(),
		"baseline": r.Baseline, "target": r.Target, "baseline_end": text(r.BaselineEnd.String()), "starts": r.Start, "ends": r.End,
		"declared_at": now,
	}
	if !t.Baseline.Auto {
		row["baseline_value"] = t.Baseline.Value
	}
	if t.Goal.Form != "" {
		row["goal"] = t.Goal
	}
	if t.Band != nil {
		row["range_low"], row["range_high"] = t.Band.Low, t.Band.High
	}
	return row
}

// text is a text, or null where it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

const targetColumns = `city_id, indicator_id, cohort_id, version, baseline_auto, baseline_value, baseline_period, goal, target_period,
	trajectory, milestones, range_low, range_high, resolved, baseline, target, baseline_end, starts, ends, declared_at`

const putTargets = `
	with new as materialized (
	  select * from jsonb_to_recordset($1::jsonb) as d(
	    city_id int, indicator_id bigint, cohort_id int, version int, baseline_auto boolean, baseline_value double precision,
	    baseline_period text, goal text, target_period text, trajectory text, milestones jsonb, range_low double precision,
	    range_high double precision, resolved boolean, baseline double precision, target double precision, baseline_end date,
	    starts date, ends date, declared_at timestamptz)
	), history as (
	  insert into citygauge.target_revision (` + targetColumns + `)
	  select ` + targetColumns + ` from new
	  on conflict do nothing
	)
	insert into citygauge.target as stands (` + targetColumns + `)
	select ` + targetColumns + ` from new
	on conflict (city_id, indicator_id, cohort_id) do update
	set version = excluded.version, baseline_auto = excluded.baseline_auto, baseline_value = excluded.baseline_value,
	    baseline_period = excluded.baseline_period, goal = excluded.goal, target_period = excluded.target_period,
	    trajectory = excluded.trajectory, milestones = excluded.milestones, range_low = excluded.range_low,
	    range_high = excluded.range_high, resolved = excluded.resolved, baseline = excluded.baseline, target = excluded.target,
	    baseline_end = excluded.baseline_end, starts = excluded.starts, ends = excluded.ends, declared_at = excluded.declared_at`

// putTargets brings targets into force, keeps them as versions, and replaces
// their trajectories.
func (t *Tx) putTargets(ctx context.Context, all []newTarget, now time.Time) error {
	for batch := range slices.Chunk(all, batchSize) {
		records, paths := []record{}, []record{}
		for _, n := range batch {
			records = append(records, n.record(now))
			path := []record{}
			if n.resolved.Ready() {
				for _, m := range n.resolved.Path(n.frequency) {
					path = append(path, record{"day": m.On, "expected": m.Value})
				}
			}
			paths = append(paths, record{"city_id": n.id.city, "indicator_id": n.id.indicator, "cohort_id": n.id.cohort, "path": path})
		}
		if err := t.execJSON(ctx, putTargets, records); err != nil {
			return err
		}
		if err := t.execJSON(ctx, `
			delete from citygauge.trajectory
			using jsonb_to_recordset($1::jsonb) as d(city_id int, indicator_id bigint, cohort_id int)
			where trajectory.city_id = d.city_id and trajectory.indicator_id = d.indicator_id and trajectory.cohort_id = d.cohort_id`, paths); err != nil {
			return err
		}
		if err := t.execJSON(ctx, `
			insert into citygauge.trajectory (city_id, indicator_id, cohort_id, day, expected)
			select city_id, indicator_id, cohort_id, day, expected
			from jsonb_to_recordset($1::jsonb) as d(city_id int, indicator_id bigint, cohort_id int, path jsonb),
			     jsonb_to_recordset(d.path) as p(day date, expected double precision)
			on conflict do nothing`, paths); err != nil {
			return err
		}
	}
	return nil
}

// execJSON runs a statement whose one parameter is a list of records.
func (t *Tx) execJSON(ctx context.Context, statement string, records []record) error {
	text, err := json.Marshal(records)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, statement, string(text))
	return err
}

// sameTarget reports whether two targets are declared alike.
func sameTarget(a, b programme.Target) bool {
	if !slices.Equal(a.Milestones, b.Milestones) || !sameBand(a.Band, b.Band) {
		return false
	}
	a.Milestones, b.Milestones, a.Band, b.Band = nil, nil, nil, nil
	if a.Baseline.Auto && b.Baseline.Auto {
		a.Baseline.Value, b.Baseline.Value = 0, 0
	}
	return a.Key() == b.Key() && a.Baseline == b.Baseline && a.Goal == b.Goal && a.Period == b.Period && a.Path == b.Path
}

// sameResolution reports whether two targets mean the same numbers and days.
func sameResolution(a, b progress.Resolved) bool {
	return slices.Equal(a.Milestones, b.Milestones) && sameBand(a.Band, b.Band) && a.Baseline == b.Baseline && a.Target == b.Target &&
		a.BaselineEnd == b.BaselineEnd && a.Start == b.Start && a.End == b.End && a.Trajectory == b.Trajectory
}

func sameBand(a, b *programme.Band) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
