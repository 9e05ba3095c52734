package explain_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/citygauge/citygauge/internal/explain"
)

// recompute computes a formula from its printed inputs alone, as a reader with
// a calculator would.
func recompute(t interface{ Fatalf(string, ...any) }, s explain.Step) float64 {
	values := make([]float64, len(s.Inputs))
	names := map[string]float64{}
	for n, in := range s.Inputs {
		values[n], names[in.Name] = in.Value, in.Value
	}
	switch s.Formula {
	case explain.Newest:
		return values[len(values)-1]
	case explain.Sum:
		return sum(values)
	case explain.Mean:
		return sum(values) / float64(len(values))
	case explain.MovingRange:
		return screenedRange(values)
	}
	p := parser{rest: strings.ReplaceAll(s.Formula, " ", ""), names: names}
	v := p.sum()
	if p.rest != "" || p.fault != "" {
		t.Fatalf("formula %q of step %s: %s, at %q", s.Formula, s.Name, p.fault, p.rest)
	}
	return v
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

func screenedRange(values []float64) float64 {
	var sizes, kept []float64
	for n := 1; n < len(values); n++ {
		sizes = append(sizes, math.Abs(values[n]-values[n-1]))
	}
	all := sum(sizes) / float64(len(sizes))
	for _, v := range sizes {
		if v < 3.267*all-1e-9*all || all == 0 {
			kept = append(kept, v)
		}
	}
	return sum(kept) / float64(len(kept))
}

// parser computes while it reads, from the left, with the usual precedence.
type parser struct {
	rest  string
	names map[string]float64
	fault string
}

func (p *parser) take(prefix string) (found bool) {
	p.rest, found = strings.CutPrefix(p.rest, prefix)
	return found
}

func (p *parser) want(prefix string) {
	if !p.take(prefix) && p.fault == "" {
		p.fault = fmt.Sprintf("no %q", prefix)
	}
}

func (p *parser) sum() float64 {
	v := p.product()
	for {
		switch {
		case p.take("+"):
			v += p.product()
		case p.take("−"):
			v -= p.product()
		default:
			return v
		}
	}
}

func (p *parser) product() float64 {
	v := p.signed()
	for {
		switch {
		case p.take("·"):
			v *= p.signed()
		case p.take("/"):
			v /= p.signed()
		default:
			return v
		}
	}
}

func (p *parser) signed() float64 {
	if p.take("−") {
		return -p.signed()
	}
	v := p.factor()
	if p.take("^") {
		return math.Pow(v, p.signed())
	}
	return v
}

func (p *parser) factor() float64 {
	switch {
	case p.take("√("):
		v := p.sum()
		p.want(")")
		return math.Sqrt(v)
	case p.take("max("):
		v := p.sum()
		for p.take(",") {
			v = max(v, p.sum())
		}
		p.want(")")
		return v
	case p.take("("):
		v := p.sum()
		p.want(")")
		return v
	case p.take("|"):
		v := p.sum()
		p.want("|")
		return math.Abs(v)
	}
	return p.word()
}

func (p *parser) word() float64 {
	end := strings.IndexFunc(p.rest, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '.' })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	if v, err := strconv.ParseFloat(word, 64); err == nil {
		return v
	}
	v, ok := p.names[word]
	if !ok && p.fault == "" {
		p.fault = fmt.Sprintf("%q is no input", word)
	}
	return v
}

func TestRecompute(t *testing.T) {
	in := explain.Inputs{{Name: "a", Value: 2}, {Name: "τ", Value: 0.5}, {Name: "b1", Value: -3}}
	for formula, want := range map[string]float64{
		"a + b1·a":                -4,
		"−|b1|^a":                 -9,
		"max(b1, a − 1, 0)":       1,
		"√(a·a)/τ":                4,
		"10^(−a)":                 0.01,
		"1 − a − 1":               -2,
		"a/(a·a)/τ":               1,
		explain.Newest:            -3,
		explain.Sum:               -0.5,
		explain.MovingRange:       2.5,
		"|a|^(1 − τ)·|8|^τ":       4,
		"1.5·(a − b1)/(|a|·|τ|)":  7.5,
		"√(max(b1, 0)/a) + a·a·a": 8,
	} {
		if got := recompute(t, explain.Step{Formula: formula, Inputs: in}); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", formula, got, want)
		}
	}
}
