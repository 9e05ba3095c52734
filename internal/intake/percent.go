package intake

import (
	"bytes"
	"fmt"
	"math"

	"github.com/citygauge/citygauge/internal/programme"
)

// percentUse is how a file writes the numbers of an indicator: where 83.2% has a
// per cent sign, 0.825 without one may be a part of 1 that a spreadsheet did not
// show as the 82.5% that it is.
type percentUse struct {
	signed   bool
	fraction *Problem // the first number that may be one, until there is a sign; nil where there is none
}

// judgePercent warns of numbers up to 1 without a per cent sign beside others of
// the same indicator that have one.
func (c *checker) judgePercent(row *Row) error {
	at, indicator := c.layout.at[valueField], &c.catalogue.Indicators[row.Indicator]
	cell := trim(c.record.at(at))
	signed := bytes.HasSuffix(cell, []byte{'%'})
	if indicator.Kind == programme.Count || !signed && (row.Value == 0 || math.Abs(row.Value) > 1) {
		return nil
	}
	if c.percents == nil {
		c.percents = map[int]*percentUse{}
	}
	use := c.percents[row.Indicator]
	if use == nil {
		use = &percentUse{}
		c.percents[row.Indicator] = use
	}
	if signed {
		first := use.fraction
		use.signed, use.fraction = true, nil
		if first == nil {
			return nil
		}
		return c.report(*first)
	}
	if !use.signed && use.fraction != nil {
		return nil
	}
	p := Problem{
		Code: PercentOrPart, Severity: Warning, Line: row.Line, Column: c.layout.column(c.record.place(at)), Value: shown(cell),
		Message: fmt.Sprintf("other numbers of %s have a percent sign, and this one has none: it may be meant as %s%%", indicator.ID, spell(hundredfold(row.Value))),
		Hint:    "make sure that the number is right; it is taken as it is",
	}
	if use.signed {
		return c.report(p)
	}
	use.fraction = &p
	return nil
}
