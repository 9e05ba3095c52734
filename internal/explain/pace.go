package explain

import (
	"fmt"
)

// expected says how far the measure should have come, where it is not known how
// far it has.
func (x *explainer) expected() {
	x.trajectory()
	x.expectedProgress()
}

// pace says how far the measure has come, and how far it should have.
func (x *explainer) pace() {
	x.trajectory()
	b, t := Input{"b", x.r.Baseline.Number}, Input{"T", x.r.Target.Number}
	x.add(Step{
		Name: "progress", Symbol: "p", Formula: "(M − b)/(T − b)", Inputs: Inputs{{"M", x.w.Value.Number}, b, t},
		Result: x.w.Progress, Source: method,
		Sentence: fmt.Sprintf("From the baseline to the target it has come %s of the way.", percent(x.w.Progress.Number)),
	})
	x.expectedProgress()
	s := Step{
		Name: "pace", Symbol: "pace", Formula: "p/e", Result: x.w.Pace, Source: cutPoints,
		Inputs:   Inputs{{"p", x.w.Progress.Number}, {"e", x.w.ExpectedProgress.Number}},
		Sentence: fmt.Sprintf("Its pace is %s of what the target needs.", percent(x.w.Pace.Number)),
	}
	if !x.w.Pace.Known {
		s.Formula = ""
		s.Sentence = "It should not have moved yet, so there is no pace to speak of."
	}
	x.add(s)
}

func (x *explainer) expectedProgress() {
	x.add(Step{
		Name: "expected-progress", Symbol: "e", Formula: "(x − b)/(T − b)", Inputs: Inputs{{"x", x.w.Expected.Number}, {"b", x.r.Baseline.Number}, {"T", x.r.Target.Number}},
		Result: x.w.ExpectedProgress, Source: method,
		Sentence: fmt.Sprintf("By now it should have come %s of the way.", percent(x.w.ExpectedProgress.Number)),
	})
}

// interval says how much of the pace may be chance.
func (x *explainer) interval() {
	if !x.w.HalfWidth.Known {
		return
	}
	s := Step{Name: "half-width", Symbol: "h", Result: x.w.HalfWidth, Source: normal}
	if !x.w.MeasureNoise.Known {
		s.Formula = "0"
		s.Sentence = "Since noise is unknown, the pace is taken as it is."
		x.add(s)
		return
	}
	s.Formula = "1.2815515655446004·q/(|e|·|T − b|)"
	s.Inputs = Inputs{
		{"q", x.w.MeasureNoise.Number},
		{"e", x.w.ExpectedProgress.Number},
		{"T", x.r.Target.Number},
		{"b", x.r.Baseline.Number},
	}
	s.Sentence = fmt.Sprintf("With a probability of 80 %%, the pace without chance lies between %s and %s.",
		percent(x.w.PaceLower.Number), percent(x.w.PaceUpper.Number))
	if x.w.HalfWidth.Number == 0 {
		s.Sentence = "So the pace has nothing of chance in it."
	}
	x.add(s)
}
