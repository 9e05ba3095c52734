package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/chart"
	"github.com/citygauge/citygauge/internal/web/words"
)

// card is a target on the page of its city. Texts that are empty are not said.
type card struct {
	ID, Title, Cohort string
	Definition        string
	Status            progress.Status
	AtTarget          bool
	Measure, Now      string
	Goal              string
	By                programme.Date
	Need              need
	Projected, Chance string
	AtStart           progress.Status
	Through, Due      programme.Date
	Late              bool
	Missing           string // which values the verdict waits for
	Chart             drawn
	Tried             []programme.Intervention
}

// cardMaker makes the cards of one city.
type cardMaker struct {
	words      *words.Language
	today      programme.Date
	tried      []programme.Intervention
	judgeables []progress.Judgeable
}

func (m cardMaker) make(t target) card {
	i, a := t.of.Indicator, t.Assessment
	c := card{
		ID: i.ID + "-" + t.Cohort.ID, Title: i.Title, Cohort: t.Cohort.ID, Definition: i.Definition, Status: a.Status, AtTarget: a.AtTarget,
		By: t.Ends, Goal: m.goal(t), Need: sayNeed(m.words, i, a.Need), AtStart: a.AtStart,
		Through: a.AsOf, Due: a.Due, Late: a.Freshness == progress.Late || a.Freshness == progress.Missing,
	}
	if a.Value.Known {
		c.Measure, c.Now = m.words.Say("measure."+string(i.Measure)), m.words.Quantity(a.Value.Number, i)
	}
	if f := a.Forecast; a.Day <= t.Ends && f.Probability.Known {
		c.Projected, c.Chance = m.words.Quantity(f.Projected.Number, i), m.words.Chance(f.Probability.Number)
	}
	at := slices.IndexFunc(m.judgeables, func(j progress.Judgeable) bool { return j.Indicator.ID == i.ID && j.Cohort.ID == t.Cohort.ID })
	if at < 0 || !m.judgeables[at].Target.Ready() {
		return c
	}
	j := m.judgeables[at]
	if a.Status == progress.Awaiting && a.Day > t.Ends {
		c.Missing = m.missing(progress.Unobserved(j.Indicator, j.Target, j.Series))
	}
	j.Indicator.Title = i.Title
	for _, one := range m.tried {
		if one.Start <= t.Ends && (len(one.Indicators) == 0 || slices.Contains(one.Indicators, i.ID)) {
			c.Tried = append(c.Tried, one)
		}
	}
	drawing := m.draw(j, c.ID, c.Tried)
	c.Chart = drawn{drawing.SVG(), m.rows(j)}
	return c
}

// missing says which values are, the first few by name.
func (m cardMaker) missing(all []programme.Period) string {
	const few = 3
	var named []string
	for _, p := range all[:min(few, len(all))] {
		named = append(named, m.words.Period(p))
	}
	list := strings.Join(named, ", ")
	if len(all) > few {
		return m.words.Say("card.missing-more", "periods", list, "n", len(all)-few)
	}
	return m.words.Say("card.missing", "periods", list)
}

// goal is the target in words, rounded to the ambitious side.
func (m cardMaker) goal(t target) string {
	i := t.of.Indicator
	switch b := t.Band; {
	case b != nil:
		low, high := exactly(b.Low, i), exactly(b.High, i)
		return m.words.Say("goal.range", "low", m.words.Number(b.Low, low.Decimals), "high", m.words.Quantity(b.High, high))
	case !t.Assessment.Target.Known:
		return ""
	case i.Direction == programme.Increase:
		return m.words.Say("goal.least", "number", m.words.Quantity(progress.ShownTarget(i, t.Assessment.Target.Number), i))
	}
	return m.words.Say("goal.most", "number", m.words.Quantity(progress.ShownTarget(i, t.Assessment.Target.Number), i))
}

// exactly is an indicator with as many decimals as a bound of a range was
// declared with: rounded, it would be another bound.
func exactly(bound float64, i programme.Indicator) programme.Indicator {
	_, decimals, _ := strings.Cut(strconv.FormatFloat(bound, 'f', -1, 64), ".")
	i.Decimals = max(i.Decimals, len(decimals))
	return i
}

// draw is the chart of a target.
func (m cardMaker) draw(j progress.Judgeable, id string, tried []programme.Intervention) *chart.Chart {
	i, w := j.Indicator, m.words
	c := chart.Of(j, m.today)
	c.ID, c.Title = id, w.Say("chart.title", "title", i.Title)
	c.Number, c.Month = w.Number, w.Month
	c.Year = func(d programme.Date) string { return w.Period(programme.PeriodOf(programme.Annual, d)) }
	c.Value = func(p chart.Point) string {
		return w.Say("chart.point", "period", w.Period(programme.PeriodOf(i.Frequency, p.On)), "value", w.Quantity(p.Value, i))
	}
	c.Describe = m.describe(j, c)
	if r := j.Target; r.Band != nil {
		c.TargetWords = w.Say("chart.range", "low", w.Number(r.Band.Low, exactly(r.Band.Low, i).Decimals), "high", w.Number(r.Band.High, exactly(r.Band.High, i).Decimals))
	} else if r.Ready() {
		c.TargetWords = w.Say("chart.target", "value", w.Number(progress.ShownTarget(i, r.Target.Number), i.Decimals))
		c.BaselineWords = w.Say("chart.baseline", "value", w.Number(r.Baseline.Number, i.Decimals))
	}
	for _, one := range tried {
		c.Marks = append(c.Marks, chart.Mark{Title: w.Say("chart.tried", "title", one.Title, "date", w.Date(one.Start)), From: one.Start, To: one.End})
	}
	return &c
}

// describe says what the image shows to those who do not see it.
func (m cardMaker) describe(j progress.Judgeable, c chart.Chart) string {
	if len(c.Actual) == 0 {
		return m.words.Say("chart.nothing")
	}
	first, last := c.Actual[0], c.Actual[len(c.Actual)-1]
	return m.words.Say("chart.describe",
		"from", m.words.Quantity(first.Value, j.Indicator), "to", m.words.Quantity(last.Value, j.Indicator),
		"first", m.words.Date(first.On), "last", m.words.Date(last.On))
}

// rows are the numbers of the chart.
func (m cardMaker) rows(j progress.Judgeable) []drawnRow {
	var rows []drawnRow
	for a := range progress.AssessYear(j.Indicator, j.Target, j.Series, min(m.today, j.Target.End)) {
		if a.Day != a.AsOf || !a.Value.Known {
			continue
		}
		row := drawnRow{Period: programme.PeriodOf(j.Indicator.Frequency, a.Day), Actual: m.words.Quantity(a.Value.Number, j.Indicator), Status: a.Status}
		if a.Expected.Known {
			row.Expected = m.words.Quantity(a.Expected.Number, j.Indicator)
		}
		rows = append(rows, row)
	}
	slices.Reverse(rows)
	return rows
}
