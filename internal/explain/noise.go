package explain

import (
	"fmt"

	"github.com/citygauge/citygauge/internal/programme"
)

// noise says what the indicator varies by of itself, a period and the measure.
func (x *explainer) noise() {
	basis := x.w.NoiseBasis
	s := Step{Name: "noise", Symbol: "v", Result: basis.Noise, Source: xmr}
	count := x.i.Kind == programme.Count
	noun := x.i.Frequency.Noun()
	switch {
	case !basis.Noise.Known:
		s.Sentence = fmt.Sprintf("Noise unknown: %s up to the baseline's end are too few to tell chance from change.", x.periods(basis.Values))
		x.add(s)
		return
	case basis.PerPeriod.Known:
		s.Formula, s.Inputs, s.Source = "√(max(b, 0))", Inputs{{"b", x.r.Baseline.Number}}, poisson
		if x.i.Measure == programme.Total || x.i.Measure == programme.Rolling {
			s.Formula, s.Inputs = "√(max(b, 0)/N)", s.Inputs.with("N", float64(x.w.Periods))
		}
		s.Sentence = fmt.Sprintf("There is little history, but counts of about %s a %s vary by %s of themselves.",
			x.amount(basis.PerPeriod.Number), noun, x.amount(basis.Noise.Number))
	default:
		values := x.w.NoiseValues(x.r)
		x.add(Step{
			Name: "usual-change", Symbol: "m", Formula: MovingRange, Inputs: valuesOf(values), Result: basis.Ranges, Source: xmr,
			Sentence: fmt.Sprintf("Over the newest %s up to the baseline's end, one differed from the one before by %s on average, extreme changes left out.",
				x.periods(basis.Values), x.amount(basis.Ranges.Number)),
		})
		s.Formula, s.Inputs = "m/1.128", Inputs{{"m", basis.Ranges.Number}}
		if count {
			x.add(Step{
				Name: "usual-count", Symbol: "c", Formula: Mean, Inputs: valuesOf(values), Result: basis.Mean, Source: arithmetic,
				Sentence: fmt.Sprintf("The mean of these is %s.", x.amount(basis.Mean.Number)),
			})
			s.Formula, s.Inputs = "max(m/1.128, √(max(c, 0)))", s.Inputs.with("c", basis.Mean.Number)
			s.Source += "; " + poisson
		}
		s.Sentence = fmt.Sprintf("So a %s varies by %s of itself (its standard deviation).", noun, x.amount(basis.Noise.Number))
	}
	x.add(s)
	x.measureNoise()
}

func (x *explainer) measureNoise() {
	s := Step{
		Name: "measure-noise", Symbol: "q", Result: x.w.MeasureNoise, Source: sampling,
		Inputs:   Inputs{{"v", x.w.Noise.Number}, {"k", float64(x.w.Observed)}, {"N", float64(x.w.Periods)}},
		Sentence: fmt.Sprintf("What is compared with the target may still move by %s through chance alone.", x.amount(x.w.MeasureNoise.Number)),
	}
	if x.w.MeasureNoise.Number == 0 {
		s.Sentence = "Chance can no longer move what is compared with the target."
	}
	switch x.i.Measure {
	case programme.Latest:
		s.Sentence = fmt.Sprintf("A single value is compared with the target, so chance moves it by as much: %s.", x.amount(x.w.Noise.Number))
		s.Formula, s.Inputs = "v", s.Inputs[:1]
	case programme.Mean:
		s.Formula = "v·√((N − k)/(N·k))"
	case programme.Total:
		s.Formula = "v·√(N·(N − k)/k)"
	case programme.Rolling:
		s.Formula = "v·√(k·(N − k)/N)"
	case programme.RollingMean:
		s.Formula, s.Inputs = "v·√(k·(N − k)/N)/L", s.Inputs.with("L", float64(x.i.Frequency.PerYear()))
	}
	x.add(s)
}
