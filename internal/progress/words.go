package progress

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// ShownTarget is a target as it is shown: rounded to the indicator's decimals,
// to the ambitious side, so that a city that reaches what it was shown has
// reached its target.
func ShownTarget(i programme.Indicator, target float64) float64 {
	return ambitious(i.Direction, target, i.Decimals)
}

// ambitious rounds down where a value should decrease and up where it should
// increase; a value that is short of a round one by rounding is that one.
func ambitious(direction programme.Direction, v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	// A few units in the last place, where they are more than the tolerance.
	const rounding = 1e-15
	scaled := v * scale
	allowed := max(tolerance, rounding*math.Abs(scaled))
	switch direction {
	case programme.Decrease:
		v = math.Floor(scaled+allowed) / scale
	case programme.Increase:
		v = math.Ceil(scaled-allowed) / scale
	}
	return v + 0 // no negative zero
}

// Sentence says the need in plain words, such as "needs at most 9 a month for
// 6 months; best 6 months so far: 11 a month"; nothing where there is no claim.
// Numbers have the indicator's decimals and, since they are averages, one more
// where it is not 0; the needed one is rounded to the ambitious side.
func (n Need) Sentence(i programme.Indicator) string {
	w := needWords{n, i}
	switch {
	case n.LimitPassed:
		return "the year's limit was passed"
	case !n.PerPeriod.Known:
		return ""
	case n.Form == NeedChange:
		return w.change()
	case n.Form == NeedTotal && i.Direction == programme.Increase && n.PerPeriod.Number <= 0:
		return "the year's target is reached"
	}
	return w.level()
}

type needWords struct {
	Need
	i programme.Indicator
}

func (w needWords) level() string {
	bound := "at most"
	if w.i.Direction == programme.Increase {
		bound = "at least"
	}
	number := w.number(ambitious(w.i.Direction, w.PerPeriod.Number, w.i.Decimals+1))
	if w.Form == NeedMean {
		return fmt.Sprintf("needs a mean of %s %s over %s", bound, number, w.span()) +
			w.best(func(v float64) string { return "a mean of " + w.number(v) })
	}
	noun := w.i.Frequency.Noun()
	return fmt.Sprintf("needs %s %s a %s for %s", bound, number, noun, w.span()) +
		w.best(func(v float64) string { return w.number(v) + " a " + noun })
}

func (w needWords) change() string {
	v := w.PerPeriod.Number
	verb := "rise"
	if w.i.Direction == programme.Decrease {
		v, verb = -v, "fall"
	}
	if v <= 0 {
		return "is at the target: needs no further change"
	}
	noun := w.i.Frequency.Noun()
	size := w.number(ambitious(programme.Increase, v, w.i.Decimals+1))
	return fmt.Sprintf("needs to %s by %s a %s for %s", verb, size, noun, w.span()) +
		w.best(func(v float64) string {
			switch number := w.number(math.Abs(v)); {
			case v < 0:
				return "fell by " + number + " a " + noun
			case v > 0:
				return "rose by " + number + " a " + noun
			}
			return "no change"
		})
}

func (w needWords) best(say func(float64) string) string {
	if !w.Best.Known {
		return ""
	}
	stretch := w.span()
	if w.Periods == 1 {
		stretch = w.i.Frequency.Noun()
	}
	return "; best " + stretch + " so far: " + say(w.Best.Number)
}

// span is how long the rest of the year is, such as "6 months".
func (w needWords) span() string { return plural(w.Periods, w.i.Frequency.Noun()) }

func (w needWords) number(v float64) string { return SpellFinely(v, w.i.Decimals) }

// SpellFinely is a number as [Spell] has it, with one more decimal where that is
// not 0: averages and other computed values are said so.
func SpellFinely(v float64, decimals int) string {
	return strings.TrimSuffix(strings.TrimSuffix(Spell(v, decimals+1), "0"), ".")
}

// Rounded is a number with so many decimals, a half away from zero: as Postgres
// rounds it, too, so that it is the same wherever it is shown. What is a half by
// 15 digits is one, though it may be stored or computed a little below.
func Rounded(v float64, decimals int) float64 {
	const digits, nudge, precise = 15, 1 + 4e-16, 1e12 // from there on, a half is stored as it is
	near, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil {
		return v
	}
	unit := math.Pow10(decimals)
	scaled := near * unit
	if math.Abs(scaled) < precise {
		scaled *= nudge
	}
	if r := math.Round(scaled) / unit; !math.IsInf(r, 0) && !math.IsNaN(r) {
		return r
	}
	return v
}

// Spell is a number as people read it, with its thousands apart: 1,234.50 with
// two decimals.
func Spell(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(Rounded(v, decimals)), 'f', decimals, 64)
	sign := ""
	if v < 0 && strings.Trim(text, "0.") != "" {
		sign = "-"
	}
	whole, rest, _ := strings.Cut(text, ".")
	const group = 3
	for at := len(whole) - group; at > 0; at -= group {
		whole = whole[:at] + "," + whole[at:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// plural is a number of things, such as "6 months".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
