package chart

import (
	"fmt"
	"html/template"
	"strings"
)

// drawing is an image being written.
type drawing struct {
	strings.Builder
	*Chart
	scale
	ticks ticks
}

// SVG is the image.
func (c *Chart) SVG() template.HTML {
	d := &drawing{Chart: c}
	d.low, d.high, d.ticks = fit(c.values())
	d.from, d.to = c.From, c.To
	widest := 0
	for _, v := range d.ticks.values {
		widest = max(widest, len([]rune(c.Number(v, d.ticks.decimals))))
	}
	const perCharacter = 8.0
	d.left = left + perCharacter*float64(widest)
	d.element(`<svg class="chart" viewBox="0 0 %g %g" role="img" aria-labelledby="%[3]s-title %[3]s-desc">`, width, height, text(c.ID))
	d.element(`<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, text(c.ID), text(c.Title), text(c.ID), text(c.Describe))
	d.marks()
	d.grid()
	d.band()
	d.goals()
	d.fan()
	d.line("path", c.Path)
	d.line("actual", c.Actual)
	d.points()
	d.labels()
	d.element(`</svg>`)
	return template.HTML(d.String()) //nolint:gosec // every text in it is escaped
}

func text(s string) string { return template.HTMLEscapeString(s) }

func (d *drawing) element(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// marks say what the city tried: when it began, and along the top how long it
// went on.
func (d *drawing) marks() {
	const rows = 2 // one above the other
	for n, m := range d.Chart.Marks {
		ends := m.To
		if ends.IsZero() || ends > d.to {
			ends = d.to
		}
		begins := max(m.From, d.from)
		if begins > d.to || ends <= d.from {
			continue
		}
		x := d.x(begins)
		const strip = 5
		y := 2 + float64(n%rows)*(strip+1)
		d.element(`<g class="mark"><title>%s</title><rect x="%.1f" y="%g" width="%.1f" height="%d" rx="2"/><line x1="%.1f" x2="%.1[6]f" y1="%[3]g" y2="%[7]g"/></g>`,
			text(m.Title), x, y, max(d.x(ends)-x, strip), strip, x, bottom)
	}
}

func (d *drawing) grid() {
	for _, v := range d.ticks.values {
		y := d.y(v)
		d.element(`<line class="grid" x1="%.1f" x2="%g" y1="%.1f" y2="%.1[3]f"/>`, d.left, width-right, y)
		d.element(`<text class="axis" x="%.1f" y="%.1f" text-anchor="end">%s</text>`, d.left-5, y+4, text(d.Number(v, d.ticks.decimals)))
	}
	labels, years := days(d.from.AddDays(1), d.to)
	for _, day := range labels {
		name := d.Month(day)
		if years {
			name = d.Year(day)
		}
		x := d.x(day)
		d.element(`<line class="tick" x1="%.1f" x2="%.1[1]f" y1="%g" y2="%g"/>`, x, bottom, bottom+4)
		d.element(`<text class="axis" x="%.1f" y="%g">%s</text>`, x, height-8, text(name))
	}
}

func (d *drawing) band() {
	if b := d.Chart.Band; b != nil {
		y := d.y(b.High)
		d.element(`<rect class="band" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, d.left, y, width-right-d.left, d.y(b.Low)-y)
	}
}

// goals are the lines of the baseline and the target.
func (d *drawing) goals() {
	if d.Baseline.Known {
		d.level("baseline", d.y(d.Baseline.Number))
	}
	if d.Target.Known && d.Chart.Band == nil {
		d.level("target", d.y(d.Target.Number))
		d.element(`<circle class="target" cx="%g" cy="%.1f" r="5"/>`, width-right, d.y(d.Target.Number))
	}
}

// labels say what the lines are, over all that is drawn: that of the target on
// the side where the newest value is not, that of the baseline away from the
// target.
func (d *drawing) labels() {
	const above, below = -6, 15
	if b := d.Chart.Band; b != nil {
		d.label("target", d.y(b.High)+below, d.TargetWords)
		return
	}
	if !d.Target.Known {
		return
	}
	target, side := d.y(d.Target.Number), above
	if n := len(d.Actual); n > 0 && d.y(d.Actual[n-1].Value) < target {
		side = below
	}
	d.label("target", target+float64(side), d.TargetWords)
	if !d.Baseline.Known {
		return
	}
	if side = above; d.Baseline.Number < d.Target.Number {
		side = below
	}
	d.label("baseline", d.y(d.Baseline.Number)+float64(side), d.BaselineWords)
}

func (d *drawing) level(class string, y float64) {
	d.element(`<line class="%s" x1="%.1f" x2="%g" y1="%.1f" y2="%.1[4]f"/>`, class, d.left, width-right, y)
}

func (d *drawing) label(class string, y float64, words string) {
	d.element(`<text class="%s" x="%g" y="%.1f" text-anchor="end">%s</text>`, class, width-right-8, min(max(y, top-4), bottom-4), text(words))
}

func (d *drawing) fan() {
	f := d.Chart.Fan
	if f == nil {
		return
	}
	x, y, end := d.x(f.From.On), d.y(f.From.Value), d.x(f.On)
	d.element(`<polygon class="fan" points="%.1f,%.1f %.1f,%.1f %.1f,%.1f"/>`, x, y, end, d.y(f.High), end, d.y(f.Low))
	d.element(`<line class="fan" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, x, y, end, d.y(f.Middle))
}

func (d *drawing) line(class string, points []Point) {
	if len(points) < 2 {
		return
	}
	places := make([]string, len(points))
	for n, p := range points {
		places[n] = fmt.Sprintf("%.1f,%.1f", d.x(p.On), d.y(p.Value))
	}
	d.element(`<polyline class="%s" points="%s"/>`, class, strings.Join(places, " "))
}

// fewPoints is up to how many points can be told apart.
const fewPoints = 31

func (d *drawing) points() {
	for n, p := range d.Actual {
		last := n == len(d.Actual)-1
		if len(d.Actual) > fewPoints && !last {
			continue
		}
		class, radius := "dot", 3.0
		if last {
			class, radius = "dot newest", 5.0
		}
		d.element(`<circle class="%s" cx="%.1f" cy="%.1f" r="%g"><title>%s</title></circle>`, class, d.x(p.On), d.y(p.Value), radius, text(d.Value(p)))
	}
}
