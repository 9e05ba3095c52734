package explain_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/explain"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/testgolden"
)

func TestExplanations(t *testing.T) {
	for _, c := range questions {
		t.Run(c.name, func(t *testing.T) {
			e := c.explain(t)
			if e.Status != c.want {
				t.Errorf("status is %s, want %s", e.Status, c.want)
			}
			e.TargetVersion = 1
			var text bytes.Buffer
			if err := e.Write(&text); err != nil {
				t.Fatal(err)
			}
			testgolden.Check(t, "testdata/"+c.name+".txt", text.String())
			wantSound(t, e)
		})
	}
}

func TestJSON(t *testing.T) {
	content, err := json.MarshalIndent(questions[0].explain(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/total-with-season.json", string(content)+"\n")
}

// wantSound asks of an explanation what all of them promise: each result is
// what its formula gives for the printed inputs, an input that is the result of
// an earlier step is that result, and the rows end with the status.
func wantSound(t interface {
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, e explain.Explanation,
) {
	results, names := map[string]float64{}, map[string]bool{}
	for _, s := range e.Steps {
		if names[s.Name] {
			t.Errorf("two steps are called %s", s.Name)
		}
		names[s.Name] = true
		for _, in := range s.Inputs {
			if was, ok := results[in.Name]; ok && was != in.Value {
				t.Errorf("step %s takes %s as %v, but it was %v", s.Name, in.Name, in.Value, was)
			}
		}
		if s.Formula != "" {
			if v := recompute(t, s); !s.Result.Known || math.Abs(v-s.Result.Number) > 1e-9*max(1, math.Abs(v)) {
				t.Errorf("step %s: %s is %v by its inputs %v, not %v", s.Name, s.Formula, v, s.Inputs, s.Result)
			}
		}
		if s.Symbol != "" && s.Result.Known {
			results[s.Symbol] = s.Result.Number
		}
		if s.Sentence == "" || s.Source == "" || strings.Contains(s.Sentence, "NaN") || strings.Contains(s.Sentence, "Inf") {
			t.Errorf("step %s says %q, from %q", s.Name, s.Sentence, s.Source)
		}
		if n := len(s.Rows); n > 0 && (!s.Rows[n-1].Holds || s.Rows[n-1].Status != e.Status) {
			t.Errorf("status is %s, but the rows end with %+v", e.Status, s.Rows[n-1])
		}
	}
	if !names["status"] || !names["signal"] || !names["freshness"] {
		t.Errorf("steps are %v", names)
	}
}

// TestEveryExplanationIsSound asks the questions with other values, targets and
// days.
func TestEveryExplanationIsSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		q := rapid.SampledFrom(questions).Draw(rt, "question").question
		numbers := rapid.Map(rapid.IntRange(0, 4000), func(n int) float64 { return float64(n) / 4 })
		if q.i.Kind == programme.Count {
			numbers = rapid.Map(rapid.IntRange(0, 300), func(n int) float64 { return float64(n) })
		}
		// Plain draws favour short series and early days.
		some := rapid.SliceOfN(numbers, 1, 20).Draw(rt, "values")
		q.values = make([]float64, rapid.SampledFrom([]int{24, 36, 16, 60, 105, 13, 3}).Draw(rt, "length"))
		for n := range q.values {
			q.values[n] = some[n%len(some)]
		}
		series := q.series(t)
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, len(series)-1), 0, 2).Draw(rt, "provisional") {
			series[n].Status = programme.Provisional
		}
		r, _ := progress.Resolve(q.t, q.i, q.c, series)
		day := q.c.Starts.AddDays(rapid.SampledFrom([]int{200, 300, 100, 0, 380}).Draw(rt, "around") + rapid.IntRange(-40, 60).Draw(rt, "day"))
		e := explain.Steps(q.i, q.c, q.t, r, series, day)
		wantSound(rt, e)
		a := progress.Assess(q.i, r, series, day)
		if e.Status != a.Status || e.Signal != a.Signal || e.DataDate != a.AsOf || e.Freshness != a.Freshness {
			rt.Fatalf("explained is %+v, judged is %+v", e, a)
		}
		if _, err := json.Marshal(e); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestAFrozenBaselineIsNotMeasuredAgain(t *testing.T) {
	q := questions[0].question
	series := q.series(t)
	r, _ := progress.Resolve(q.t, q.i, q.c, series)
	series[3].Value++ // revised after the cohort has started
	e := explain.Steps(q.i, q.c, q.t, r, series, programme.NewDate(2025, 10, 14))
	if s := e.Steps[0]; s.Formula != "" || !strings.Contains(s.Sentence, "frozen") {
		t.Errorf("the baseline is explained as %q, by %q", s.Sentence, s.Formula)
	}
	wantSound(t, e)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteSaysWhatFailed(t *testing.T) {
	err := questions[0].explain(t).Write(full{})
	if err == nil || !strings.Contains(err.Error(), "boston/robberies") {
		t.Errorf("error is %v", err)
	}
}
