package chart

import (
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Chart is what is drawn. What is not known is left out.
type Chart struct {
	ID       string // unique on its page
	Title    string // for those who do not see the image
	Describe string
	From, To programme.Date // the days that it shows

	Actual   []Point         // the measure at the ends of periods, in order of time
	Path     []Point         // where it should be
	Target   progress.Figure // at the end
	Baseline progress.Figure
	Band     *programme.Band // a range to stay in
	Fan      *Fan
	Marks    []Mark

	// TargetWords and BaselineWords stand at their lines.
	TargetWords, BaselineWords string

	Month  func(programme.Date) string // the name of a month
	Number func(float64, int) string   // a number with so many decimals
	Value  func(Point) string          // what is said of a point
	Year   func(programme.Date) string // the name of a year
	Also   []progress.Figure           // values that the scale has room for, too
}

// Point is a value on a day.
type Point struct {
	On    programme.Date
	Value float64
}

// Fan is what is foreseen, from the newest value on.
type Fan struct {
	From              Point
	On                programme.Date
	Middle, Low, High float64
}

// Mark is something that the city tried.
type Mark struct {
	Title    string
	From, To programme.Date // no To: it goes on
}

// Of gathers what is drawn of a target on a day. The measure is that of each
// period's end that is judged by data of that very day.
func Of(j progress.Judgeable, today programme.Date) Chart {
	r := j.Target
	c := Chart{From: r.Start, To: r.End, Target: r.Target, Band: r.Band}
	if r.Ready() && r.Band == nil {
		c.Baseline = r.Baseline
		for _, m := range r.Path(j.Indicator.Frequency) {
			c.Path = append(c.Path, Point{m.On, m.Value})
		}
	}
	for a := range progress.AssessYear(j.Indicator, r, j.Series, min(today, r.End)) {
		fewDays := a.Share.Known && a.Status == progress.Early // a whole year told by a few days of it
		if a.Day == a.AsOf && a.Value.Known && !fewDays {
			c.Actual = append(c.Actual, Point{a.Day, a.Value.Number})
		}
	}
	f := progress.Predict(j.Indicator, r, j.Series, today)
	if n := len(c.Actual); n > 0 && f.Projected.Known && today <= r.End && c.Actual[n-1].On < r.End {
		c.Fan = &Fan{From: c.Actual[n-1], On: r.End, Middle: f.Projected.Number, Low: f.Lower.Number, High: f.Upper.Number}
	}
	return c
}

// values are all that the scale must have room for.
func (c *Chart) values() []float64 {
	var all []float64
	for _, p := range c.Actual {
		all = append(all, p.Value)
	}
	for _, p := range c.Path {
		all = append(all, p.Value)
	}
	for _, f := range append([]progress.Figure{c.Target, c.Baseline}, c.Also...) {
		if f.Known {
			all = append(all, f.Number)
		}
	}
	if c.Band != nil {
		all = append(all, c.Band.Low, c.Band.High)
	}
	if c.Fan != nil {
		all = append(all, c.Fan.Low, c.Fan.High)
	}
	return all
}

// OneScale gives two charts the same scale, so that they can be compared.
func OneScale(a, b *Chart) {
	var room []progress.Figure
	for _, v := range append(a.values(), b.values()...) {
		room = append(room, progress.Known(v))
	}
	a.Also, b.Also = room, room
	a.From, b.From = min(a.From, b.From), min(a.From, b.From)
	a.To, b.To = max(a.To, b.To), max(a.To, b.To)
}
