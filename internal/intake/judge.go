package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// verdict is what becomes of a record.
type verdict uint8

const (
	rejected verdict = iota
	skipped
	taken
)

// take judges a record of the first reading and hands on what comes of it.
func (c *checker) take(r *record) error {
	row, keyed, v := c.judge(r)
	if c.err != nil {
		return c.err
	}
	if keyed && c.seen.add(row.Key) {
		c.summary.Rejected++
		return c.repeat(row.Key)
	}
	switch v {
	case rejected:
		c.summary.Rejected++
		return nil
	case skipped:
		c.summary.Skipped++
		return nil
	}
	c.summary.Rows++
	switch {
	case row.Withdraw:
		c.summary.Withdrawn++
	case row.Status != programme.Suppressed:
		if err := c.judgePercent(&row); err != nil {
			return err
		}
		if err := c.judgeUsual(&row); err != nil {
			return err
		}
	}
	return c.sink.Row(row)
}

// judge judges every cell of a record. keyed says that the row's key is known
// and that it has something to say of it, be that right or wrong.
func (c *checker) judge(r *record) (row Row, keyed bool, v verdict) {
	c.record, c.errors, c.err = r, 0, nil
	row.Line = r.line
	if r.problem != nil {
		c.about.Elsewhere = true
		c.problem(c.located(r))
		return row, false, rejected
	}
	if c.layout.wide != nil && c.layout.wide.withoutValue(r) {
		c.place(r)
		return row, false, skipped
	}
	if at, ok := c.aside(r); ok {
		c.place(r)
		message := "the row has neither an indicator nor a period"
		if !r.empty(c.layout.at[indicatorField]) {
			message = "the row has neither a period nor a value"
		}
		c.fault(MissingCell, at, message, "remove the row if it is a total or a remark; else write them")
		return row, false, rejected
	}
	if at := c.layout.at[periodField]; c.layout.wide == nil && len(r.at(at)) > 0 && r.at(at)[0] > '9' && strings.EqualFold(asString(trim(r.at(at))), fieldHeaders[periodField]) {
		c.place(r)
		c.fault(BadPeriod, at, "this is the header again", "remove the row")
		return row, false, rejected
	}
	c.judgeWidth()
	city, indicator := c.judgeSeries(&row)
	holds := c.judgeValue(&row, indicator)
	c.judgeStatus(&row, &holds)
	keyed = c.judgePeriod(&row, city, indicator, holds) && holds != noValue
	c.judgeNote(&row)
	row.Withdraw = holds == withdrawal
	switch {
	case c.errors > 0:
		return row, keyed, rejected
	case holds == noValue:
		return row, false, skipped
	}
	return row, keyed, taken
}

// aside reports whether a record of a tidy file is about no period and no series,
// or has no value either, like a total or a remark below the numbers: it is told
// so once, at its first cell, instead of cell by cell.
func (c *checker) aside(r *record) (at int, ok bool) {
	i, p, v := c.layout.at[indicatorField], c.layout.at[periodField], c.layout.at[valueField]
	if c.layout.wide != nil || i == absent || !r.empty(p) || !r.empty(i) && !r.empty(v) {
		return absent, false
	}
	return max(0, slices.IndexFunc(r.cells, func(cell []byte) bool { return len(trim(cell)) > 0 })), true
}

// judgeWidth refuses what stands beside the columns that the header names.
func (c *checker) judgeWidth() {
	switch {
	case c.layout.wide != nil: // it hands out such cells as records of their own
		return
	case len(c.layout.unnamed) == 0 && len(c.record.cells) <= len(c.layout.headers):
		return // nearly always
	}
	for i := range c.layout.outside(c.record) {
		c.fault(ExtraCell, i, noHeader, giveHeader)
	}
}

const (
	noHeader   = "the cell stands under no header"
	giveHeader = "give its column a header, or empty it; quote a cell that holds the delimiter"
)

// cell is what a record has for a field; empty where it has no such column.
func (c *checker) cell(r *record, f field) []byte {
	return withoutApostrophe(trim(r.at(c.layout.at[f])))
}

// calculated reports whether the cell of a field has a result; only a formula
// may have none.
func (c *checker) calculated(f field) bool {
	at := c.layout.at[f]
	switch c.record.kind(at) {
	case errorCell:
		c.fault(BadFormula, at, "the formula of this cell gives an error", "correct the formula, or write the value itself")
	case unknownCell:
		c.fault(BadFormula, at, "this cell has a formula, but not its result", "open the workbook in a spreadsheet program, and save it there; or write the value itself")
	default:
		return true
	}
	return false
}

// required is the cell of a field that must not be empty.
func (c *checker) required(f field) (cell []byte, ok bool) {
	if !c.calculated(f) {
		return nil, false
	}
	if cell = c.cell(c.record, f); len(cell) > 0 {
		return cell, true
	}
	hint := "write the " + fieldHeaders[f] + "; of merged cells, the first alone has it"
	if f == periodField {
		hint += "; remove the row if it is a total or a remark"
	}
	c.fault(MissingCell, c.layout.at[f], "the row has no "+fieldHeaders[f], hint)
	return nil, false
}

