package store

import (
	"context"
	"database/sql/driver"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

const stagedColumns = "staged (city_id, indicator_id, first, last, value, status, withdrawn, note)"

// Stage streams rows into a temporary table. Where there is a history to ask
// for between them, they go there in batches: while it copies, a connection
// answers nothing.
func (t *taking) Stage(ctx context.Context, feed func(add func(intake.Row) error) error) error {
	var err error
	if t.history, err = t.startHistory(ctx); err != nil {
		return explained(err)
	}
	if t.history == nil {
		return explained(copyInto(ctx, t.conn, stagedColumns, func(c *copier) error {
			return feed(func(r intake.Row) error { return t.add(c, r) })
		}))
	}
	var b batch
	c := &copier{ctx: ctx, stream: &b, buffer: make([]byte, 0, copyChunk+copyChunk/4), fresh: true}
	write := func() error {
		if err := c.flush(); err != nil || len(b.chunks) == 0 {
			return err
		}
		return copyInto(ctx, t.conn, stagedColumns, b.copyTo)
	}
	err = feed(func(r intake.Row) error {
		if err := t.add(c, r); err != nil || b.bytes < batchBytes {
			return err
		}
		return write()
	})
	if err == nil {
		err = write()
	}
	return explained(err)
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

func (t *taking) add(c *copier, r intake.Row) error {
	id := t.declared.indicatorIDs[r.Indicator]
	first, last := r.Period.First(), r.Period.Last()
	t.cover(id.city, first)
	c.int(int64(id.city))
	c.int(id.indicator)
	c.int(int64(first))
	c.int(int64(last))
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
