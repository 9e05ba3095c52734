package store

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// seriesOf is what was observed in a city, by indicator and in order of time: of
// the named indicators, or of all where none are named; as it stands, or stood
// when d was read as of.
func (t *Tx) seriesOf(ctx context.Context, d *declared, city int32, indicators []int64) (map[int64][]progress.Observed, error) {
	series, err := t.standingOf(ctx, d, city, indicators)
	all := make(map[int64][]progress.Observed, len(series))
	for indicator, s := range series {
		all[indicator] = s.observed
	}
	return all, err
}

// standing is a series as it stands.
type standing struct {
	observed []progress.Observed
	marked   []bool // has a note, or of changes: is withdrawn; nil where none is
}

func (s *standing) marks(n int) bool { return s.marked != nil && s.marked[n] }

// standingOf reads series. A row of the answer is a whole one, packed, which
// takes a fraction of the time of one for each observation.
func (t *Tx) standingOf(ctx context.Context, d *declared, city int32, indicators []int64) (map[int64]standing, error) {
	observations, args := "citygauge.observation", []any{city, pq.Array(indicators)}
	if !d.asOf.IsZero() {
		observations = `(
		  select distinct on (indicator_id, period_start) * from citygauge.observation_revision
		  where city_id = $1 and recorded_at <= $3
		  order by indicator_id, period_start, revision desc
		)`
		args = append(args, d.asOf)
	}
	rows, err := t.QueryContext(ctx, `
		select indicator_id,
		       string_agg(`+packing("note is not null")+`, '' order by period_start)
		from `+observations+` o
		where city_id = $1 and ($2::bigint[] is null or indicator_id = any($2)) and status is not null
		group by indicator_id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64]standing{}
	for rows.Next() {
		var indicator int64
		var packed []byte
		if err := rows.Scan(&indicator, &packed); err != nil {
			return nil, err
		}
		all[indicator] = unpacked(packed, d.frequencies[city][indicator])
	}
	return all, rows.Err()
}

// packing is an observation in SQL, in twelve bytes: the day, the status and a
// mark in one number, and the value.
func packing(mark string) string {
	return `int4send(
		           8 * (period_start - date '0001-01-01' + 1)
		           + case status when 'final' then 0 when 'provisional' then 2 when 'estimated' then 4 else 6 end
		           + (` + mark + `)::int)
		         || float8send(coalesce(value, 0))`
}

// unpacked is a series of observations that were packed.
func unpacked(packed []byte, f programme.Frequency) standing {
	const size = 4 + 8
	s := standing{observed: make([]progress.Observed, len(packed)/size)}
	for n := range s.observed {
		one := packed[n*size:]
		head := binary.BigEndian.Uint32(one)
		s.observed[n] = progress.Observed{
			Period: programme.PeriodOf(f, programme.Date(head>>3)), Value: math.Float64frombits(binary.BigEndian.Uint64(one[4:])),
			Status: programme.ObservationStatuses[head>>1&3],
		}
		if head&1 != 0 {
			if s.marked == nil {
				s.marked = make([]bool, len(s.observed))
			}
			s.marked[n] = true
		}
	}
	return s
}
