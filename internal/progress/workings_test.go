package progress_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

func TestWorkingsAreThoseOfTheAssessment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := drawJudgement(t, anyNumbers, programme.Kinds)
		w := progress.Work(j.i, j.r, j.series, j.day)
		if diff := cmp.Diff(j.assess(), w.Assessment); diff != "" {
			t.Fatal(diff)
		}
		rows := w.Rows()
		if last := rows[len(rows)-1]; last.Status != w.Status {
			t.Fatalf("status is %s, but the rows end with %+v", w.Status, last)
		}
		if n := len(w.MeasuredValues()); n != w.Measured.Values {
			t.Fatalf("M is made of %d values, not %d", n, w.Measured.Values)
		}
		if all, _ := w.YearBefore(); len(all) != 0 && len(all) != w.Periods {
			t.Fatalf("the year before has %d values for %d periods", len(all), w.Periods)
		}
		if n := len(w.NoiseValues(j.r)); n != 0 && n != w.NoiseBasis.Values {
			t.Fatalf("noise was learnt from %d values, not %d", n, w.NoiseBasis.Values)
		}
		if w.Range.Distance.Known != (w.Ranged() && w.Value.Known) {
			t.Fatalf("ranged: %v, %+v", w.Ranged(), w.Range)
		}
	})
}

func TestYearBefore(t *testing.T) {
	i, r, series := boston(t, robberies)
	w := progress.Work(i, r, series, date(t, "2025-09-30"))
	all, observed := w.YearBefore()
	sum := 0.0
	for _, o := range observed {
		sum += o.Value
	}
	if len(all) != 12 || len(observed) != 9 || all[0].Period != period(t, "2024-01") || sum != 637 {
		t.Errorf("%d values from %s, %d of them observed a year later, with the sum %v", len(all), all[0].Period, len(observed), sum)
	}
	wantFigure(t, "σ", w.Measured.Season, 637./833)
	wantFigure(t, "w", w.Measured.Weight, 833./(833+280))
}
