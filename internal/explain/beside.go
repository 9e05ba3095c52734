package explain

import (
	"fmt"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// freshness says when the next value is due.
func (x *explainer) freshness() {
	s := Step{Name: "freshness", Source: method}
	switch due := dayWords(x.w.Due); {
	case x.w.Due.IsZero():
		s.Sentence = "All values of the year are there: none is due any more."
	case x.w.Freshness == progress.Fresh:
		s.Sentence = fmt.Sprintf("Values come in time: the next one is due by %s.", due)
	case x.w.Freshness == progress.Late:
		s.Sentence = fmt.Sprintf("Values are late: the next one was due by %s.", due)
	default:
		s.Sentence = fmt.Sprintf("Values are missing: one was due by %s, and by now the one after it is as well.", due)
	}
	x.add(s)
}

// need says what is needed from here, where there is a claim.
func (x *explainer) need() {
	need := x.w.Need
	text := need.Sentence(x.i)
	if text == "" {
		return
	}
	s := Step{
		Name: "need", Symbol: "need", Result: need.PerPeriod, Source: method,
		Sentence: fmt.Sprintf("From here, it %s.", text),
	}
	if strings.HasPrefix(text, "the ") {
		s.Sentence = sentenceCase(text) + "."
	}
	t, sum, rest := Input{"T", x.r.Target.Number}, Input{"S", need.SoFar.Number}, Input{"rest", float64(need.Periods)}
	switch need.Form {
	case progress.NeedTotal:
		s.Formula, s.Inputs = "(T − S)/rest", Inputs{t, sum, rest}
	case progress.NeedMean:
		n := Input{"N", float64(x.w.Periods)}
		if x.i.Measure == programme.RollingMean {
			n.Value = float64(x.i.Frequency.PerYear())
		}
		s.Formula, s.Inputs = "(N·T − S)/rest", Inputs{n, t, sum, rest}
	case progress.NeedChange:
		s.Formula, s.Inputs = "(T − M)/rest", Inputs{t, {"M", need.SoFar.Number}, rest}
	}
	x.add(s)
}

// forecast says what is foreseen for the end of the year.
func (x *explainer) forecast(f progress.Forecast) {
	if !f.Projected.Known || x.w.Day > x.r.End {
		return
	}
	s := Step{Name: "forecast", Source: forecasting}
	s.Sentence = fmt.Sprintf("For %s, %s are foreseen; with a probability of 80 %% it will be %s to %s.", dayWords(x.r.End),
		x.amount(f.Projected.Number), progress.Spell(f.Lower.Number, x.i.Decimals), x.amount(f.Upper.Number))
	if f.Probability.Known {
		s.Sentence += fmt.Sprintf(" The target is met with a probability of %s.", chance(f.Probability.Number))
	}
	x.add(s)
}

// signal says whether something has changed.
func (x *explainer) signal(c progress.Chart) {
	s := Step{Name: "signal", Source: xmr}
	if c.Signal == progress.TooShort {
		s.Sentence = fmt.Sprintf("Has something changed? There are %s of the same definition, and 12 are needed to tell.", x.periods(len(c.Points)))
		x.add(s)
		return
	}
	x.limits(c)
	newest := c.Points[len(c.Points)-1]
	s.Inputs = Inputs{{"newest", newest.Value}, {"centre", c.Centre.Number}, {"lower", c.Lower.Number}, {"upper", c.Upper.Number}}
	s.Sentence = fmt.Sprintf("Has something changed? %s, as of %s.", sentenceCase(c.Signal.Words()), periodWords(newest.Period))
	if c.Rule != "" {
		s.Sentence = fmt.Sprintf("Has something changed? %s: %s, as of %s.", sentenceCase(c.Signal.Words()), c.Rule.Words(c.Up), periodWords(newest.Period))
	}
	x.add(s)
}

// limits says what the chart's limits are made of.
func (x *explainer) limits(c progress.Chart) {
	basis := Inputs{}
	for _, p := range c.Points[:c.Basis] {
		basis = basis.with(p.Period.String(), p.Value)
	}
	points := fmt.Sprintf("the values of %s (a season is not removed)", x.periods(len(basis)))
	if c.Seasonal {
		points = fmt.Sprintf("the differences of %s from one year before", x.periods(len(basis)))
	}
	which := "all there are"
	if c.Frozen {
		which = "those up to the baseline's end, so that what happens later does not move the limits"
	}
	x.add(Step{
		Name: "centre", Symbol: "centre", Formula: Mean, Inputs: basis, Result: c.Centre, Source: xmr,
		Sentence: fmt.Sprintf("The mean of %s, %s, is %s.", points, which, x.amount(c.Centre.Number)),
	})
	x.add(Step{
		Name: "range", Symbol: "range", Formula: MovingRange, Inputs: basis, Result: c.MeanRange, Source: xmr,
		Sentence: fmt.Sprintf("From one to the next they change by %s on average, extreme changes left out.", x.amount(c.MeanRange.Number)),
	})
	for _, limit := range []struct {
		name, formula, verb string
		progress.Figure
	}{
		{"lower", "centre − 2.66·range", "falls below", c.Lower},
		{"upper", "centre + 2.66·range", "rises above", c.Upper},
	} {
		sentence := fmt.Sprintf("By chance alone, hardly any %s %s.", limit.verb, x.amount(limit.Number))
		if limit.Number < 0 && x.i.Kind == programme.Count && !c.Seasonal {
			sentence = fmt.Sprintf("No number can fall below the %s limit, %s.", limit.name, x.amount(limit.Number))
		}
		x.add(Step{
			Name: limit.name + "-limit", Symbol: limit.name, Formula: limit.formula, Result: limit.Figure, Source: xmr,
			Inputs:   Inputs{{"centre", c.Centre.Number}, {"range", c.MeanRange.Number}},
			Sentence: sentence,
		})
	}
}
