package intake

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// wide says how a table is read: the periods or the indicators go across, as
// headers of columns of values, and the other fields down, in columns of their
// own. Each of its cells is judged as the row of a tidy file that says the same.
type wide struct {
	across  field           // periodField or indicatorField
	labels  [valueField]int // the columns of the fields that go down, or absent
	columns []int           // of values
	heads   [][]byte        // what their headers say
	kinds   []kind          // of the headers
	named   map[string]int  // the column of each folded header
	names   map[string]bool // the indicators that may go across
}

// newWide finds out from the header whether the file is a table; nil is none.
func newWide(header *record, catalogue *Catalogue) *wide {
	has := func(f field) bool {
		return slices.ContainsFunc(header.cells, func(cell []byte) bool { return fold(string(cell)) == fieldHeaders[f] })
	}
	w := &wide{across: periodField, named: map[string]int{}}
	switch {
	case has(valueField), has(periodField) && has(indicatorField):
		return nil
	case has(periodField):
		w.across, w.names = indicatorField, catalogue.allIndicatorNames()
	}
	if !slices.ContainsFunc(header.cells, w.isHead) {
		return nil
	}
	return w
}

// isHead reports whether a header is that of a column of values.
func (w *wide) isHead(header []byte) bool {
	if w == nil {
		return false
	}
	if w.across == indicatorField {
		name := fold(string(header))
		return w.names[name] && !slices.Contains(fieldHeaders[:], name)
	}
	_, err := programme.ParsePeriod(string(trim(header)))
	return err == nil
}

// add adds a column of values. Where its header is that of an earlier one, it
// returns that.
func (w *wide) add(index int, header []byte, k kind) (earlier int) {
	name := fold(string(header))
	if earlier, twice := w.named[name]; twice {
		return earlier
	}
	w.named[name] = index
	w.columns, w.heads, w.kinds = append(w.columns, index), append(w.heads, bytes.Clone(trim(header))), append(w.kinds, k)
	return absent
}

// describe says what goes across, in words.
func (w *wide) describe() string {
	if w.across == indicatorField {
		return "indicators"
	}
	return "periods"
}

// spread makes the layout that of the rows which the table's cells are handed
// out as.
func (w *wide) spread(l *layout) {
	copy(w.labels[:], l.at[:valueField])
	for f := range valueField {
		if f == w.across || w.labels[f] != absent {
			l.at[f] = int(f)
		}
	}
	l.at[valueField] = int(valueField)
	l.wide = w
}

// cells hands out every cell of values of a record, and everything in it that
// stands under no header. What it hands out is used again for the next.
func (w *wide) cells(l *layout, take func(*record) error) func(*record) error {
	cell := record{cells: make([][]byte, valueField+1), columns: make([]int, valueField+1), kinds: make([]kind, valueField+1)}
	return func(r *record) error {
		if r.problem != nil {
			return take(r)
		}
		cell.line, cell.warning, cell.warned = r.line, r.warning, r.warned
		for f, column := range w.labels {
			cell.cells[f], cell.columns[f], cell.kinds[f] = r.at(column), column, r.kind(column)
		}
		for i, column := range w.columns {
			cell.cells[w.across], cell.columns[w.across], cell.kinds[w.across] = w.heads[i], column, w.kinds[i]
			cell.cells[valueField], cell.columns[valueField], cell.kinds[valueField] = r.at(column), column, r.kind(column)
			if err := take(&cell); err != nil {
				return err
			}
			cell.warning = nil
		}
		for i := range l.outside(r) {
			if err := take(&record{line: r.line, cell: i, problem: &Problem{
				Code: ExtraCell, Value: shown(trim(r.cells[i])), Message: noHeader, Hint: giveHeader,
			}}); err != nil {
				return err
			}
		}
		return nil
	}
}

// withoutValue reports whether a record is a cell of a table that holds no
// value: nothing else in the row is then said of it.
func (w *wide) withoutValue(r *record) bool {
	return r.problem == nil && contentOf(trim(r.cells[valueField])) == noValue
}

// refuseField says why a table cannot have a column of a tidy file.
func (w *wide) refuseField(f field) (message, hint string) {
	return fmt.Sprintf("with %s across, it is not clear which of a row's values the %s is about", w.describe(), fieldHeaders[f]),
		"remove the column, or write a row for each value: city,indicator,period,value,status,note"
}

// told is what was said of a line of a table: what is wrong with its city is
// wrong for each of its cells, and said once.
type told struct {
	line int
	said map[Problem]bool
}

func (t *told) again(p Problem) bool {
	if t.said == nil || t.line != p.Line {
		t.line, t.said = p.Line, map[Problem]bool{}
	}
	p.Hint = "" // of one fault there may be several, for indicators of several frequencies
	again := t.said[p]
	t.said[p] = true
	return again
}
