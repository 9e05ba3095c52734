package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// targetsAtStart is, of a city's targets that mean something else at the time
// of reading, what they meant when their cohort started: the newest version of
// before or, where there was none that could be judged, the first. A cohort
// starts when its first day begins in the city.
func (t *Tx) targetsAtStart(ctx context.Context, d *declared, city int32) (map[targetID]progress.Resolved, error) {
	args := append(d.args(city), pq.Array(d.cohortIDs), pq.Array(d.startsIn(city)))
	starts := fmt.Sprintf("($%d::timestamptz[])[array_position($%d::int[], t.cohort_id)]", len(args), len(args)-1)
	rows, err := t.QueryContext(ctx, `
		select t.city_id, t.indicator_id, t.cohort_id, city.slug, i.slug, cohort.slug, r.version,
		       r.baseline_auto, coalesce(r.baseline_value, 0), r.baseline_period, coalesce(r.goal, ''), r.target_period, coalesce(r.trajectory, ''),
		       r.milestones, r.range_low, r.range_high, r.baseline, r.target, r.baseline_end, r.starts, r.ends, measure
		from `+d.then("citygauge.target", "citygauge.target_revision", "city_id, indicator_id, cohort_id", "version")+` t
		join `+d.then("citygauge.indicator", "citygauge.indicator_revision", "city_id, indicator_id", "declared_at")+` i using (city_id, indicator_id)
		join citygauge.city using (city_id)
		join citygauge.cohort using (cohort_id)
		cross join lateral (
		  select *
		  from citygauge.target_revision r
		  where r.city_id = $1 and r.city_id = t.city_id and r.indicator_id = t.indicator_id and r.cohort_id = t.cohort_id and r.resolved and not r.withdrawn
		        and r.version <= t.version
		        -- One that was withdrawn before the start was not in force.
		        and (r.declared_at >= `+starts+` or r.version > (
		          select coalesce(max(w.version), 0)
		          from citygauge.target_revision w
		          where w.city_id = $1 and w.city_id = t.city_id and w.indicator_id = t.indicator_id and w.cohort_id = t.cohort_id
		                and w.version < t.version and w.withdrawn and w.declared_at < `+starts+`))
		  order by r.declared_at < `+starts+` desc, case when r.declared_at < `+starts+` then -r.version else r.version end
		  limit 1
		) r
		where t.city_id = $1 and t.version > 1 and r.version < t.version `+d.standing()+`
		      and (r.baseline, r.target, r.range_low, r.range_high, r.starts, r.ends, r.trajectory, r.milestones)
		          is distinct from (t.baseline, t.target, t.range_low, t.range_high, t.starts, t.ends, t.trajectory, t.milestones)`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	meant := map[targetID]progress.Resolved{}
	for rows.Next() {
		var row standingTarget
		var target programme.Target
		if err := scanTarget(rows.Scan, &row, &target); err != nil {
			return nil, err
		}
		meant[row.id] = row.resolved
	}
	return meant, rows.Err()
}

// startsIn is when each cohort starts in a city, in the order of the cohorts.
func (d *declared) startsIn(city int32) []time.Time {
	zone := time.UTC
	if at := slices.Index(d.cityIDs, city); at >= 0 {
		if its, err := d.Cities[at].Zone(); err == nil {
			zone = its
		}
	}
	starts := make([]time.Time, len(d.Cohorts))
	for n, c := range d.Cohorts {
		starts[n] = (c.Starts - 1).EndIn(zone)
	}
	return starts
}
