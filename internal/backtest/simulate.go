package backtest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Shape is what a simulated series does, all of it relative to its level.
type Shape struct {
	Name    string
	Trend   float64 // growth a year, as a logarithm
	Season  float64 // amplitude of a yearly wave
	Step    float64 // a change of level, once, at any time of the last two years
	Drift   float64 // standard deviation of a random walk in a year, as a logarithm
	Noise   float64 // of a quantity's period; of a count, what it varies by beyond a Poisson variable
	Strange float64 // share of the periods that are twice as high
}

// usualNoise is a quantity's standard deviation in one period.
const usualNoise = 0.05

// steady is the shape of cities in which nothing changes.
const steady = "steady"

// Shapes are those that [Simulated] makes.
var Shapes = []Shape{
	{Name: steady, Noise: usualNoise},
	{Name: "trend", Trend: -0.15, Noise: usualNoise},
	{Name: "season", Season: 0.3, Noise: usualNoise},
	{Name: "step", Step: -0.25, Noise: usualNoise},
	{Name: "drift", Drift: 0.15, Noise: usualNoise},
	{Name: "overdispersed", Drift: 0.1, Noise: 4 * usualNoise},
	{Name: "heavy tails", Drift: 0.1, Noise: usualNoise, Strange: 0.05},
	{Name: "all at once", Trend: -0.05, Season: 0.2, Drift: 0.15, Noise: 2 * usualNoise},
}

// Sizes are the events a year of simulated counts.
var Sizes = []float64{20, 200, 2000}

// simulatedYear is the year that simulated series end with.
const simulatedYear = 2025

// Simulated makes n series of every shape, of every size where they are
// counts, of one measure, kind and frequency, each with so many years of
// history before the last year. Series of the same arguments are the same.
func Simulated(by Judging, f programme.Frequency, history, n int) []Series {
	var all []Series
	sizes := Sizes
	if by.Kind == programme.Quantity {
		sizes = []float64{100 * float64(f.PerYear())}
	}
	for at, shape := range Shapes {
		for _, size := range sizes {
			for j := range n {
				src := rand.NewPCG(uint64(at), uint64(j))
				s := Series{
					City: fmt.Sprintf("%s-%g-%d", shape.Name, size, j), Shape: shape.Name, Size: size,
					Values: shape.values(src, by.Kind, f, size, history),
				}
				s.judge(by, simulatedYear)
				all = append(all, s)
			}
		}
	}
	return all
}

// values are the series of one city.
func (s Shape) values(src rand.Source, kind programme.Kind, f programme.Frequency, yearly float64, history int) []progress.Observed {
	chance := rand.New(src)
	start := programme.NewDate(simulatedYear-history, 1, 1)
	run := programme.Ending(f, start-1, programme.NewDate(simulatedYear, 12, 31))
	year := float64(f.PerYear())
	step := run.N - 1 - chance.IntN(2*f.PerYear())
	phase := 2 * math.Pi * chance.Float64()
	level := math.Log(yearly / year)
	var values []progress.Observed
	for p := range run.All() {
		t := len(values)
		level += s.Trend/year + s.Drift/math.Sqrt(year)*chance.NormFloat64()
		if t == step {
			level += math.Log1p(s.Step)
		}
		wave := 1 + s.Season*math.Cos(phase+2*math.Pi*float64(p.First().Sub(start))/365.25)
		mean := math.Exp(level) * wave
		if chance.Float64() < s.Strange {
			mean *= 2
		}
		values = append(values, progress.Observed{Period: p, Value: s.draw(chance, src, kind, mean), Status: programme.Final})
	}
	return values
}

// draw is one value of a mean.
func (s Shape) draw(chance *rand.Rand, src rand.Source, kind programme.Kind, mean float64) float64 {
	if kind == programme.Quantity {
		return mean * (1 + s.Noise*chance.NormFloat64())
	}
	if s.Noise > usualNoise {
		shape := 1 / (s.Noise * s.Noise)
		mean = distuv.Gamma{Alpha: shape, Beta: shape / mean, Src: src}.Rand()
	}
	return distuv.Poisson{Lambda: mean, Src: src}.Rand()
}
