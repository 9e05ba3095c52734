package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

const (
	stagedColumns = "staged (city_id, indicator_id, first, last, value, status, withdrawn, note)"
	// fewRows are kept here until they are taken: they go to the database with
	// the statement that compares them, and need no table there.
	fewRows = 10_000
	// fewBytes of a file have seldom more.
	fewBytes = 512 << 10
)

var errMany = errors.New("only small files can be taken in together")

// file begins a further file.
func (t *taking) file() *taken {
	if len(t.files) == 1 {
		for _, r := range t.files[0].rows {
			t.from[t.declared.indicatorIDs[r.Indicator]] = t.files[0]
		}
	}
	f := &taken{cities: map[int32]bool{}, beyond: []int32{}}
	t.files = append(t.files, f)
	return f
}

// fileOf is the file that a series came in.
func (t *taking) fileOf(id seriesID) *taken {
	if len(t.files) == 1 {
		return t.files[0]
	}
	return t.from[id]
}

// Stage keeps the rows of a file, a few of them here and many in a temporary
// table.
func (t *taking) Stage(ctx context.Context, bytes int64, feed func(add func(intake.Row) error) error) error {
	if err := t.startHistory(ctx); err != nil {
		return explained(err)
	}
	f := t.file()
	if bytes <= fewBytes || len(t.files) > 1 {
		return explained(t.stageFew(ctx, f, feed))
	}
	if err := t.makeTable(ctx); err != nil {
		return explained(err)
	}
	return explained(t.stageMany(ctx, func(add func(intake.Row) error) error {
		return feed(func(r intake.Row) error {
			t.cover(f, r)
			switch stands, err := t.stands(ctx, r); {
			case err != nil:
				return err
			case stands:
				return t.setAside(ctx, r)
			}
			return add(r)
		})
	}))
}

// stageFew keeps rows here, until there are too many.
func (t *taking) stageFew(ctx context.Context, f *taken, feed func(add func(intake.Row) error) error) error {
	var b *batches
	err := feed(func(r intake.Row) error {
		t.cover(f, r)
		if b != nil {
			return b.add(r)
		}
		if len(f.rows) < fewRows {
			r.Note = slices.Clone(r.Note)
			f.rows = append(f.rows, r)
			return nil
		}
		if len(t.files) > 1 {
			return errMany
		}
		if err := t.makeTable(ctx); err != nil {
			return err
		}
		b = t.newBatches(ctx)
		for _, kept := range append(f.rows, r) {
			if err := b.add(kept); err != nil {
				return err
			}
		}
		f.rows = nil
		return nil
	})
	if err != nil || b == nil {
		return err
	}
	return b.write()
}

// makeTable makes the table for the rows of a large file. Days are counted from
// 0001-01-01, which is day 1, as programme.Date does.
func (t *taking) makeTable(ctx context.Context) error {
	t.table = true
	// By itself: Citus takes settings along to the workers, and with one all that
	// stands beside it.
	if _, err := t.ExecContext(ctx, `set local work_mem = '64MB'`); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, `
		create temporary table staged (
		  city_id      int not null,
		  indicator_id bigint not null,
		  first        int not null,
		  last         int not null,
		  value        double precision,
		  status       citygauge.observation_status,
		  withdrawn    boolean not null,
		  note         text
		) on commit drop`)
	return err
}

// stageMany streams rows into the table. Where there is a history to ask for
// between them, they go there in batches: while it copies, a connection answers
// nothing.
func (t *taking) stageMany(ctx context.Context, feed func(add func(intake.Row) error) error) error {
	if t.history == nil {
		return copyInto(ctx, t.conn, stagedColumns, func(c *copier) error {
			return feed(func(r intake.Row) error { return t.add(c, r) })
		})
	}
	b := t.newBatches(ctx)
	if err := feed(b.add); err != nil {
		return err
	}
	return b.write()
}

// batches are rows on their way into the table.
type batches struct {
	t *taking
	c *copier
	batch
}

func (t *taking) newBatches(ctx context.Context) *batches {
	b := &batches{t: t}
	b.c = &copier{ctx: ctx, stream: &b.batch, buffer: make([]byte, 0, copyChunk+copyChunk/4), fresh: true}
	return b
}

func (b *batches) add(r intake.Row) error {
	if err := b.t.add(b.c, r); err != nil || b.bytes < batchBytes {
		return err
	}
	return b.write()
}

func (b *batches) write() error {
	if err := b.c.flush(); err != nil || len(b.chunks) == 0 {
		return err
	}
	return copyInto(b.c.ctx, b.t.conn, stagedColumns, b.copyTo)
}

// batchBytes of rows are kept before they are copied.
const batchBytes = 4 << 20

// batch keeps chunks of rows.
type batch struct {
	chunks []string
	bytes  int
}

