package intake

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

const (
	repeatedKeys = 100_000 // listed; a file with more has another problem
	linesListed  = 10      // of one key
)

// seen remembers the keys of all rows as bits: periods of a series stand
// together, so that a page of 64 holds years of months. A million rows of
// weekly data take about a megabyte.
type seen struct {
	pages  map[uint64]uint64
	page   uint64 // the newest, kept out of the map while rows go on in it
	bits   uint64
	origin [programme.Annual + 1]programme.Period
}

const pageBits = 6

func newSeen() seen {
	s := seen{pages: map[uint64]uint64{}}
	for _, f := range programme.Frequencies() {
		s.origin[f] = programme.PeriodOf(f, programme.MinDate)
	}
	return s
}

// add remembers a key, and reports whether it was known.
func (s *seen) add(k Key) (again bool) {
	ordinal := k.Period.Sub(s.origin[k.Period.Frequency()])
	if page := uint64(k.Indicator)<<32 | uint64(ordinal>>pageBits); page != s.page {
		s.pages[s.page] = s.bits
		s.page, s.bits = page, s.pages[page]
	}
	bit := uint64(1) << (ordinal & (1<<pageBits - 1))
	again = s.bits&bit != 0
	s.bits |= bit
	return again
}

// repetition is a key that several rows have.
type repetition struct {
	rows   int
	column int   // of the first row's period
	lines  []int // of the first rows
	handed bool  // the first of them, without a problem of its own
	remove bool  // that one withdrew
}

// repeat notes that a key was seen before. Where is found out in the end.
func (c *checker) repeat(k Key) error {
	if c.repeated == nil {
		c.repeated = map[Key]*repetition{}
	}
	if c.repeated[k] != nil {
		return nil
	}
	if len(c.repeated) < repeatedKeys {
		c.repeated[k] = &repetition{}
		return nil
	}
	return c.refuse(Problem{
		Code: DuplicateRow, Line: c.record.line, Hint: "check whether the file was put together twice",
		Message: fmt.Sprintf("more than %d keys have several rows each; reading ends here", repeatedKeys),
	})
}

// listRepeated reads the file again, up to where the first reading ended, for
// the lines of every key that came more than once.
func (c *checker) listRepeated() error {
	if len(c.repeated) == 0 {
		return nil
	}
	var order []Key
	until := c.lastLine
	c.muted = true
	err := c.rescan(func(r *record) error {
		if r.line > until {
			return errStop
		}
		row, keyed, v := c.judge(r)
		if c.err != nil {
			return c.err
		}
		found, ok := c.repeated[row.Key]
		if !ok || !keyed {
			return nil
		}
		if found.rows++; found.rows == 1 {
			order = append(order, row.Key)
			found.handed, found.remove = v == taken, row.Withdraw
			found.column = r.place(c.layout.at[periodField])
		}
		if len(found.lines) < linesListed {
			found.lines = append(found.lines, r.line)
		}
		return nil
	})
	c.muted = false
	if err != nil {
		return err
	}
	for _, k := range order {
		if err := c.reportRepeated(k); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) reportRepeated(k Key) error {
	found := c.repeated[k]
	if found.handed {
		c.summary.Rows--
		c.summary.Rejected++
		if found.remove {
			c.summary.Withdrawn--
		}
	}
	if err := c.sink.Retract(k); err != nil {
		return err
	}
	indicator := c.catalogue.Indicators[k.Indicator]
	return c.report(Problem{
		Code: DuplicateRow, Line: found.lines[0], Column: c.layout.column(found.column), Value: k.Period.String(),
		Message: fmt.Sprintf("%s of %s in %s is on lines %s", indicator.ID, indicator.City, k.Period, found.list()),
		Hint:    "keep the right one",
	})
}

// list is the lines in words: 2, 5 and 9.
func (r *repetition) list() string {
	words := make([]string, len(r.lines))
	for i, line := range r.lines {
		words[i] = strconv.Itoa(line)
	}
	if more := r.rows - len(r.lines); more > 0 {
		return strings.Join(words, ", ") + " and " + strconv.Itoa(more) + " more"
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
