package explain

import (
	"fmt"
	"strconv"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// amount is a value of the indicator as people read it, with its unit.
func (x *explainer) amount(v float64) string {
	text := progress.SpellFinely(v, x.i.Decimals)
	if x.i.Unit == "" {
		return text
	}
	return text + " " + x.i.Unit
}

func percent(v float64) string { return progress.Spell(100*v, 1) + " %" }

// chance is a probability in per cent; nothing is certain before the end.
func chance(p float64) string {
	const least = 0.001
	switch {
	case p < least:
		return "under " + percent(least)
	case p > 1-least:
		return "over " + percent(1-least)
	}
	return percent(p)
}

func dayWords(d programme.Date) string { return d.Time().Format("2 January 2006") }

// periodWords is a period as people say it, such as "March 2025".
func periodWords(p programme.Period) string {
	first := p.First()
	year, month, _ := first.Civil()
	switch p.Frequency() {
	case programme.Weekly:
		year, week := first.Time().ISOWeek()
		return fmt.Sprintf("week %d of %d", week, year)
	case programme.Monthly:
		return first.Time().Format("January 2006")
	case programme.Quarterly:
		const perQuarter = 3
		return fmt.Sprintf("quarter %d of %d", 1+int(month-time.January)/perQuarter, year)
	case programme.Annual:
		return strconv.Itoa(year)
	}
	return dayWords(first)
}

// periods is a number of the indicator's periods, such as "9 months".
func (x *explainer) periods(n int) string {
	noun := x.i.Frequency.Noun()
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// valuesOf are observations as inputs, each named after its period.
func valuesOf(series []progress.Observed) Inputs {
	in := make(Inputs, 0, len(series))
	for _, o := range series {
		in = in.with(o.Period.String(), o.Value)
	}
	return in
}

// with adds an input. A period that comes twice in a row, as the year before of
// a week 53 does, has another name the second time.
func (in Inputs) with(name string, v float64) Inputs {
	if n := len(in); n > 0 && in[n-1].Name == name {
		name += " again"
	}
	return append(in, Input{name, v})
}
