package progress

import "github.com/citygauge/citygauge/internal/programme"

// events is what is known of a count before a year of it.
type events struct {
	usual    float64 // the mean of a period
	weight   float64 // of the season of the year before, against none
	variance float64 // v²
	perYear  float64
}

// eventsOf takes a count's usual number and its noise: that of a Poisson
// variable and, as far as there are events enough to tell, what neighbours vary
// by beyond that.
func (h *history) eventsOf(usual float64) events {
	e := events{perYear: float64(h.i.Frequency.PerYear())}
	// Half an event more: that none was seen does not mean that none can be.
	e.usual = max(0, usual) + 0.5/e.perYear
	yearly := e.usual * e.perYear
	e.weight = yearly / (yearly + seasonWeight)
	e.variance = e.usual + e.weight*max(0, h.variance()-e.usual)
	return e
}

// flat is a level that knows of no season, from a place on.
func (e events) flat(place int) level {
	return e.level(place, e.variance, yearlyChange*yearlyChange)
}

// seasonal is a level that expects the season of the year before, of which it
// knows n values. As far as that year is believed, its noise comes to that of
// this one; and its mean has what is left of its noise.
func (e events) seasonal(place, n int) level {
	return e.level(place, e.variance*(1+e.weight*e.weight),
		yearlyChange*yearlyChange+e.variance/(float64(n)*e.usual*e.usual))
}

// level is one at the usual number, which may have changed by a relative
// variance.
func (e events) level(place int, variance, change float64) level {
	relative := e.usual * e.usual / variance
	l := level{
		at: e.usual, variance: change * relative, place: place,
		step: yearlyDrift * yearlyDrift / e.perYear * relative,
	}
	l.noiseOf(variance, countDegrees)
	return l
}

// leastSeason is the least part of a usual period's events that a period is
// expected to have, so that a first event after a year without is no wonder.
const leastSeason = 0.01

// load is what a period's season makes of the level, by its value one year
// before and the mean of that year.
func (e events) load(before, mean float64) float64 {
	return max(e.weight*before/mean+1-e.weight, leastSeason)
}

// addCounts follows the values of two years, and those of W by the season of
// the year before where it is complete. Where the one before that is complete
// too, last year shows how well that works.
func (h *history) addCounts(m *models, run programme.Run, points, awaited []point) {
	for t := range h.places(h.all(), false) {
		points = append(points, point{place: t, value: h.values[t].Number, load: 1})
	}
	for t := range h.places(run, true) {
		awaited = append(awaited, point{place: t, load: 1})
	}
	last := h.yearBefore(h.start, len(h.values))
	usual := last
	if !last.Known || last.Number == 0 { // what never was may have begun
		usual = h.newestYear()
	}
	e := h.eventsOf(usual.Number)
	if !last.Known || last.Number == 0 {
		m.add([]level{e.flat(points[0].place)}, points, awaited, h.now, h.start)
		return
	}

	shared, evidence := h.start, 0.0
	var room [historyRoom]point
	lastStart := h.start - h.i.Frequency.PerYear()
	if mean := h.yearBefore(lastStart, h.start); mean.Known && mean.Number > 0 {
		shared = lastStart
		e := h.eventsOf(mean.Number)
		l := e.seasonal(lastStart, h.start-lastStart)
		l.follow(h.inSeason(e, mean.Number, points, room[:0], lastStart, h.start), lastStart)
		evidence = l.within
	}
	m.add([]level{e.flat(points[0].place)}, points, awaited, h.now, shared)

	for n, p := range awaited {
		awaited[n].load = e.load(h.before(p.place).Number, last.Number)
	}
	l := e.seasonal(h.start, len(h.values)-h.start)
	l.within = evidence
	m.add([]level{l}, h.inSeason(e, last.Number, points, room[:0], h.start, len(h.values)), awaited, h.now, h.start)
}

// inSeason are the points from one place to before another, loaded by the
// season of the year before, of which the mean is given.
func (h *history) inSeason(e events, mean float64, points, room []point, from, to int) []point {
	for _, p := range points {
		if from <= p.place && p.place < to {
			p.load = e.load(h.before(p.place).Number, mean)
			room = append(room, p)
		}
	}
	return room
}
