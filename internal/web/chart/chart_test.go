package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/testgolden"
	"github.com/citygauge/citygauge/internal/web/chart"
)

func day(month time.Month, day int) programme.Date { return programme.NewDate(2026, month, day) }

// example has everything that a chart can have.
func example() *chart.Chart {
	return worded(&chart.Chart{
		ID: "thefts", Title: "Thefts: the year so far", Describe: "From 1,400 to 1,250.",
		From: day(time.January, 1) - 1, To: day(time.December, 31),
		Actual: []chart.Point{{day(time.January, 31), 1400}, {day(time.February, 28), 1420}, {day(time.March, 31), 1250}},
		Path:   []chart.Point{{day(time.January, 1) - 1, 1450}, {day(time.December, 31), 1200}},
		Target: progress.Known(1200), Baseline: progress.Known(1450),
		Fan:         &chart.Fan{From: chart.Point{On: day(time.March, 31), Value: 1250}, On: day(time.December, 31), Middle: 1230, Low: 1150, High: 1310},
		Marks:       []chart.Mark{{Title: "Street lights <more>", From: day(time.February, 1)}, {Title: "Before", From: 1, To: 2}, {Title: "Summer", From: day(time.June, 1), To: day(time.August, 31)}},
		TargetWords: "target 1,200", BaselineWords: "start 1,450",
	})
}

func worded(c *chart.Chart) *chart.Chart {
	c.Month = func(d programme.Date) string { return d.Time().Format("Jan") }
	c.Year = func(d programme.Date) string { return d.Time().Format("2006") }
	c.Number = func(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	c.Value = func(p chart.Point) string { return fmt.Sprint(p.On, ": ", p.Value) }
	return c
}

func TestImage(t *testing.T) {
	testgolden.Check(t, "testdata/thefts.svg", string(example().SVG()))
}

var places = regexp.MustCompile(` (x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"`)

// TestEveryImageIsSound draws what charts are rarely asked for.
func TestEveryImageIsSound(t *testing.T) {
	nothing := &chart.Chart{From: 1, To: 1}
	one := &chart.Chart{From: 1, To: 400, Actual: []chart.Point{{10, 5}}, Target: progress.Known(5), Baseline: progress.Known(5)}
	huge := &chart.Chart{From: 1, To: 40_000, Actual: []chart.Point{{10, -1e15}, {20_000, 1e15}}, Target: progress.Known(1e15)}
	tiny := &chart.Chart{From: 1, To: 800, Actual: []chart.Point{{10, 1e-9}, {20, 2e-9}}, Band: &programme.Band{Low: 1e-9, High: 3e-9}}
	wild := &chart.Chart{From: 1, To: 400, Target: progress.Known(0), Baseline: progress.Known(-3), Fan: &chart.Fan{From: chart.Point{On: 10, Value: 1}, On: 400, Low: -1e12, Middle: 0, High: 1e12}}
	for name, c := range map[string]*chart.Chart{"nothing": nothing, "one value": one, "huge": huge, "tiny, in a range": tiny, "wild": wild, "everything": example()} {
		t.Run(name, func(t *testing.T) {
			image := string(worded(c).SVG())
			for in := xml.NewDecoder(strings.NewReader(image)); ; {
				if _, err := in.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%v in\n%s", err, image)
				}
			}
			if strings.Contains(image, "style=") || strings.Contains(image, "<script") {
				t.Error("it has a style or a script in it")
			}
			for _, place := range places.FindAllStringSubmatch(image, -1) {
				v, err := strconv.ParseFloat(place[2], 64)
				limit := 440.0
				if strings.Contains(place[1], "y") {
					limit = 260
				}
				if err != nil || math.IsNaN(v) || v < 0 || v > limit {
					t.Fatalf("%s is %s in\n%s", place[1], place[2], image)
				}
			}
		})
	}
}

// TestOneScale has two charts be comparable.
func TestOneScale(t *testing.T) {
	a, b := example(), example()
	b.Actual = []chart.Point{{day(time.January, 31), 3000}}
	chart.OneScale(a, b)
	ticks := regexp.MustCompile(`text-anchor="end">(\d+)<`)
	if diff := cmp.Diff(ticks.FindAllString(string(a.SVG()), -1), ticks.FindAllString(string(b.SVG()), -1)); diff != "" {
		t.Errorf("numbers at the side (-a +b):\n%s", diff)
	}
}

// TestOf draws the measure at the ends of periods, and foresees from there.
func TestOf(t *testing.T) {
	i := programme.Indicator{Frequency: programme.Monthly, Measure: programme.Latest, Kind: programme.Quantity, Direction: programme.Decrease}
	j := progress.Judgeable{Indicator: i, Target: progress.Resolved{
		Baseline: progress.Known(10), Target: progress.Known(8), BaselineEnd: day(time.January, 1) - 1, Start: day(time.January, 1) - 1,
		End: day(time.December, 31), Trajectory: programme.Linear,
	}}
	for n := -12; n < 3; n++ {
		j.Series = append(j.Series, progress.Observed{Period: programme.Month(2026, time.January).Plus(n), Value: 10 - float64(n)/10, Status: programme.Final})
	}
	c := chart.Of(j, day(time.April, 20))
	want := []chart.Point{{day(time.January, 31), 10}, {day(time.February, 28), 9.9}, {day(time.March, 31), 9.8}}
	if diff := cmp.Diff(want, c.Actual); diff != "" {
		t.Errorf("measured (-want +got):\n%s", diff)
	}
	if c.Fan == nil || c.Fan.From != want[2] || c.Fan.On != day(time.December, 31) || !(c.Fan.Low <= c.Fan.Middle && c.Fan.Middle <= c.Fan.High) {
		t.Errorf("foreseen is %+v", c.Fan)
	}
	if n := len(c.Path); n != 13 || c.Path[0].Value != 10 || c.Path[n-1].Value != 8 {
		t.Errorf("the way is %v", c.Path)
	}
	if over := chart.Of(j, day(time.December, 31)+1); over.Fan != nil {
		t.Error("something is foreseen after the end")
	}
}
