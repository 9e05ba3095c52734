package intake

import (
	"fmt"
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

// layout says which column of a tidy file is what. A layout of another kind,
// such as periods down and indicators across, belongs beside it.
type layout struct {
	headers []string
	at      [fieldCount]int // the column of each field, or absent
	unnamed []int           // columns without a header, which must be empty
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

// newLayout reads the header. given says which of the required columns may be
// left out, because something outside the file says the same.
func newLayout(header *record, given [fieldCount]bool) (layout, []Problem) {
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
		l.headers[i] = shown(trim(cell))
		f := slices.Index(fieldHeaders[:], fold(string(cell)))
		switch {
		case f >= 0 && l.at[f] == absent:
			l.at[f] = i
		case f >= 0:
			report(DuplicateColumn, i, fmt.Sprintf("column %s has the same header as column %s", columnLetter(i), columnLetter(l.at[f])), "keep one of them")
		case l.headers[i] == "":
			l.unnamed = append(l.unnamed, i)
		default:
			unknown = append(unknown, i)
		}
	}
	missing := l.missing(given)
	for _, i := range unknown {
		hint := "remove the column, or name it " + strings.Join(fieldHeaders[:revisionField], ", ")
		if guess := programme.Nearest(l.headers[i], missing); guess != "" {
			hint = "did you mean " + guess + "?"
		}
		report(UnknownColumn, i, fmt.Sprintf("no column is called %q, and what it holds would be lost", l.headers[i]), hint)
	}
	for _, name := range missing {
		hint := "the first line must name the columns city,indicator,period,value"
		if name == fieldHeaders[cityField] || name == fieldHeaders[indicatorField] {
			hint += fmt.Sprintf("; or say with the upload which %s it is for", name)
		}
		report(MissingColumn, absent, fmt.Sprintf("the file has no column %s", name), hint)
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