// CopyData keeps a chunk, as a statement would send it.
func (b *batch) CopyData(_ context.Context, chunk string) (driver.Result, error) {
	b.chunks = append(b.chunks, chunk)
	b.bytes += len(chunk)
	return driver.ResultNoRows, nil
}

func (b *batch) copyTo(c *copier) error {
	for _, chunk := range b.chunks {
		if _, err := c.stream.CopyData(c.ctx, chunk); err != nil {
			return err
		}
	}
	*b = batch{}
	return nil
}

// cover notes what a file speaks of.
func (t *taking) cover(f *taken, r intake.Row) {
	id, first := t.declared.indicatorIDs[r.Indicator], r.Period.First()
	f.count++
	f.cities[id.city], t.staged[id.city] = true, true
	if len(t.files) > 1 {
		t.from[id] = f
	}
	if t.first.IsZero() || first < t.first {
		t.first = first
	}
	t.last = max(t.last, first)
}

func (t *taking) add(c *copier, r intake.Row) error {
	id := t.declared.indicatorIDs[r.Indicator]
	c.int(int64(id.city))
	c.int(id.indicator)
	c.int(int64(r.Period.First()))
	c.int(int64(r.Period.Last()))
	if r.Withdraw || r.Status == programme.Suppressed {
		c.null()
	} else {
		c.float(r.Value)
	}
	c.textOrNull(string(r.Status))
	c.bool(r.Withdraw)
	t.hasNote = r.HasNote
	c.bytesOrNull(r.Note)
	return c.end()
}

// Unstage takes rows of the newest file back.
func (t *taking) Unstage(ctx context.Context, keys []intake.Key) error {
	f := t.files[len(t.files)-1]
	if !t.table {
		back := make(map[intake.Key]bool, len(keys))
		for _, k := range keys {
			back[k] = true
		}
		f.rows = slices.DeleteFunc(f.rows, func(r intake.Row) bool { return back[r.Key] })
		f.count = int64(len(f.rows))
		return nil
	}
	if err := t.takeUp(ctx); err != nil {
		return explained(err)
	}
	indicators, days := make([]int64, len(keys)), make([]int32, len(keys))
	for n, k := range keys {
		indicators[n], days[n] = t.declared.indicatorIDs[k.Indicator].indicator, int32(k.Period.First())
	}
	gone, err := t.ExecContext(ctx, `
		delete from staged
		using unnest($1::bigint[], $2::int[]) as taken_back(indicator_id, first)
		where staged.indicator_id = taken_back.indicator_id and staged.first = taken_back.first`,
		pq.Array(indicators), pq.Array(days))
	if err != nil {
		return explained(err)
	}
	n, err := gone.RowsAffected()
	f.count -= n
	return err
}

// stagedRows are the rows wherever they are, as what a statement selects from,
// with its parameters from number on.
func (t *taking) stagedRows(number int) (from string, args []any) {
	if t.table {
		return fmt.Sprintf(`(select staged.*, $%d::bigint as upload_id, $%d::boolean as has_note from staged)`, number, number+1),
			[]any{t.files[0].number, t.hasNote}
	}
	var cities, firsts, lasts []int32
	var indicators, uploads []int64
	var values []float64
	var statuses, notes []string
	var withdrawn, noted []bool
	for _, f := range t.files {
		for _, r := range f.rows {
			id := t.declared.indicatorIDs[r.Indicator]
			cities, indicators, uploads = append(cities, id.city), append(indicators, id.indicator), append(uploads, f.number)
			firsts, lasts = append(firsts, int32(r.Period.First())), append(lasts, int32(r.Period.Last()))
			value := r.Value
			if r.Withdraw || r.Status == programme.Suppressed {
				value = math.NaN() // null; no value of a file is that
			}
			values, statuses, notes = append(values, value), append(statuses, string(r.Status)), append(notes, string(r.Note))
			withdrawn, noted = append(withdrawn, r.Withdraw), append(noted, r.HasNote)
		}
	}
	args = []any{
		pq.Array(cities), pq.Array(indicators), pq.Array(firsts), pq.Array(lasts), pq.Array(values),
		pq.Array(statuses), pq.Array(withdrawn), pq.Array(notes), pq.Array(uploads), pq.Array(noted),
	}
	places := make([]any, len(args))
	for n := range places {
		places[n] = number + n
	}
	return fmt.Sprintf(`(
		  select city_id, indicator_id, first, last, nullif(value, 'NaN') as value, nullif(status, '')::citygauge.observation_status as status,
		         withdrawn, nullif(note, '') as note, upload_id, has_note
		  from unnest($%d::int[], $%d::bigint[], $%d::int[], $%d::int[], $%d::float8[], $%d::text[], $%d::bool[], $%d::text[], $%d::bigint[], $%d::bool[])
		    as kept(city_id, indicator_id, first, last, value, status, withdrawn, note, upload_id, has_note)
		)`, places...), args
}
