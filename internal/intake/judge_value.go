package intake

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"unicode"

	"github.com/citygauge/citygauge/internal/programme"
)

// judgeValue reads the value cell; indicator is nil where it is not known.
func (c *checker) judgeValue(row *Row, indicator *programme.Indicator) content {
	at := c.layout.at[valueField]
	if at >= len(c.record.cells) && c.book == nil { // a sheet's row has no end
		c.fault(MissingCell, at, "the row ends before its value", "write the value, or NA where there is none")
		return unknownContent
	}
	if !c.calculated(valueField) {
		return unknownContent
	}
	cell, k := trim(c.record.at(at)), c.record.kind(at)
	if k == dateCell || !c.numeral.parse(cell) {
		holds := contentOf(cell)
		switch holds {
		case infinite:
			c.fault(NotFinite, at, "this is not a finite number", "write the number, or leave the cell empty")
		case unknownContent:
			message, hint := refusedNumber(cell, k)
			c.fault(codeOf(cell), at, message, hint)
		}
		return holds
	}
	written := c.numeral.mark
	switch {
	case k == numberCell && indicator != nil && indicator.Kind == programme.Count:
		row.Value = wholeAsShown(c.numeral.value(pointMark))
	case k == numberCell, written == noMark, written == pointMark && c.options.Decimal != DecimalComma:
		row.Value = c.numeral.value(pointMark)
	case !c.readMarked(row):
		return number
	}
	c.judgeNumber(row.Value, indicator)
	return number
}

// wholeAsShown is a number as a spreadsheet shows it, which has 15 digits, where
// that is whole: what it has calculated may be off behind them.
func wholeAsShown(v float64) float64 {
	const digits = 15
	shown, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil || shown != math.Trunc(shown) {
		return v
	}
	return shown
}

// readMarked reads a number whose meaning depends on the file's decimal mark.
func (c *checker) readMarked(row *Row) bool {
	at, written := c.layout.at[valueField], c.numeral.mark
	m, err := c.decimalMark()
	if err != nil {
		c.errors, c.err = c.errors+1, err
		return false
	}
	switch {
	case written == eitherMark && m == eitherMark:
		c.fault(AmbiguousNumber, at, fmt.Sprintf("this is %s with a decimal point and %s with a decimal comma, and no other number of the file settles which",
			spell(c.numeral.value(pointMark)), spell(c.numeral.value(commaMark))), "say with the upload whether decimals have a point or a comma")
		return false
	case written != eitherMark && written != m:
		message, hint := c.refusedMark(written)
		c.fault(BadNumber, at, message, hint)
		return false
	}
	row.Value = c.numeral.value(m)
	return true
}

func (c *checker) judgeNumber(v float64, indicator *programme.Indicator) {
	at := c.layout.at[valueField]
	switch {
	case !programme.Finite(v):
		c.fault(NotFinite, at, "the number is larger than 1e15", "correct the number, or count in a larger unit")
	case indicator == nil:
	case indicator.Kind == programme.Count && v < 0:
		c.fault(NotACount, at, indicator.ID+" counts events, and this is below 0", "correct the number")
	case indicator.Kind == programme.Count && v != math.Trunc(v):
		c.fault(NotACount, at, indicator.ID+" counts events, and this is not a whole number", "correct the number, or declare the indicator as a quantity")
	case !indicator.Plausible.Hold(v):
		c.fault(Implausible, at, fmt.Sprintf("%s should be %s", indicator.ID, boundsInWords(indicator.Plausible)),
			"correct the number, or have the plausible range of the indicator widened")
	}
}

// judgeUsual warns of a number beyond what those before it let expect.
func (c *checker) judgeUsual(row *Row) error {
	if c.options.Bounds == nil {
		return nil
	}
	b, err := c.options.Bounds(row.Key)
	if err != nil || !b.Known || row.Value >= b.Low && row.Value <= b.High {
		return err
	}
	at, expected := c.layout.at[valueField], rounded(b.Low)
	if high := rounded(b.High); high != expected {
		expected = "from " + expected + " to " + high
	}
	return c.report(Problem{
		Code: UnusualChange, Severity: Warning, Line: row.Line, Column: c.layout.column(c.record.place(at)), Value: shown(trim(c.record.at(at))),
		Message: fmt.Sprintf("by what was observed before, one would expect %s here for %s in %s", expected, c.catalogue.Indicators[row.Indicator].ID, row.Period),
		Hint:    "make sure that the number is right; it is taken as it is",
	})
}

// rounded is a bound as it is said: with the digits that matter.
func rounded(v float64) string {
	const digits = 4
	text := strconv.FormatFloat(v, 'g', digits, 64)
	if near, err := strconv.ParseFloat(text, 64); err == nil {
		return spell(near)
	}
	return text
}

// codeOf is the code of a value that is no number.
func codeOf(cell []byte) Code {
	if isFormula(cell) {
		return BadFormula
	}
	return BadNumber
}

// refusedNumber says why a cell is no number.
func refusedNumber(cell []byte, k kind) (message, hint string) {
	switch {
	case k == dateCell:
		return "this is a date, not a number", "format the cell as a number, and write the number again"
	case isFormula(cell):
		return "this is a formula or its error, not a number", "write the number itself, or save the file once more after the formula is correct"
	case len(cell) > 1 && cell[0] == '(' && cell[len(cell)-1] == ')':
		return "a number in brackets is negative to some, and uncertain to others", "write it with a minus, or with the status estimated"
	case bytes.IndexByte(cell, asideMark) >= 0:
		return "this has digits that are raised, lowered or struck out beside others", "write the number alone"
	case bytes.ContainsRune(cell, ':') && isDigits(bytes.ReplaceAll(bytes.TrimPrefix(cell, []byte{'-'}), []byte{':'}, nil)):
		return "this is a time, not a number", "write how many hours, minutes or seconds it is, in the unit of the indicator"
	case bytes.ContainsFunc(cell, func(c rune) bool { return unicode.IsDigit(c) && c > '9' }):
		return "this has digits of another script", "write it with the digits 0 to 9"
	case bytes.ContainsFunc(cell, func(c rune) bool { return unicode.Is(unicode.Cf, c) }):
		return "this has a character that cannot be seen", "type the number anew"
	case cell[0] == '\'':
		return "this is no number, for its apostrophe", "remove the apostrophe"
	}
	return "this is no number", "write the number, or leave the cell empty; suppressed values are <5, * or c"
}

func boundsInWords(b programme.Bounds) string {
	switch {
	case b.Max == nil:
		return spell(*b.Min) + " or more"
	case b.Min == nil:
		return spell(*b.Max) + " or less"
	}
	return "from " + spell(*b.Min) + " to " + spell(*b.Max)
}

func spell(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
