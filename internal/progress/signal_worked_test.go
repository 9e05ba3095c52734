package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Published charts of individual values, with what their authors print.
var (
	// NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of
	// ten batches. Its limits are 3/1.128 mean moving ranges from the centre.
	flowRates = []float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}
	// D. J. Wheeler, "Making Sense of Data", the data to verify software with:
	// it screens no moving ranges.
	wheeler = []float64{5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200}
	// J. Anhøj, "Statistical Process Control for Healthcare", the chapter on
	// screened charts.
	screenedExample = []float64{18, 16, 8, 9, 10, 11, 26, 14, 15, 14, 18, 19, 18, 11, 28, 20, 16, 17, 12, 13, 24, 16, 15, 11}
)

// plainChart is the chart of the values of some days.
func plainChart(t testing.TB, values []float64) progress.Chart {
	t.Helper()
	i := indicator(programme.Latest)
	i.Frequency = programme.Daily
	return progress.XmRWithoutTarget(i, final(t, "2025-03-01", values...), date(t, "2035-01-01"))
}

func TestChartOfNIST(t *testing.T) {
	c := plainChart(t, flowRates)
	wantPublished(t, "centre", c.Centre, 50.81, 0)
	wantPublished(t, "mean moving range", c.MeanRange, 1.8778, 0)
	// 2.66 is 3/1.128 rounded: 0.00043 less of a mean moving range.
	const rounding = (2.66 - 3/1.128) * 1.8778
	wantPublished(t, "upper limit", c.Upper, 55.8041, rounding)
	wantPublished(t, "lower limit", c.Lower, 45.8159, -rounding)
	if c.Signal != progress.TooShort {
		t.Errorf("signal of ten points is %s", c.Signal)
	}
}

func TestChartOfWheeler(t *testing.T) {
	c := plainChart(t, wheeler)
	wantPublished(t, "centre", c.Centre, 4135.50, 0)
	sum := 0.0
	for n, size := range []float64{695, 0, 375, 315, 140, 55, 200, 305, 55, 280, 115, 460, 385, 222, 1737} {
		p := c.Points[n+1]
		wantFigure(t, "moving range", p.MovingRange, size)
		sum += p.MovingRange.Number
		// The published upper range limit, 1163.19, has the factor 3.268.
		if p.Screened != (size > 1163.19) {
			t.Errorf("screened: %v, at a moving range of %v", p.Screened, size)
		}
	}
	unscreened := progress.Known(sum / 15)
	wantPublished(t, "mean moving range before screening", unscreened, 355.93, 0)
	wantFigure(t, "mean moving range", c.MeanRange, (sum-1737)/14)
	wantPublished(t, "upper limit before screening", progress.Known(c.Centre.Number+2.66*unscreened.Number), 5082.28, 0)
	if c.Signal != progress.Concern || c.Rule != progress.OutsideLimits || !c.Up {
		t.Errorf("5200, beyond even the published limit, is %s by %q", c.Signal, c.Rule)
	}
}

func TestChartOfAnhoej(t *testing.T) {
	c := plainChart(t, screenedExample)
	sum, screened := 0.0, 0
	for _, p := range c.Points {
		sum += p.MovingRange.Number
		if p.Screened {
			screened++
			wantFigure(t, "the screened range", p.MovingRange, 17)
		}
	}
	wantFigure(t, "mean moving range before screening", progress.Known(sum/23), 5)
	wantPublished(t, "mean moving range", c.MeanRange, 4.45, 0)
	if screened != 1 {
		t.Errorf("%d ranges are screened, want that from 11 to 28", screened)
	}
}

// wantPublished compares a figure with one that is printed to some decimals:
// 4 where it is below 100, else 2, but 2 for the mean range of small counts.
func wantPublished(t *testing.T, name string, got progress.Figure, want, correction float64) {
	t.Helper()
	half := 0.00005
	if want > 100 || want == 4.45 {
		half = 0.005
	}
	if !got.Known || math.Abs(got.Number-want-correction) > half {
		t.Errorf("%s is %v, published as %v", name, got, want)
	}
}
