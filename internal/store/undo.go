package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// Undo stages what stood before an upload, under the lock of the cities that it
// changed. It is recorded with those of the upload.
func (t *taking) Undo(ctx context.Context, number int64) error {
	recorded, beyond, err := t.markReverted(ctx, number)
	if err != nil {
		return explained(err)
	}
	cities, err := t.changedIn(ctx, recorded, number)
	if err != nil {
		return explained(err)
	}
	if _, _, err := t.lockCityRows(ctx, cities); err != nil {
		return explained(err)
	}
	if err := t.noLater(ctx, cities, number); err != nil {
		return explained(err)
	}
	if err := t.makeTable(ctx); err != nil {
		return explained(err)
	}
	f := t.file()
	f.beyond = beyond // who reverts this again must see both
	for _, c := range recorded {
		f.cities[c] = true
	}
	for _, c := range cities {
		t.staged[c] = true
	}
	t.hasNote = true
	var first, last programme.Date
	err = t.QueryRowContext(ctx, `
		with before as (
		  insert into staged (city_id, indicator_id, first, last, value, status, withdrawn, note)
		  select r.city_id, r.indicator_id, r.period_start - date '0001-01-01' + 1, r.period_end - date '0001-01-01' + 1,
		         old.value, old.status, old.status is null, old.note
		  from citygauge.observation_revision r
		  left join (select * from citygauge.observation_revision where city_id = any($1)) old
		    on old.city_id = r.city_id and old.indicator_id = r.indicator_id
		       and old.period_start = r.period_start and old.revision = r.revision - 1
		  where r.city_id = any($1) and r.upload_id = $2
		  returning first
		)
		select date '0001-01-01' + (min(first) - 1), date '0001-01-01' + (max(first) - 1), count(*) from before`, pq.Array(cities), number).
		Scan(&first, &last, &f.count)
	t.first, t.last = first, last
	return explained(err)
}

// markReverted marks an upload as reverted, and answers with its cities and
// those beyond. If it reverted another one itself, that is in force again; what
// that one reverted no longer is, and so on.
func (t *taking) markReverted(ctx context.Context, number int64) (recorded, beyond []int32, err error) {
	var cities, others pq.Int32Array
	var reverts sql.NullInt64
	err = t.QueryRowContext(ctx, `
		update citygauge.upload set state = 'reverted'
		where upload_id = $1 and state = 'applied'
		returning city_ids, beyond, reverts`, number).Scan(&cities, &others, &reverts)
	if errors.Is(err, sql.ErrNoRows) {
		var state string
		err := t.GetContext(ctx, &state, `select state from citygauge.upload where upload_id = $1`, number)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil, upload.ErrNoUpload
		}
		if err != nil {
			return nil, nil, err
		}
		return nil, nil, fmt.Errorf("%w: it is %s", upload.ErrNotApplied, state)
	}
	if err == nil && reverts.Valid {
		_, err = t.ExecContext(ctx, `
			with recursive chain as (
			  select $1::bigint as upload_id, true as in_force
			  union all
			  select u.reverts, not in_force
			  from chain
			  join citygauge.upload u using (upload_id)
			  where u.reverts is not null
			)
			update citygauge.upload u set state = case when in_force then 'applied' else 'reverted' end
			from chain
			where u.upload_id = chain.upload_id`, reverts.Int64)
	}
	return append([]int32{}, cities...), others, err
}

// changedIn is in which of an upload's cities it changed anything.
func (t *taking) changedIn(ctx context.Context, cities []int32, number int64) ([]int32, error) {
	if len(cities) < 2 {
		return cities, nil
	}
	changed := []int32{} // nil would be all
	err := t.SelectContext(ctx, &changed, `
		select distinct city_id
		from citygauge.observation_revision
		where city_id = any($1) and upload_id = $2
		order by city_id`, pq.Array(cities), number)
	return changed, err
}

// namedLater is how many later changes an error names.
const namedLater = 5

// noLater makes sure that nothing was made of an upload's observations since
// that is still in force. Where one upload reverted another, neither counts.
func (t *taking) noLater(ctx context.Context, cities []int32, number int64) error {
	rows, err := t.QueryContext(ctx, `
		select city.slug, i.slug, i.frequency, r.period_start, max(later.upload_id), count(*) over ()
		from citygauge.observation_revision r
		join citygauge.observation_revision later
		  on later.city_id = any($1) and later.city_id = r.city_id and later.indicator_id = r.indicator_id
		     and later.period_start = r.period_start and later.revision > r.revision
		join citygauge.indicator i on i.city_id = r.city_id and i.indicator_id = r.indicator_id
		join citygauge.city on city.city_id = r.city_id
		left join (select upload_id, state, reverts from citygauge.upload) u on u.upload_id = later.upload_id
		left join (select upload_id, state from citygauge.upload) undone on undone.upload_id = u.reverts
		where r.city_id = any($1) and r.upload_id = $2
		      and u.state is distinct from 'reverted' and undone.state is distinct from 'reverted'
		group by city.slug, i.slug, i.frequency, r.period_start
		order by city.slug, i.slug, r.period_start
		limit $3`, pq.Array(cities), number, namedLater)
	if err != nil {
		return err
	}
	defer rows.Close()
	var named []string
	var all int
	for rows.Next() {
		var city, indicator string
		var frequency programme.Frequency
		var first programme.Date
		var by int64
		if err := rows.Scan(&city, &indicator, &frequency, &first, &by, &all); err != nil {
			return err
		}
		named = append(named, fmt.Sprintf("%s/%s %s by upload %d", city, indicator, programme.PeriodOf(frequency, first), by))
	}
	if err := rows.Err(); err != nil || all == 0 {
		return err
	}
	text := strings.Join(named, ", ")
	if all > len(named) {
		text += fmt.Sprintf(" and %d more", all-len(named))
	}
	return fmt.Errorf("%w: %s: revert those first, or send the right values", upload.ErrLaterRevisions, text)
}
