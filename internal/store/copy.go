package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// copyChunk is the size at which rows are handed over: about what fits into
// lib/pq's own buffer.
const copyChunk = 60 << 10

// copier streams rows into a table in the text format of COPY. It is used
// within a transaction on a connection that does nothing else meanwhile.
type copier struct {
	ctx    context.Context //nolint:containedctx // the copier lives no longer than one call
	stream interface {
		CopyData(ctx context.Context, chunk string) (driver.Result, error)
	}
	statement driver.Stmt
	buffer    []byte
	fresh     bool // nothing of the current row is written yet
}

// copyInto runs feed with a copier for the columns of a table, such as
// "staged (city_id, value)".
func copyInto(ctx context.Context, conn *sqlx.Conn, target string, feed func(*copier) error) (err error) {
	// Raw must not hear of a broken connection: it would close it, and wait for
	// ever for the transaction that holds it.
	raised := conn.Raw(func(raw any) error {
		err = copyRaw(ctx, raw, target, feed)
		return nil
	})
	return errors.Join(err, raised)
}

func copyRaw(ctx context.Context, raw any, target string, feed func(*copier) error) error {
	preparer, ok := raw.(driver.ConnPrepareContext)
	if !ok {
		return errors.New("the database driver cannot copy")
	}
	statement, err := preparer.PrepareContext(ctx, "copy "+target+" from stdin")
	if err != nil {
		return fmt.Errorf("copy into %s: %w", target, err)
	}
	c := &copier{ctx: ctx, statement: statement, buffer: make([]byte, 0, copyChunk+copyChunk/4), fresh: true}
	c.stream, ok = statement.(interface {
		CopyData(ctx context.Context, chunk string) (driver.Result, error)
	})
	if !ok {
		return errors.New("the database driver cannot copy")
	}
	if err := feed(c); err != nil {
		// What broke the feed is what matters; the copy is rolled back.
		_ = statement.Close()
		return err
	}
	return c.finish()
}

func (c *copier) finish() error {
	if err := c.flush(); err != nil {
		return errors.Join(err, c.statement.Close())
	}
	_, err := c.statement.Exec(nil)
	return errors.Join(err, c.statement.Close())
}

func (c *copier) flush() error {
	if len(c.buffer) == 0 {
		return nil
	}
	// The driver ends each chunk with a line end of its own.
	_, err := c.stream.CopyData(c.ctx, string(c.buffer[:len(c.buffer)-1]))
	c.buffer = c.buffer[:0]
	return err
}

// end ends a row.
func (c *copier) end() error {
	c.buffer = append(c.buffer, '\n')
	c.fresh = true
	if len(c.buffer) < copyChunk {
		return nil
	}
	return c.flush()
}

func (c *copier) separate() {
	if !c.fresh {
		c.buffer = append(c.buffer, '\t')
	}
	c.fresh = false
}

func (c *copier) int(v int64) {
	c.separate()
	c.buffer = strconv.AppendInt(c.buffer, v, 10)
}

func (c *copier) bool(v bool) {
	c.separate()
	if v {
		c.buffer = append(c.buffer, 't')
	} else {
		c.buffer = append(c.buffer, 'f')
	}
}

// float writes a number so that it reads back as the same one.
func (c *copier) float(v float64) {
	c.separate()
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		c.buffer = strconv.AppendInt(c.buffer, int64(v), 10)
		return
	}
	c.buffer = strconv.AppendFloat(c.buffer, v, 'g', -1, 64)
}

func (c *copier) null() {
	c.separate()
	c.buffer = append(c.buffer, '\\', 'N')
}

func (c *copier) text(v string) {
	c.separate()
	c.buffer = appendEscaped(c.buffer, v)
}

// bytesOrNull writes text; nothing is null.
func (c *copier) bytesOrNull(v []byte) {
	if len(v) == 0 {
		c.null()
		return
	}
	c.separate()
	c.buffer = appendEscaped(c.buffer, v)
}

func appendEscaped[T ~string | ~[]byte](buffer []byte, v T) []byte {
	for i := range len(v) {
		switch b := v[i]; b {
		case '\\':
			buffer = append(buffer, '\\', '\\')
		case '\n':
			buffer = append(buffer, '\\', 'n')
		case '\r':
			buffer = append(buffer, '\\', 'r')
		case '\t':
			buffer = append(buffer, '\\', 't')
		default:
			buffer = append(buffer, b)
		}
	}
	return buffer
}

func (c *copier) textOrNull(v string) {
	if v == "" {
		c.null()
		return
	}
	c.text(v)
}

func (c *copier) date(d programme.Date) { c.textOrNull(d.String()) }

func (c *copier) figure(f progress.Figure) {
	if !f.Known {
		c.null()
		return
	}
	c.float(f.Number)
}
