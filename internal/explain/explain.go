// Package explain says how a judgement came about: every number that led to a
// status, step by step, in words that a newspaper could print, with the formula,
// what was put into it and where it is from.
//
// It computes nothing: the numbers are those of package progress, and a step's
// result is what its formula gives for its inputs. It does no input or output
// but [Explanation.Write].
//
// # Formulas
//
// The letters are those of package progress. A formula is arithmetic (+, −, ·,
// /, ^, √, |x|, max) over the names of its step's inputs, or one of [Newest],
// [Sum], [Mean] and [MovingRange] over all of them.
package explain

import (
	"bytes"
	"encoding/json"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Explanation is how one target was judged on one day.
type Explanation struct {
	City      string         `json:"city"`
	Indicator string         `json:"indicator"`
	Title     string         `json:"title"`
	Cohort    string         `json:"cohort"`
	Day       programme.Date `json:"day"`       // on which it is judged
	DataDate  programme.Date `json:"data_date"` // by which it is judged; empty where nothing of the year is observed

	// TargetVersion is which version of the target was judged, counted from 1. It
	// is 0, and left out, until someone who knows it says so.
	TargetVersion   int `json:"target_version,omitempty"`
	FormulasVersion int `json:"formulas_version"`

	Status    progress.Status    `json:"status"`
	Words     string             `json:"words"` // the status, in words
	Freshness progress.Freshness `json:"freshness"`
	Due       programme.Date     `json:"due"`  // when the next value is due; empty where none is
	Need      string             `json:"need"` // what is needed from here; empty where there is no claim
	Signal    progress.Signal    `json:"signal"`
	Forecast  Forecast           `json:"forecast"` // for the end of the year; after it, the outcome

	// AtStart is the status against the target in force when the cohort started.
	// It is empty, and left out, where that is the same target, or until someone
	// who knows it says so.
	AtStart progress.Status `json:"status_at_start,omitempty"`

	Steps []Step `json:"steps"`
}

// Forecast is [progress.Forecast] as it is written.
type Forecast struct {
	Projected   progress.Figure `json:"projected"`
	Lower       progress.Figure `json:"lower"` // of the 80 % interval
	Upper       progress.Figure `json:"upper"`
	Probability progress.Figure `json:"target_probability"`
}

// Step is one number, or one decision, on the way to the status and beside it.
type Step struct {
	Name     string          `json:"name"`              // a slug, unique in an explanation
	Sentence string          `json:"sentence"`          // the whole step in words
	Symbol   string          `json:"symbol,omitempty"`  // the letter of the result
	Formula  string          `json:"formula,omitempty"` // empty where nothing is computed
	Inputs   Inputs          `json:"inputs"`
	Result   progress.Figure `json:"result"` // null where it is no number
	Rows     []Row           `json:"rows,omitempty"`
	Source   string          `json:"source"` // of the formula
}

// Row is a row of the table of statuses that was asked; the last of them holds.
type Row struct {
	Status progress.Status `json:"status"`
	When   string          `json:"when"`
	Holds  bool            `json:"holds"`
}

// Formulas over all inputs of a step.
const (
	Newest      = "newest"
	Sum         = "sum"
	Mean        = "mean"
	MovingRange = "mean moving range, without those of 3.267 times their mean or more"
)

// Input is a number that a formula takes.
type Input struct {
	Name  string // a formula's letter or word, or a period
	Value float64
}

// Inputs are a step's, in order; as JSON they are one object.
type Inputs []Input

// MarshalJSON writes an object in the order of the inputs.
func (in Inputs) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for n, input := range in {
		if n > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(input.Name)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.WriteString(progress.Known(input.Value).String())
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// Steps explains how a target was judged on a day. The target is the declared
// one that r was resolved from; the observations are the indicator's, in order
// of period. TargetVersion and AtStart are left to the caller.
func Steps(i programme.Indicator, c programme.Cohort, t programme.Target, r progress.Resolved, series []progress.Observed, day programme.Date) Explanation {
	x := explainer{i: i, c: c, t: t, r: r, series: series, w: progress.Work(i, r, series, day)}
	x.baseline()
	x.goal()
	x.year()
	x.judgement()
	x.status()
	x.freshness()
	x.need()
	forecast := progress.Predict(i, r, series, day)
	x.forecast(forecast)
	x.signal(progress.XmR(i, r, series, day))
	return Explanation{
		City: i.City, Indicator: i.ID, Title: i.Title, Cohort: c.ID,
		Day: day, DataDate: x.w.AsOf,
		FormulasVersion: progress.FormulasVersion,
		Status:          x.w.Status, Words: x.w.Status.Words(),
		Freshness: x.w.Freshness, Due: x.w.Due,
		Need: x.w.Need.Sentence(i), Signal: x.w.Signal, Forecast: Forecast(forecast),
		Steps: x.steps,
	}
}

// judgement says how the measure lies to what is expected of it.
func (x *explainer) judgement() {
	switch {
	case x.w.Ranged():
		x.measure()
		x.noise()
		x.distance()
	case x.w.Progress.Known:
		x.measure()
		x.pace()
		x.noise()
		x.interval()
	case x.w.ExpectedProgress.Known:
		x.expected()
	}
}

// explainer is an explanation as it grows.
type explainer struct {
	i      programme.Indicator
	c      programme.Cohort
	t      programme.Target
	r      progress.Resolved
	series []progress.Observed
	w      progress.Workings
	steps  []Step
}

func (x *explainer) add(s Step) { x.steps = append(x.steps, s) }

// Where formulas are from.
const (
	method      = "citygauge's method (internal/progress/FORMULAS.md)"
	forecasting = "citygauge's forecast, its method and how well it holds (internal/progress/README.md)"
	declared    = "the programme, as declared"
	xmr         = "XmR chart: NHS England, Making data count; after W. A. Shewhart and D. J. Wheeler"
	poisson     = "a count varies at least as a Poisson variable does: its variance is its mean"
	normal      = "the normal distribution, of which 80 % lie within 1.2816 standard deviations"
	cutPoints   = "cut points of Eurostat's and the United Nations' monitoring of the Sustainable Development Goals"
	sampling    = "the standard deviation of a sum or mean of independent periods"
	arithmetic  = "arithmetic"
)
