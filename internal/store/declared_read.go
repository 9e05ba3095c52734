package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// declared reads what is declared of every city that the transaction can see.
func (t *Tx) declared(ctx context.Context) (*declared, error) { return t.declaredOf(ctx, nil) }

// declaredOf reads what is declared of cities, by slug; nil is all.
func (t *Tx) declaredOf(ctx context.Context, cities []string) (*declared, error) {
	return t.declaredThen(ctx, cities, time.Time{})
}

// declaredThen reads what was declared of cities as of a time; zero is now.
// Cohorts, cities and interventions are always those of now: no judgement
// depends on them but through the targets.
func (t *Tx) declaredThen(ctx context.Context, cities []string, asOf time.Time) (*declared, error) {
	d := &declared{asOf: asOf}
	err := t.read(ctx, d, cities, t.readCohorts, t.readCities, t.readIndicators, t.readTargets, t.readInterventions, t.readSources)
	d.makeIndex()
	return d, err
}

// series reads the cohorts, cities and indicators that the transaction can see,
// and no targets.
func (t *Tx) series(ctx context.Context) (*declared, error) {
	d := &declared{}
	err := t.read(ctx, d, nil, t.readCohorts, t.readCities, t.readIndicators)
	d.makeIndex()
	return d, err
}

// read reads parts of what is declared of cities, by slug; nil is all. Every
// table is asked for the cities' ids as constants, with which its keys begin:
// where they come by a join, all cities are read.
func (t *Tx) read(ctx context.Context, d *declared, cities []string, parts ...func(context.Context, *declared, any) error) error {
	var ids []int32
	if cities != nil {
		var err error
		if ids, err = t.visibleIDs(ctx, cities); err != nil {
			return fmt.Errorf("read the programme: %w", err)
		}
	}
	for _, read := range parts {
		if err := read(ctx, d, pq.Array(ids)); err != nil {
			return fmt.Errorf("read the programme: %w", err)
		}
	}
	return nil
}

// then is a table, or what it held at the time of reading: of every key the
// newest of its revisions until then, which is the second parameter.
func (d *declared) then(table, revisions, key, newest string) string {
	if d.asOf.IsZero() {
		return table
	}
	return `(select distinct on (` + key + `) * from ` + revisions + ` where declared_at <= $2 order by ` + key + `, ` + newest + ` desc)`
}

// standing leaves out the targets that were withdrawn by then.
func (d *declared) standing() string {
	if d.asOf.IsZero() {
		return ""
	}
	return "and not t.withdrawn"
}

// args are the parameters of a statement about cities and, where it matters,
// the time.
func (d *declared) args(cities any) []any {
	if d.asOf.IsZero() {
		return []any{cities}
	}
	return []any{cities, d.asOf}
}

func (t *Tx) readCohorts(ctx context.Context, d *declared, _ any) error {
	rows, err := t.QueryxContext(ctx, `select cohort_id, slug, starts, ends from citygauge.cohort order by slug`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int32
		var c programme.Cohort
		if err := rows.Scan(&id, &c.ID, &c.Starts, &c.Ends); err != nil {
			return err
		}
		d.cohortIDs = append(d.cohortIDs, id)
		d.Cohorts = append(d.Cohorts, c)
	}
	return rows.Err()
}

func (t *Tx) readCities(ctx context.Context, d *declared, cities any) error {
	rows, err := t.QueryxContext(ctx, `
		select city_id, slug, name, country, population, timezone, latitude, longitude,
		       array(select cohort.slug
		             from citygauge.city_cohort
		             join citygauge.cohort using (cohort_id)
		             where city_cohort.city_id = city.city_id
		             order by cohort.slug)
		from citygauge.city
		where $1::int[] is null or city_id = any($1)
		order by slug`, cities)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int32
		var c programme.City
		var latitude, longitude progress.Figure
		if err := rows.Scan(&id, &c.ID, &c.Name, &c.Country, &c.Population, &c.Timezone, &latitude, &longitude, pq.Array(&c.Cohorts)); err != nil {
			return err
		}
		if latitude.Known && longitude.Known {
			c.Location = &programme.Location{Latitude: latitude.Number, Longitude: longitude.Number}
		}
		d.cityIDs = append(d.cityIDs, id)
		d.Cities = append(d.Cities, c)
	}
	return rows.Err()
}

