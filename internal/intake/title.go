package intake

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// titles are the rows above the header: what the table is called, who made it.
type titles struct {
	rows  int
	first *record // kept for its problems, should there be no header
}

// What counts as a title: so few cells, none of which is a header of ours; and
// so many such rows.
const (
	titleCells = 2
	titleRows  = 20
)

// pass reports whether a row is a title. The header is the first row that has
// all that a header needs, or that is no title.
func (t *titles) pass(r *record, c *checker) bool {
	if r.problem != nil || t.rows == titleRows {
		return false
	}
	var n numeral
	cells, periods, numbers := 0, 0, 0
	for _, cell := range r.cells {
		if cell = trim(cell); len(cell) == 0 {
			continue
		}
		cells++
		if _, err := programme.ParsePeriod(asString(cell)); err == nil {
			periods++
		} else if n.parse(cell) {
			numbers++
		}
		if isFieldHeader(cell) {
			return false
		}
	}
	if cells > titleCells || periods > 0 && numbers > 0 { // the latter is a row below a header that is missing
		return false
	}
	l, problems := newLayout(r, c.given(), newWide(r, c.catalogue))
	if l.wide != nil && !slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == MissingColumn }) {
		return false
	}
	if t.rows++; t.rows == 1 {
		t.first = &record{line: r.line, cell: r.cell, kinds: slices.Clone(r.kinds)}
		for _, cell := range r.cells {
			t.first.cells = append(t.first.cells, bytes.Clone(cell))
		}
	}
	return true
}

func isFieldHeader(cell []byte) bool {
	const longest = 32 // than any of them
	return len(cell) < longest && slices.Contains(fieldHeaders[:], fold(string(cell)))
}

// header is the record to read as the header: the first of all where none of
// them can be one.
func (t *titles) header(r *record) *record {
	if t.rows == titleRows {
		return t.first
	}
	return r
}

// findDelimiter finds the delimiter of a file from its first lines: that of the
// first line with a header of ours, since titles may be above it, else of the
// first with any.
func findDelimiter(head []byte, eol byte) byte {
	var found byte
	n := 0
	for line := range bytes.SplitSeq(head, []byte{eol}) {
		if len(trim(line)) == 0 {
			continue
		}
		if n++; n > titleRows+1 {
			break
		}
		d, divided := delimiterOf(line)
		for cell := range bytes.SplitSeq(line, []byte{d}) {
			if divided && isFieldHeader(bytes.Trim(trim(cell), `"`)) {
				return d
			}
		}
		if divided && found == 0 {
			found = d
		}
	}
	return cmp.Or(found, delimiters[0])
}
