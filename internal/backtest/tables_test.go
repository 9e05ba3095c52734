package backtest

import (
	"bytes"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/testgolden"
)

// madeUp is a case for each size and origin of two measures, its outcome 100
// and every third interval beside it.
func madeUp() []Case {
	var cases []Case
	for n, m := range []programme.Measure{programme.Total, programme.Latest} {
		s := &Series{Shape: Shapes[n].Name}
		s.Indicator.Kind, s.Indicator.Measure, s.Indicator.Frequency = programme.Count, m, programme.Monthly
		for _, large := range []bool{false, true} {
			for o := range origins {
				x := float64(len(cases) % 3)
				cases = append(cases, Case{
					Series: s, Origin: o, Large: large, Outcome: 100, Met: len(cases)%2 == 0, Scale: 200,
					SoFar: 110, LastYear: 120, HalfWidth: 12,
					Forecast: progress.Forecast{
						Projected: progress.Known(102 + x), Lower: progress.Known(99 + x), Upper: progress.Known(108),
						Probability: progress.Known(0.25),
					},
				})
			}
		}
	}
	return cases
}

func TestTables(t *testing.T) {
	var tables, plot bytes.Buffer
	cases := madeUp()
	if err := writeTables(&tables, "Made up", cases, rowsOf(cases)); err != nil {
		t.Fatal(err)
	}
	if err := writeTables(&tables, "By shape", cases, shapesOf(cases)); err != nil {
		t.Fatal(err)
	}
	some := []Verdicts{{Size: 20, Bad: make([]float64, 13), Good: constantly(0.5, 13), Reversals: 0.25, ReversalsSlipping: 0.5}}
	if err := writeNoChange(&tables, some); err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/tables.txt", tables.String())
	if err := writePlot(&plot, cases); err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/plot.svg", plot.String())
}

func constantly(v float64, n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = v
	}
	return all
}

func TestIntervalScore(t *testing.T) {
	for _, tt := range []struct {
		name                 string
		outcome, lower, high float64
		want                 float64
	}{
		{"inside", 5, 4, 7, 3},
		{"at an end", 4, 4, 7, 3},
		{"below", 3, 4, 7, 13},
		{"above", 9, 4, 7, 23},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := intervalScore(tt.outcome, tt.lower, tt.high); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestReversals(t *testing.T) {
	const good, bad, between = progress.OnTrack, progress.OffTrack, progress.TooClose
	for _, tt := range []struct {
		name   string
		course []progress.Status
		want   float64
	}{
		{"none", []progress.Status{good, good, between, progress.Met}, 0},
		{"to worse", []progress.Status{good, between, progress.MovingAway}, 1},
		{"and back", []progress.Status{good, bad, between, bad, progress.Met}, 2},
		{"never settled", []progress.Status{progress.Early, between}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := reversals(tt.course, badStatuses); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
