package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// effect is what a city's efforts do to its indicators in a cohort's year.
type effect struct {
	year   programme.Cohort
	begins programme.Date
	pace   float64 // the part of the target's way that is gone by the end
}

// series is what really happens in each period from one to another: a level of
// the city's own, its season, the effects, lasting deviations that fade from
// period to period, and for events the chance of counting.
func (a archetype) series(p place, effects []effect, from, to programme.Period, random *rand.Rand) []programme.Observation {
	between := 0.15 // how much cities differ
	if a.unit == percent {
		between = 0.03 // so that no target comes to 100
	}
	level := a.level * math.Exp(between*random.NormFloat64())
	const jitter = 0.05 // no two indicators of a city go at quite the same pace
	own := slices.Clone(effects)
	for n := range own {
		own[n].pace += jitter * random.NormFloat64()
	}
	const memory = 0.3 // the part of a deviation that is left a period later
	fresh := a.noise * math.Sqrt(1-memory*memory)
	deviation := a.noise * random.NormFloat64()

	all := make([]programme.Observation, 0, to.Sub(from)+1)
	for period := from; period.Compare(to) <= 0; period = period.Next() {
		usual := level * a.seasonAt(period, p.latitude) * a.after(own, period.Last())
		all = append(all, programme.Observation{
			City: p.id, Indicator: a.id, Period: period, Status: programme.Final,
			Value: a.happens(usual*math.Exp(deviation), period, p, random),
		})
		deviation = memory*deviation + fresh*random.NormFloat64()
	}
	return all
}

const (
	people      = 100_000 // that rates refer to
	daysPerYear = 365.25
)

// happens is a period's value where v is usual by then.
func (a archetype) happens(v float64, period programme.Period, p place, random *rand.Rand) float64 {
	switch {
	case a.kind != programme.Count && a.unit == percent:
		return rounded(min(v, 100), a.decimals)
	case a.kind != programme.Count:
		return rounded(v, a.decimals)
	case a.stock:
		return math.Round(v * float64(p.population) / people)
	}
	return poisson(v*float64(p.population)/people*float64(period.Days())/daysPerYear, random)
}

// seasonAt is a wave that is highest in the middle of winter, which is in July
// south of the equator.
func (a archetype) seasonAt(period programme.Period, latitude float64) float64 {
	winter := time.January
	if latitude < 0 {
		winter = time.July
	}
	middle := period.First().AddDays(period.Days() / 2)
	year, _, _ := middle.Civil()
	sinceWinter := middle.Sub(programme.NewDate(year, winter, 15))
	return 1 + a.season*math.Cos(2*math.Pi*float64(sinceWinter)/daysPerYear)
}

// after is what the effects have made of the level by a day.
func (a archetype) after(effects []effect, d programme.Date) float64 {
	factor := 1.0
	for _, e := range effects {
		pace := e.pace
		if a.band != nil {
			pace = 1 - e.pace // there is no way to go, only one to stray
		}
		factor *= 1 + a.change*pace*a.gone(e, d)
	}
	return factor
}

// gone is the part of the way that is gone by a day by who goes at the target's
// pace. What is judged by sums and means of the year has to change at once,
// what is judged by its latest value may build up along the trajectory.
func (a archetype) gone(e effect, d programme.Date) float64 {
	if d < e.begins {
		return 0
	}
	if a.measure != programme.Latest {
		return 1
	}
	year := float64(d.Sub(e.year.Starts)+1) / daysPerYear
	from := milestone{}
	for _, to := range slices.Concat(a.milestones, []milestone{{1 + float64(a.later), 1}}) {
		if year <= to.year {
			return from.way + (to.way-from.way)*(year-from.year)/(to.year-from.year)
		}
		from = to
	}
	return 1
}

// poisson is a number of events of which there are mean as a rule: by Knuth's
// method or, where there are many, by the normal approximation.
func poisson(mean float64, random *rand.Rand) float64 {
	const many = 50
	if mean > many {
		return max(0, math.Round(mean+math.Sqrt(mean)*random.NormFloat64()))
	}
	n, limit := 0.0, math.Exp(-mean)
	for product := random.Float64(); product > limit; product *= random.Float64() {
		n++
	}
	return n
}
