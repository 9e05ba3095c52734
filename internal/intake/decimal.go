package intake

import "fmt"

// Decimal is the decimal mark of a file's numbers.
type Decimal uint8

// The decimal marks. With DecimalAuto the whole value column settles it: a
// number that can be read with one mark only, such as 12.5 or 1,234,567,
// settles it for those like 1.234 that could be read with either. A column
// that settles nothing, or has both, leaves these [AmbiguousNumber].
const (
	DecimalAuto Decimal = iota
	DecimalPoint
	DecimalComma
)

// marks are the first lines of a column whose number can be read with one
// decimal mark only; 0 is none.
type marks struct {
	point, comma int
}

// settles is the mark that numbers which could be read with either have.
func (m marks) settles() mark {
	switch {
	case m.point > 0 && m.comma == 0:
		return pointMark
	case m.comma > 0 && m.point == 0:
		return commaMark
	}
	return eitherMark
}

// decimalMark is the mark of the file, eitherMark where nothing settles it. It
// is asked for at the first number that needs it, and may read the file then:
// most files have no such number, and are read once.
func (c *checker) decimalMark() (mark, error) {
	switch {
	case c.options.Decimal == DecimalPoint, c.options.Decimal == DecimalAuto && c.layout.ownExport():
		return pointMark, nil
	case c.options.Decimal == DecimalComma:
		return commaMark, nil
	}
	if c.surveyed == nil {
		found, err := c.survey()
		if err != nil {
			return eitherMark, err
		}
		c.surveyed = &found
	}
	return c.surveyed.settles(), nil
}

// survey looks through the value column for numbers that settle the mark.
func (c *checker) survey() (marks, error) {
	var found marks
	var n numeral
	err := c.rescan(func(r *record) error {
		cell := c.cell(r, valueField)
		if r.problem != nil || r.kind(c.layout.at[valueField]) != textCell || !n.parse(cell) {
			return nil
		}
		switch {
		case n.mark == pointMark && found.point == 0:
			found.point = r.line
		case n.mark == commaMark && found.comma == 0:
			found.comma = r.line
		}
		if found.point > 0 && found.comma > 0 {
			return errStop
		}
		return nil
	})
	return found, err
}

// refusedMark says why a number that is written with one mark does not fit a file
// that has the other.
func (c *checker) refusedMark(written mark) (message, hint string) {
	const hintAlike = "write all numbers alike"
	switch {
	case c.surveyed != nil: // a point without need is taken, so it is a comma
		return fmt.Sprintf("the number reads only with a decimal comma, but that of line %d only with a point", c.surveyed.point), hintAlike
	case written == commaMark:
		return "the number reads only with a decimal comma, and the file has decimal points", hintAlike
	}
	return "the number reads only with a decimal point, and the file has decimal commas", hintAlike
}
