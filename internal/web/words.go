package web

import (
	"math"
	"strconv"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// measureWords is what the number that is compared with a target is called.
func measureWords(m programme.Measure) string {
	switch m {
	case programme.Rolling:
		return "last year, sum"
	case programme.RollingMean:
		return "last year, average"
	case programme.Mean:
		return "this year’s average"
	case programme.Total:
		return "year at this rate"
	}
	return "now"
}

// quantity is a number in the indicator's decimals, with its unit.
func quantity(v float64, i programme.Indicator) string {
	const noBreak = "\u00a0"
	number := progress.Spell(v, i.Decimals)
	switch i.Unit {
	case "":
		return number
	case "%":
		return number + noBreak + "%"
	}
	return number + " " + i.Unit
}

// chance is a probability in per cent; nothing is certain before the end.
func chance(p float64) string {
	const noBreak = "\u00a0"
	switch {
	case p > 0.99:
		return "over 99" + noBreak + "%"
	case p < 0.01:
		return "under 1" + noBreak + "%"
	}
	return strconv.Itoa(int(math.Round(100*p))) + noBreak + "%"
}

// day is a date as people write it, such as 31 Oct 2026; nothing for none.
func day(d programme.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("2 Jan 2006")
}