// oldest is before all that a city can have counted: earlier years are slips, or
// those of another calendar.
var oldest = programme.NewDate(1700, time.January, 1)

func (c *checker) judgePeriod(row *Row, city *cityState, indicator *programme.Indicator, holds content) (known bool) {
	cell, ok := c.required(periodField)
	if !ok {
		return false
	}
	at := c.layout.at[periodField]
	period, err := programme.ParsePeriod(asString(cell))
	if err != nil {
		c.fault(BadPeriod, at, "this is no period", periodHint(string(cell), indicator))
		return false
	}
	if period.First() < oldest {
		c.fault(BadPeriod, at, fmt.Sprintf("this is in the year %d", period.First().Time().Year()), "write the year of the Gregorian calendar, with four digits")
		return false
	}
	if indicator == nil {
		return false
	}
	if c.record.kind(at) == dateCell {
		period = standsFor(period, indicator.Frequency)
	}
	if period.Frequency() != indicator.Frequency {
		hint := "write " + periodExample(indicator)
		if p := standsFor(period, indicator.Frequency); period.Frequency() == programme.Daily && p != period {
			hint = meant(p)
		}
		c.fault(WrongFrequency, at, fmt.Sprintf("this is a %s, but %s is %s", period.Frequency().Noun(), indicator.ID, indicator.Frequency), hint)
		return false
	}
	row.Period = period
	if holds == number || holds == suppressed {
		c.judgeFuture(row, city)
	}
	return true
}

// judgeFuture refuses values of periods that have not ended: the last day may
// be today, and a running period may be provisional.
func (c *checker) judgeFuture(row *Row, city *cityState) {
	open := city.open[row.Period.Frequency()]
	after := row.Period.Sub(open.period)
	if after < 0 || after == 0 && open.running && row.Status == programme.Provisional {
		return
	}
	at, noun := c.layout.at[periodField], row.Period.Frequency().Noun()
	if after == 0 && open.running {
		c.fault(FuturePeriod, at, fmt.Sprintf("the %s has not ended: its last day is %s", noun, row.Period.Last()),
			"wait until it has, or give the value the status provisional")
		return
	}
	c.fault(FuturePeriod, at, fmt.Sprintf("the %s begins on %s, which is after today", noun, row.Period.First()),
		"correct the period, or leave the value empty until then")
}

func (c *checker) judgeStatus(row *Row, holds *content) {
	at := c.layout.at[statusField]
	if at != absent && c.calculated(statusField) {
		status, ok := statusOf(c.cell(c.record, statusField))
		if !ok {
			words := make([]string, len(programme.ObservationStatuses))
			for i, s := range programme.ObservationStatuses {
				words[i] = string(s)
			}
			c.fault(BadStatus, at, "this is no status", "write one of "+strings.Join(words, ", ")+", or leave the cell empty for final")
		}
		row.Status = status
	}
	switch {
	case *holds == suppressed:
		row.Status = programme.Suppressed
	case row.Status == programme.Suppressed && *holds == noValue:
		*holds = suppressed
	case row.Status == programme.Suppressed && *holds == number:
		c.fault(BadStatus, at, "the value is suppressed, but the row has a number", "remove the number or the status")
	}
}

func (c *checker) judgeNote(row *Row) {
	i := c.layout.at[noteField]
	if i == absent || !c.calculated(noteField) {
		return
	}
	row.HasNote, row.Note = true, c.cell(c.record, noteField)
	if c.book == nil && c.swallows(row.Note) {
		c.fault(BadQuoting, i, "the quoted cell goes over several lines, one of which reads like a row",
			"close the quote on the line where it opens; put what is meant to be a note on one line")
	}
}

// swallows reports whether a cell with line breaks holds a row of the file: a
// forgotten quote may end at a later, stray one, and would take the rows in
// between with it.
func (c *checker) swallows(cell []byte) bool {
	first := bytes.IndexAny(cell, "\r\n")
	if first < 0 {
		return false
	}
	at := c.layout.at[periodField]
	for line := range bytes.FieldsFuncSeq(cell[first:], func(c rune) bool { return c == '\r' || c == '\n' }) {
		for _, delimiter := range delimiters {
			parts := bytes.Split(line, []byte{byte(delimiter)})
			if at >= len(parts) || len(parts) < 2 {
				continue
			}
			if _, err := programme.ParsePeriod(string(trim(parts[at]))); err == nil {
				return true
			}
		}
	}
	return false
}

// fault reports a problem with a cell of the record being judged.
func (c *checker) fault(code Code, index int, message, hint string) {
	p := Problem{Code: code, Line: c.record.line, Column: c.layout.column(c.record.place(index)), Message: message, Hint: hint}
	if index >= 0 && index < len(c.record.cells) {
		p.Value = shown(trim(c.record.cells[index]))
	}
	if c.layout.wide != nil && c.told.again(p) {
		c.errors++
		return
	}
	c.problem(p)
}

func (c *checker) problem(p Problem) {
	c.errors++
	if !c.muted && c.err == nil {
		c.err = c.report(p)
	}
}
