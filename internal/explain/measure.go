package explain

import (
	"fmt"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// measure says how M came about.
func (x *explainer) measure() {
	values := x.w.MeasuredValues()
	s := Step{Name: "measure", Symbol: "M", Inputs: valuesOf(values), Result: x.w.Value, Source: method}
	m := x.amount(x.w.Value.Number)
	switch x.i.Measure {
	case programme.Latest:
		s.Formula = Newest
		s.Sentence = fmt.Sprintf("What is compared with the target is the newest value, %s.", m)
	case programme.Rolling:
		s.Formula = Sum
		s.Sentence = fmt.Sprintf("What is compared with the target is the sum of the newest year, %s: %s.", x.periods(len(values)), m)
	case programme.RollingMean:
		s.Formula = Mean
		s.Sentence = fmt.Sprintf("What is compared with the target is the mean of the newest year, %s: %s.", x.periods(len(values)), m)
	case programme.Mean:
		s.Formula = Mean
		s.Sentence = fmt.Sprintf("What is compared with the target is the mean of the year so far, %s: %s.", x.periods(len(values)), m)
	case programme.Total:
		sum := x.w.Measured.Sum
		x.add(Step{
			Name: "so-far", Symbol: "S", Formula: Sum, Inputs: s.Inputs, Result: sum, Source: arithmetic,
			Sentence: fmt.Sprintf("So far: %s in %s.", x.amount(sum.Number), x.periods(len(values))),
		})
		x.share()
		s.Formula = "S/share"
		s.Inputs = Inputs{{"S", sum.Number}, {"share", x.w.Share.Number}}
		s.Sentence = fmt.Sprintf("A year that goes on like this comes to %s, which is compared with the target.", m)
		if x.w.Observed == x.w.Periods {
			s.Sentence = fmt.Sprintf("The whole year comes to %s, which is compared with the target.", m)
		}
	}
	x.add(s)
}

// share says which part of a year's total the observed periods stand for.
func (x *explainer) share() {
	m := x.w.Measured
	k, n := Input{"k", float64(x.w.Observed)}, Input{"N", float64(x.w.Periods)}
	s := Step{Name: "share", Symbol: "share", Result: m.Share, Source: method}
	if !m.Season.Known {
		s.Formula, s.Inputs = "k/N", Inputs{k, n}
		s.Sentence = fmt.Sprintf("By the calendar, that is %s of the year: the year before is incomplete or comes to 0, so nothing is known of a season.",
			percent(m.Share.Number))
		x.add(s)
		return
	}
	all, same := x.w.YearBefore()
	x.add(Step{
		Name: "year-before", Symbol: "n", Formula: Sum, Inputs: valuesOf(all), Result: m.SeasonTotal, Source: arithmetic,
		Sentence: fmt.Sprintf("The year before came to %s.", x.amount(m.SeasonTotal.Number)),
	})
	x.add(Step{
		Name: "same-periods-before", Symbol: "part", Formula: Sum, Inputs: valuesOf(same), Result: m.SeasonPart, Source: arithmetic,
		Sentence: fmt.Sprintf("The same part of it came to %s.", x.amount(m.SeasonPart.Number)),
	})
	x.add(Step{
		Name: "season", Symbol: "σ", Formula: "part/n", Inputs: Inputs{{"part", m.SeasonPart.Number}, {"n", m.SeasonTotal.Number}},
		Result: m.Season, Source: method,
		Sentence: fmt.Sprintf("That was %s of it.", percent(m.Season.Number)),
	})
	x.addWeight(m)
	s.Formula = "w·σ + (1 − w)·k/N"
	s.Inputs = Inputs{{"w", m.Weight.Number}, {"σ", m.Season.Number}, k, n}
	s.Sentence = fmt.Sprintf("By season and calendar together, what is observed stands for %s of a year.", percent(m.Share.Number))
	x.add(s)
}

func (x *explainer) addWeight(m progress.Measured) {
	s := Step{Name: "weight", Symbol: "w", Result: m.Weight, Source: method}
	s.Formula, s.Inputs = "1", Inputs{}
	s.Sentence = "The season of the year before is all that counts for a quantity."
	if x.i.Kind == programme.Count {
		s.Formula, s.Inputs = "n/(n + 280)", Inputs{{"n", m.SeasonTotal.Number}}
		s.Sentence = fmt.Sprintf("The fewer events a year has, the less its season says. With %s it counts for %s, and the calendar for the rest.",
			x.amount(m.SeasonTotal.Number), percent(m.Weight.Number))
	}
	x.add(s)
}
