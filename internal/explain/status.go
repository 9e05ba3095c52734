package explain

import (
	"fmt"
	"strings"

	"github.com/citygauge/citygauge/internal/progress"
)

// distance says how M lies to the range to stay in.
func (x *explainer) distance() {
	to := x.w.Range
	s := Step{Name: "distance", Symbol: "z", Result: to.Distance, Source: method}
	near := Step{Name: "near", Symbol: "near", Result: to.Near, Source: method}
	m := Input{"M", x.w.Value.Number}
	switch {
	case to.Low.Known && to.High.Known:
		s.Formula = "max(low − M, M − high, 0)"
		s.Inputs = Inputs{{"low", to.Low.Number}, {"high", to.High.Number}, m}
		near.Formula = "0.1·(high − low)"
		near.Inputs = Inputs{{"low", to.Low.Number}, {"high", to.High.Number}}
	default:
		s.Formula = "max(M − T, 0)"
		if to.Low.Known {
			s.Formula = "max(T − M, 0)"
		}
		s.Inputs = Inputs{m, {"T", x.r.Target.Number}}
		near.Formula = "max(0.1·|T|, 10^(−decimals))"
		near.Inputs = Inputs{{"T", x.r.Target.Number}, {"decimals", float64(x.i.Decimals)}}
	}
	s.Sentence = "It is where it should stay."
	if to.Distance.Number > 0 {
		s.Sentence = fmt.Sprintf("It is %s outside of where it should stay.", x.amount(to.Distance.Number))
	}
	near.Sentence = fmt.Sprintf("Up to %s outside is called near.", x.amount(to.Near.Number))
	x.add(s)
	if to.ByChance.Known {
		x.add(Step{
			Name: "chance", Symbol: "chance", Formula: "1.2815515655446004·q", Inputs: Inputs{{"q", x.w.MeasureNoise.Number}},
			Result: to.ByChance, Source: normal,
			Sentence: fmt.Sprintf("Up to %s outside may be chance.", x.amount(to.ByChance.Number)),
		})
	}
	x.add(near)
}

// status says which row of the table decided.
func (x *explainer) status() {
	s := Step{Name: "status", Inputs: x.decidedBy(), Source: cutPoints}
	if x.w.Ranged() {
		s.Source = method
	}
	rows := x.w.Rows()
	for n, row := range rows {
		s.Rows = append(s.Rows, Row{row.Status, row.When, n == len(rows)-1})
	}
	decided := rows[len(rows)-1]
	s.Sentence = fmt.Sprintf("%s: %s.", sentenceCase(decided.Status.Words()), decided.When)
	if x.w.AtTarget {
		s.Sentence += " It is at the target already: keep it there."
	}
	x.add(s)
}

// decidedBy are the numbers that the table compares.
func (x *explainer) decidedBy() Inputs {
	in := Inputs{}
	for _, f := range []struct {
		name string
		progress.Figure
	}{
		{"p", x.w.Progress},
		{"e", x.w.ExpectedProgress},
		{"pace", x.w.Pace},
		{"h", x.w.HalfWidth},
		{"share", x.w.Share},
		{"z", x.w.Range.Distance},
		{"chance", x.w.Range.ByChance},
		{"near", x.w.Range.Near},
	} {
		if f.Known {
			in = in.with(f.name, f.Number)
		}
	}
	return in
}

func sentenceCase(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
