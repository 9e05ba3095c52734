package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
)

// Daily judges every target of the cities where a new day began since they were
// last judged, and answers with how many cities those were. Several servers may
// call it at once; one does the work.
func (s *Store) Daily(ctx context.Context, now time.Time) (int, error) {
	var due []string
	err := s.System(ctx, func(tx *Tx) (err error) {
		due, err = tx.judgedBefore(ctx, s.today)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = s.System(ctx, func(tx *Tx) error {
		if err := tx.lockJob(ctx, "daily"); err != nil {
			return err
		}
		// Another server may have been faster.
		if due, err = tx.judgedBefore(ctx, s.today); err != nil || len(due) == 0 {
			return err
		}
		return tx.judgeNewDay(ctx, due, s.today, now)
	})
	if err != nil {
		return 0, fmt.Errorf("judge the targets for a new day: %w", err)
	}
	return len(due), nil
}

// judgedBefore is the cities whose targets were last judged for another day
// than today, by slug.
func (t *Tx) judgedBefore(ctx context.Context, today func(programme.City) programme.Date) ([]string, error) {
	rows, err := t.QueryContext(ctx, `
		select slug, timezone, judged_on
		from citygauge.city
		join citygauge.city_state using (city_id)
		order by slug`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var due []string
	for rows.Next() {
		var c programme.City
		var on programme.Date
		if err := rows.Scan(&c.ID, &c.Timezone, &on); err != nil {
			return nil, err
		}
		if on != today(c) {
			due = append(due, c.ID)
		}
	}
	return due, rows.Err()
}

func (t *Tx) judgeNewDay(ctx context.Context, cities []string, today func(programme.City) programme.Date, now time.Time) error {
	ids, err := t.visibleIDs(ctx, cities)
	if err != nil {
		return err
	}
	if _, err := t.lockCityRows(ctx, ids); err != nil {
		return err
	}
	// Only under the lock: an upload may just have measured a baseline.
	d, err := t.declaredOf(ctx, cities)
	if err != nil {
		return err
	}
	every := make(map[int32]bool, len(d.cityIDs))
	for _, c := range d.cityIDs {
		every[c] = true
	}
	all := touched{}
	for _, target := range d.targets {
		all[target.id.seriesID] = 0
	}
	if _, err := t.judge(ctx, d, all, today, now); err != nil {
		return err
	}
	if err := t.judgedOn(ctx, d, every, today); err != nil {
		return err
	}
	return t.raiseGenerations(ctx, d.cityIDs, false)
}

// judgedOn notes the day for which cities were judged.
func (t *Tx) judgedOn(ctx context.Context, d *declared, judged map[int32]bool, today func(programme.City) programme.Date) error {
	var cities []int32
	var days []string
	for n, c := range d.Cities {
		if judged[d.cityIDs[n]] {
			cities, days = append(cities, d.cityIDs[n]), append(days, today(c).String())
		}
	}
	_, err := t.ExecContext(ctx, `
		update citygauge.city_state
		set judged_on = judged.day
		from unnest($1::int[], $2::date[]) as judged(city_id, day)
		where city_state.city_id = judged.city_id`, pq.Array(cities), pq.Array(days))
	return err
}
