package store

import (
	"context"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// judgedColumns are the columns of an assessment that are judged, beyond its
// key and the time of judging.
var judgedColumns = []string{
	"target_version", "as_of", "value", "baseline", "target", "expected", "progress", "expected_progress", "pace", "pace_lower",
	"pace_upper", "noise", "status", "at_target", "freshness", "due", "observed", "periods", "need_form", "need", "need_periods",
	"need_best", "limit_passed", "need_sentence", "signal", "projected", "projected_lower", "projected_upper", "target_probability",
	"status_at_start", "formulas", "signal_centre", "signal_lower", "signal_upper", "signal_seasonal", "signal_rule",
}

const assessmentKey = "city_id, indicator_id, cohort_id, day"

// of lists columns as those of a table or an alias.
func of(table string, columns []string) string {
	return table + "." + strings.Join(columns, ", "+table+".")
}

func excluded(columns []string) string {
	set := make([]string, len(columns))
	for n, c := range columns {
		set[n] = c + " = excluded." + c
	}
	return strings.Join(set, ", ")
}

// write keeps the gathered assessments where they differ from those that stand,
// and removes those that no longer do. Of a preview, it only notes the changes of
// statuses.
func (j *judging) write(ctx context.Context) error {
	if len(j.rows) == 0 {
		return nil
	}
	cities := map[int32]bool{}
	for n := range j.rows {
		cities[j.rows[n].id.city] = true
	}
	ids := pq.Array(sortedCities(cities))
	if err := j.statusChanges(ctx, ids); err != nil {
		return err
	}
	if j.changes != nil {
		j.rows = j.rows[:0]
		return nil
	}
	table := `truncate judged`
	if !j.judged {
		table = `
			create temporary table judged (
			  like citygauge.assessment,
			  since date not null
			) on commit drop`
	}
	if _, err := j.ExecContext(ctx, table); err != nil {
		return err
	}
	j.judged = true
	columns := assessmentKey + ", since, assessed_at, " + strings.Join(judgedColumns, ", ")
	err := copyInto(ctx, j.conn, "judged ("+columns+")", func(c *copier) error {
		for n := range j.rows {
			if err := j.rows[n].copy(c, j.now.Format("2006-01-02 15:04:05.999999Z07:00")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	j.rows = j.rows[:0]
	if _, err := j.ExecContext(ctx, `
		delete from citygauge.assessment a
		using (select distinct city_id, indicator_id, cohort_id, since from judged) j
		where a.city_id = any($1)
		      and a.city_id = j.city_id and a.indicator_id = j.indicator_id and a.cohort_id = j.cohort_id and a.day >= j.since
		      and (a.city_id, a.indicator_id, a.cohort_id, a.day) not in (select `+assessmentKey+` from judged)`, ids); err != nil {
		return err
	}
	list := assessmentKey + ", assessed_at, " + strings.Join(judgedColumns, ", ")
	_, err = j.ExecContext(ctx, `
		with changed as materialized (
		  select j.*
		  from judged j
		  left join (select * from citygauge.assessment where city_id = any($1)) a
		    on a.city_id = j.city_id and a.indicator_id = j.indicator_id and a.cohort_id = j.cohort_id and a.day = j.day
		  where a.city_id is null
		        or (`+of("a", judgedColumns)+`) is distinct from (`+of("j", judgedColumns)+`)
		), history as (
		  insert into citygauge.assessment_revision (`+list+`)
		  select `+list+` from changed
		  on conflict do nothing
		)
		insert into citygauge.assessment (`+list+`)
		select `+list+` from changed
		on conflict (`+assessmentKey+`) do update
		set assessed_at = excluded.assessed_at, `+excluded(judgedColumns), ids)
	return err
}

func (r *judged) copy(c *copier, now string) error {
	c.int(int64(r.id.city))
	c.int(r.id.indicator)
	c.int(int64(r.id.cohort))
	c.text(r.Day.String())
	c.text(r.since.String())
	c.text(now)
	c.int(int64(r.version))
	c.date(r.AsOf)
	for _, f := range []progress.Figure{
		r.Value, r.Baseline, r.Target, r.Expected, r.Progress, r.ExpectedProgress, r.Pace, r.PaceLower, r.PaceUpper, r.Noise,
	} {
		c.figure(f)
	}
	c.text(string(r.Status))
	c.bool(r.AtTarget)
	c.textOrNull(string(r.Freshness))
	c.date(r.Due)
	c.int(int64(r.Observed))
	c.int(int64(r.Periods))
	c.textOrNull(string(r.Need.Form))
	c.figure(r.Need.PerPeriod)
	c.int(int64(r.Need.Periods))
	c.figure(r.Need.Best)
	c.bool(r.Need.LimitPassed)
	c.text(r.need)
	c.text(string(r.Signal))
	for _, f := range []progress.Figure{r.Forecast.Projected, r.Forecast.Lower, r.Forecast.Upper, r.Forecast.Probability} {
		c.figure(f)
	}
	c.textOrNull(string(r.atStart))
	c.int(progress.FormulasVersion)
	r.copyLimits(c)
	return c.end()
}

func (r *judged) copyLimits(c *copier) {
	c.figure(r.limits.Centre)
	c.figure(r.limits.Lower)
	c.figure(r.limits.Upper)
	if r.newest {
		c.bool(r.limits.Seasonal)
	} else {
		c.null()
	}
	c.textOrNull(r.limits.Rule.Words(r.limits.Up))
}

// statusChanges notes the targets whose newest status is another than before.
// The gathered assessments are not in the database yet: Citus joins no list of
// the coordinator's with the newest of each.
func (j *judging) statusChanges(ctx context.Context, cities any) error {
	if len(j.done.changes) >= j.most {
		return nil
	}
	old, err := j.newestStatuses(ctx, cities)
	if err != nil {
		return err
	}
	names := j.targetNames()
	newest := slices.Collect(func(yield func(*judged) bool) {
		for n := range j.rows {
			if r := &j.rows[n]; r.newest && old[r.id] != r.Status && !yield(r) {
				return
			}
		}
	})
	slices.SortFunc(newest, func(a, b *judged) int { return a.id.compare(b.id) })
	for _, r := range newest[:min(len(newest), j.most-len(j.done.changes))] {
		key := names[r.id]
		j.done.changes = append(j.done.changes, upload.StatusChange{
			City: key.City, Indicator: key.Indicator, Cohort: key.Cohort, Old: old[r.id], New: r.Status,
		})
	}
	return nil
}

// newestStatuses is the status of every target of some cities that was judged
// before.
func (j *judging) newestStatuses(ctx context.Context, cities any) (map[targetID]progress.Status, error) {
	rows, err := j.QueryContext(ctx, `
		select t.city_id, t.indicator_id, t.cohort_id, a.status
		from citygauge.target t
		cross join lateral (
		  select status from citygauge.assessment
		  where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
		  order by day desc
		  limit 1
		) a
		where t.city_id = any($1)`, cities)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	statuses := map[targetID]progress.Status{}
	for rows.Next() {
		var id targetID
		var status progress.Status
		if err := rows.Scan(&id.city, &id.indicator, &id.cohort, &status); err != nil {
			return nil, err
		}
		statuses[id] = status
	}
	return statuses, rows.Err()
}

func (j *judging) targetNames() map[targetID]programme.TargetKey {
	names := make(map[targetID]programme.TargetKey, len(j.d.targets))
	for n, t := range j.d.targets {
		names[t.id] = j.d.Targets[n].Key()
	}
	return names
}
