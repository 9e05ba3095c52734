package store

import (
	"context"
	"encoding/json"

	"github.com/citygauge/citygauge/internal/programme"
)

// writeSources declares the sources. One that is new or another than before is
// due at once, where it is to be pulled at all by itself: what was remembered of
// the former one says nothing about it.
func (a *applying) writeSources(ctx context.Context) error {
	return a.each(ctx, `
		with written as (
		  insert into citygauge.source as stands (city_id, slug, declared)
		  select city_id, d.slug, d.declared
		  from jsonb_to_recordset($1::jsonb) as d(city text, slug text, declared jsonb)
		  join citygauge.city on city.slug = d.city
		  on conflict (city_id, slug) do update set declared = excluded.declared
		  where stands.declared is distinct from excluded.declared
		  returning *
		), queued as (
		  insert into citygauge.source_state as state (city_id, source_id, due_at)
		  select city_id, source_id, case when declared ? 'schedule' then $2::timestamptz end from written
		  order by city_id, source_id -- as all who lock them, so that nobody waits for each other
		  on conflict (city_id, source_id) do update
		  set due_at = excluded.due_at, failures = 0, digest = null, memory = '{}', records = 0, claim = state.claim + 1, leased_until = null
		)
		select city_id from written`,
		func(yield func(any) bool) {
			for _, s := range a.p.Sources {
				if !yield(record{"city": s.City, "slug": s.ID, "declared": s}) {
					return
				}
			}
		}, a.now)
}

func (t *Tx) readSources(ctx context.Context, d *declared, cities any) error {
	rows, err := t.QueryxContext(ctx, `
		select city.slug, s.slug, s.declared
		from citygauge.source s
		join citygauge.city using (city_id)
		where $1::int[] is null or s.city_id = any($1)
		order by city.slug, s.slug`, cities)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s programme.Source
		var declared []byte
		if err := rows.Scan(&s.City, &s.ID, &declared); err != nil {
			return err
		}
		if err := json.Unmarshal(declared, &s); err != nil {
			return err
		}
		d.Sources = append(d.Sources, s)
	}
	return rows.Err()
}
