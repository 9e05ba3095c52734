package store

import (
	"bufio"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// aside is where the rows of a large file go that say what stands already: the
// history that is asked for their bounds tells. They need not be compared again
// in the database, unless somebody else changes their cities before the lock is
// had; so they are kept in a file.
type aside struct {
	c    *copier
	file *os.File
	w    *bufio.Writer
}

// stands reports whether a row changes nothing, as far as is known here.
func (t *taking) stands(ctx context.Context, r intake.Row) (bool, error) {
	if t.history == nil || r.Withdraw {
		return false, nil
	}
	e, err := t.expected(ctx, r.Indicator)
	if err != nil {
		return false, err
	}
	n, there := e.at(r.Period)
	if !there {
		return false, nil
	}
	o, status := e.observed[n], r.Status
	if status == "" { // what stands stays, but a number ends a suppressed one
		if status = o.Status; status == programme.Suppressed {
			status = programme.Final
		}
	}
	return status == o.Status && r.Value == o.Value && (!r.HasNote || len(r.Note) == 0 && !e.marks(n)), nil
}

// nameless is a temporary file that has no name: it is gone with its process,
// however that ends.
func nameless() (*os.File, error) {
	file, err := os.CreateTemp("", "citygauge-rows-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// at is the place of a period. Rows come in the order of periods, nearly always.
func (e *expected) at(p programme.Period) (n int, there bool) {
	if n = e.next; n >= len(e.observed) || e.observed[n].Period != p {
		n, there = slices.BinarySearchFunc(e.observed, p, byPeriod)
		if !there {
			return 0, false
		}
	}
	e.next = n + 1
	return n, true
}

// setAside keeps a row where it costs nothing.
func (t *taking) setAside(ctx context.Context, r intake.Row) error {
	if t.aside == nil {
		file, err := nameless()
		if err != nil {
			return fmt.Errorf("keep the rows that change nothing: %w", err)
		}
		a := &aside{file: file, w: bufio.NewWriterSize(file, copyChunk)}
		a.c = &copier{ctx: ctx, stream: a, buffer: make([]byte, 0, copyChunk+copyChunk/4), fresh: true}
		t.aside = a
	}
	return t.add(t.aside.c, r)
}

// CopyData keeps a chunk of rows, as a statement would send it.
func (a *aside) CopyData(_ context.Context, chunk string) (driver.Result, error) {
	if _, err := a.w.WriteString(chunk + "\n"); err != nil {
		return nil, fmt.Errorf("keep the rows that change nothing: %w", err)
	}
	return driver.ResultNoRows, nil
}

// takeUp stages what was set aside, since it may change something after all.
func (t *taking) takeUp(ctx context.Context) error {
	a := t.aside
	if a == nil {
		return nil
	}
	defer a.close()
	t.aside = nil
	if err := a.c.flush(); err != nil {
		return err
	}
	if err := a.w.Flush(); err != nil {
		return fmt.Errorf("keep the rows that change nothing: %w", err)
	}
	if _, err := a.file.Seek(0, 0); err != nil {
		return err
	}
	return copyInto(ctx, t.conn, stagedColumns, func(c *copier) error {
		rows := bufio.NewScanner(a.file)
		for rows.Scan() {
			c.buffer = append(c.buffer, rows.Bytes()...)
			if err := c.end(); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func (a *aside) close() {
	if a == nil {
		return
	}
	a.file.Close()
}
