package intake

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// field is what a column says of an observation.
type field int

const (
	cityField field = iota
	indicatorField
	periodField
	valueField
	statusField
	noteField
	// Our own export has these two; they are history, not input.
	revisionField
	recordedField
	fieldCount
)

// fieldHeaders are the headers of a tidy file. They are matched in any case,
// and have no synonyms: a header is read or refused, never guessed.
var fieldHeaders = [fieldCount]string{"city", "indicator", "period", "value", "status", "note", "revision", "recorded_at"}

const absent = -1

// layout says which cell of a record is what. The records are those of a tidy
// file or, of a table, those that its cells are handed out as.
type layout struct {
	headers []string
	at      [fieldCount]int // the column of each field, or absent
	unnamed []int           // columns without a header, which must be empty
	wide    *wide           // nil where the file is tidy
}

// ownExport reports whether the file is one that we wrote.
func (l *layout) ownExport() bool {
	return l.at[revisionField] != absent && l.at[recordedField] != absent
}

func (l *layout) column(index int) Column {
	if index < 0 {
		return Column{}
	}
	c := Column{Letter: columnLetter(index)}
	if index < len(l.headers) {
		c.Header = l.headers[index]
	}
	return c
}

// outside are the cells of a record that hold something under no header: of
// those beyond the last header, the first.
func (l *layout) outside(r *record) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, i := range l.unnamed {
			if i < len(r.cells) && len(trim(r.cells[i])) > 0 && !yield(i) {
				return
			}
		}
		for i := len(l.headers); i < len(r.cells); i++ {
			if len(trim(r.cells[i])) > 0 {
				yield(i)
				return
			}
		}
	}
}

// newLayout reads the header, that of a table where w is not nil. given says
// which of the required columns may be left out, because something else says
// the same.
func newLayout(header *record, given [fieldCount]bool, w *wide) (layout, []Problem) {
	l := layout{headers: make([]string, len(header.cells))}
	for f := range l.at {
		l.at[f] = absent
	}
	var problems []Problem
	report := func(code Code, index int, message, hint string) {
		p := Problem{Code: code, Line: header.line, Column: l.column(index), Message: message, Hint: hint}
		p.Value = p.Column.Header
		problems = append(problems, p)
	}
	var unknown []int
	for i, cell := range header.cells {
		cell = withoutApostrophe(trim(cell))
		l.headers[i] = shown(cell)
		f := slices.Index(fieldHeaders[:], fold(string(cell)))
		switch {
		case w != nil && field(f) > valueField:
			message, hint := w.refuseField(field(f))
			report(UnknownColumn, i, message, hint)
		case f >= 0 && l.at[f] == absent:
			l.at[f] = i
		case f >= 0:
			report(DuplicateColumn, i, fmt.Sprintf("column %s has the same header as column %s", columnLetter(i), columnLetter(l.at[f])), "keep one of them")
		case l.headers[i] == "":
			l.unnamed = append(l.unnamed, i)
		case w.isHead(cell):
			if earlier := w.add(i, cell, header.kind(i)); earlier != absent {
				report(DuplicateColumn, i, fmt.Sprintf("column %s has the same header as column %s", columnLetter(i), columnLetter(earlier)), "keep one of them")
			}
		default:
			unknown = append(unknown, i)
		}
	}
	hintUnknown := "remove the column, or name it " + strings.Join(fieldHeaders[:revisionField], ", ")
	hintMissing := "the first line must name the columns city,indicator,period,value"
	if w != nil {
		given[w.across], given[valueField] = true, true
		hintUnknown = "remove the column, or correct its header: the other columns have " + w.describe() + " as headers"
		hintMissing = "a file with " + w.describe() + " across must have it"
	}
	missing := l.missing(given)
	for _, i := range unknown {
		hint := hintUnknown
		if guess := programme.Nearest(l.headers[i], missing); guess != "" {
			hint = "did you mean " + guess + "?"
		} else if p, ok := probably(l.headers[i]); ok && (w == nil || w.across == periodField) {
			if p.Frequency() == programme.Daily {
				p = standsFor(p, programme.Monthly)
			}
			hint = meant(p)
		} else if len(l.headers) == 1 && strings.Count(fold(l.headers[i]), "period") == 1 {
			hint = "every line is in quotes as a whole, or is divided by another mark than , ; tab or |: save the table as CSV again"
		}
		report(UnknownColumn, i, fmt.Sprintf("no column is called %q, and what it holds would be lost", l.headers[i]), hint)
	}
	for _, name := range missing {
		hint := hintMissing
		switch name {
		case fieldHeaders[cityField]:
			hint += "; or say with the upload which city it is for"
		case fieldHeaders[indicatorField]:
			hint += "; or give the file the name of the indicator that it is about"
		}
		report(MissingColumn, absent, fmt.Sprintf("the file has no column %s", name), hint)
	}
	if w != nil {
		w.spread(&l)
	}
	return l, problems
}

// missing names the required columns that a file lacks.
func (l *layout) missing(given [fieldCount]bool) []string {
	var names []string
	for f := cityField; f <= valueField; f++ {
		if l.at[f] == absent && !given[f] {
			names = append(names, fieldHeaders[f])
		}
	}
	return names
}
