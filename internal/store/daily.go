package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
)

// dailyBatch is how many cities are judged in one transaction, during which
// other changes of them wait.
const dailyBatch = 200

// Daily judges every target of the cities where a new day began since they were
// last judged, and answers with how many cities those were. It forgets the
// sessions that are over, and removes what is left of previews that were never
// committed. Several servers may call it at once; one does the work.
func (s *Store) Daily(ctx context.Context) (int, error) {
	if err := s.forgetSessions(ctx); err != nil {
		return 0, fmt.Errorf("forget old sessions: %w", err)
	}
	if err := s.removePreviews(ctx); err != nil {
		return 0, fmt.Errorf("remove old previews: %w", err)
	}
	due, err := s.due(ctx)
	if err != nil {
		return 0, err
	}
	judged := 0
	for cities := range slices.Chunk(due, dailyBatch) {
		err := s.System(ctx, func(tx *Tx) error {
			if err := tx.lockJob(ctx, "daily"); err != nil {
				return err
			}
			// Another server may have been faster.
			still, err := tx.dueOf(ctx, cities, s.today)
			if err != nil || len(still) == 0 {
				return err
			}
			judged += len(still)
			return tx.judgeNewDay(ctx, still, s.today)
		})
		if err != nil {
			return 0, fmt.Errorf("judge the targets for a new day: %w", err)
		}
	}
	return judged, nil
}

func (s *Store) due(ctx context.Context) (cities []string, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		cities, err = tx.dueOf(ctx, nil, s.today)
		return err
	})
	return cities, err
}

// dueOf is those of some cities, by slug, where a new day began since they were
// last judged, or that were judged as on another day; nil is all cities. A day
// that another clock is ahead by is no new one; further ahead is no clock.
func (t *Tx) dueOf(ctx context.Context, cities []string, today func(programme.City) programme.Date) ([]string, error) {
	rows, err := t.QueryContext(ctx, `
		select slug, timezone, judged_on
		from citygauge.city
		join citygauge.city_state using (city_id)
		where $1::text[] is null or slug = any($1)
		order by slug`, pq.Array(cities))
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
		if day := today(c); on < day || on > day+1 {
			due = append(due, c.ID)
		}
	}
	return due, rows.Err()
}

func (t *Tx) judgeNewDay(ctx context.Context, cities []string, today func(programme.City) programme.Date) error {
	today = standingStill(today)
	ids, err := t.visibleIDs(ctx, cities)
	if err != nil {
		return err
	}
	now, _, err := t.lockCityRows(ctx, ids)
	if err != nil {
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
	j := &judging{Tx: t, d: d, today: today, now: now}
	if _, err := j.judge(ctx, all); err != nil {
		return err
	}
	if err := t.judgedOn(ctx, d, every, today, false); err != nil {
		return err
	}
	return t.raiseGenerations(ctx, d.cityIDs, false)
}

// judgedOn notes the day for which cities were judged. Where only some of their
// targets were, and as on another day than the rest, it notes that they are due
// to be judged as a whole.
func (t *Tx) judgedOn(ctx context.Context, d *declared, judged map[int32]bool, today func(programme.City) programme.Date, some bool) error {
	var cities []int32
	var days []string
	for n, c := range d.Cities {
		if judged[d.cityIDs[n]] {
			cities, days = append(cities, d.cityIDs[n]), append(days, today(c).String())
		}
	}
	_, err := t.ExecContext(ctx, `
		update citygauge.city_state
		set judged_on = case when $3 and judged_on is distinct from judged.day then null else judged.day end
		from unnest($1::int[], $2::date[]) as judged(city_id, day)
		where city_state.city_id = judged.city_id`, pq.Array(cities), pq.Array(days), some)
	return err
}

// standingStill is the date in a city as it was when it was first asked for: what
// is judged while midnight passes is noted for the day that it was judged for.
func standingStill(today func(programme.City) programme.Date) func(programme.City) programme.Date {
	days := map[string]programme.Date{}
	return func(c programme.City) programme.Date {
		day, known := days[c.ID]
		if !known {
			day = today(c)
			days[c.ID] = day
		}
		return day
	}
}