// readIndicators reads those of the cities that were read.
func (t *Tx) readIndicators(ctx context.Context, d *declared, cities any) error {
	rows, err := t.QueryxContext(ctx, `
		select city_id, indicator_id, slug, title, definition, unit, problem, lens, kind, decimals, frequency, direction, measure,
		       plausible_min, plausible_max, due_days, judge_provisional, breaks, owner, source
		from `+d.then("citygauge.indicator", "citygauge.indicator_revision", "city_id, indicator_id", "declared_at")+` i
		where $1::int[] is null or city_id = any($1)
		order by city_id, slug`, d.args(cities)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	type row struct {
		id        int64
		indicator programme.Indicator
	}
	byCity := map[int32][]row{}
	for rows.Next() {
		var city int32
		var r row
		var breaks []string
		i := &r.indicator
		err := rows.Scan(&city, &r.id, &i.ID, &i.Title, &i.Definition, &i.Unit, &i.Problem, &i.Lens, &i.Kind, &i.Decimals, &i.Frequency,
			&i.Direction, &i.Measure, &i.Plausible.Min, &i.Plausible.Max, &i.DueDays, &i.JudgeProvisional, pq.Array(&breaks), &i.Owner, &i.Source)
		if err != nil {
			return err
		}
		for _, text := range breaks {
			day, err := programme.ParseDate(text)
			if err != nil {
				return err
			}
			i.Breaks = append(i.Breaks, day)
		}
		byCity[city] = append(byCity[city], r)
	}
	for n, city := range d.cityIDs {
		for _, r := range byCity[city] {
			r.indicator.City = d.Cities[n].ID
			d.indicatorIDs = append(d.indicatorIDs, seriesID{city, r.id})
			d.Indicators = append(d.Indicators, r.indicator)
		}
	}
	return rows.Err()
}

// milestone is a milestone as the database keeps it: as declared, and what it
// means.
type milestone struct {
	On    programme.Date `json:"on"`
	Goal  programme.Goal `json:"goal"`
	Value float64        `json:"value"`
}

func (t *Tx) readTargets(ctx context.Context, d *declared, cities any) error {
	rows, err := t.QueryxContext(ctx, `
		select city_id, indicator_id, cohort_id, city.slug, i.slug, cohort.slug, version,
		       baseline_auto, coalesce(baseline_value, 0), baseline_period, coalesce(goal, ''), target_period, coalesce(t.trajectory, ''),
		       milestones, range_low, range_high, baseline, target, baseline_end, t.starts, t.ends, measure
		from `+d.then("citygauge.target", "citygauge.target_revision", "city_id, indicator_id, cohort_id", "version")+` t
		join `+d.then("citygauge.indicator", "citygauge.indicator_revision", "city_id, indicator_id", "declared_at")+` i using (city_id, indicator_id)
		join citygauge.city using (city_id)
		join citygauge.cohort using (cohort_id)
		where ($1::int[] is null or t.city_id = any($1) and i.city_id = any($1) and city.city_id = any($1)) `+d.standing()+`
		order by city.slug, i.slug, cohort.slug`, d.args(cities)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row standingTarget
		var target programme.Target
		if err := scanTarget(rows.Scan, &row, &target); err != nil {
			return err
		}
		d.targets = append(d.targets, row)
		d.Targets = append(d.Targets, target)
	}
	return rows.Err()
}

func scanTarget(scan func(...any) error, row *standingTarget, t *programme.Target) error {
	var goal, trajectory string
	var milestones []byte
	var low, high progress.Figure
	var measure programme.Measure
	r := &row.resolved
	err := scan(&row.id.city, &row.id.indicator, &row.id.cohort, &t.City, &t.Indicator, &t.Cohort, &row.version,
		&t.Baseline.Auto, &t.Baseline.Value, &t.Baseline.Period, &goal, &t.Period, &trajectory,
		&milestones, &low, &high, &r.Baseline, &r.Target, &r.BaselineEnd, &r.Start, &r.End, &measure)
	if err != nil {
		return err
	}
	if goal != "" {
		if t.Goal, err = programme.ParseGoal(goal); err != nil {
			return err
		}
	}
	t.Path = programme.Trajectory(trajectory)
	t.Band = bandOf(low, high)
	var kept []milestone
	if err := json.Unmarshal(milestones, &kept); err != nil {
		return fmt.Errorf("milestones of %s: %w", t.Key(), err)
	}
	for _, m := range kept {
		t.Milestones = append(t.Milestones, programme.Milestone{On: m.On, Goal: m.Goal})
		r.Milestones = append(r.Milestones, progress.Milestone{On: m.On, Value: m.Value})
	}
	r.Band, r.Trajectory = t.Band, t.Trajectory(measure)
	return nil
}

// bandOf is a range to stay in; nil for a target to reach.
func bandOf(low, high progress.Figure) *programme.Band {
	if !low.Known || !high.Known {
		return nil
	}
	return &programme.Band{Low: low.Number, High: high.Number}
}

func (t *Tx) readInterventions(ctx context.Context, d *declared, cities any) error {
	rows, err := t.QueryxContext(ctx, `
		select city.slug, title, starts, ends,
		       array(select i.slug from citygauge.indicator i
		             where i.city_id = v.city_id and i.indicator_id = any(v.indicator_ids)
		             order by i.slug)
		from citygauge.intervention v
		join citygauge.city using (city_id)
		where $1::int[] is null or v.city_id = any($1)
		order by city.slug, starts, title`, cities)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var i programme.Intervention
		if err := rows.Scan(&i.City, &i.Title, &i.Start, &i.End, pq.Array(&i.Indicators)); err != nil {
			return err
		}
		i.Indicators = slices.Clip(i.Indicators)
		d.Interventions = append(d.Interventions, i)
	}
	return rows.Err()
}
