package export

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/metric"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// History is the past as Prometheus can be given it afterwards: OpenMetrics
// text with timestamps, in the metrics of package metric. A sample stands at
// the end of its period: 00:00 of the next day in the city. What is suppressed
// or not known has none.
//
// The text has one metric after the other, but data comes city by city, so each
// metric waits in a temporary file: memory does not grow with history. Each
// indicator, and each target, may be written once. [History.WriteTo] then
// writes the whole; Close must be called at the end.
type History struct {
	folder  string
	values  *spool
	figures []*spool // as metric.Figures
	states  []*spool // in the order of metric.AllStates
	spools  []*spool // all of them, in the order of the text
}

// Span is the part of a city's history that is written.
type Span struct {
	From programme.Date // the first day on which periods end; none: as far back as there are any
	// To is the last such day. It should be over: Prometheus refuses scrapes that
	// are older than its newest block, so that a sample of the future would keep
	// the present out.
	To   programme.Date
	Zone *time.Location
}

// NewHistory is a history without samples.
func NewHistory() (*History, error) {
	folder, err := os.MkdirTemp("", "citygauge-history-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the history, where TMPDIR says: %w", err)
	}
	h := &History{folder: folder}
	add := func(g metric.Gauge) (s *spool) {
		if err == nil {
			s, err = createSpool(folder, g)
		}
		if err == nil {
			h.spools = append(h.spools, s)
		}
		return s
	}
	h.values = add(metric.Value())
	for _, f := range metric.Figures() {
		h.figures = append(h.figures, add(f.Gauge))
	}
	for _, states := range metric.AllStates() {
		h.states = append(h.states, add(states.Gauge))
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// Observation adds an observation. Those of an indicator come in the order of
// their periods, one after the other.
func (h *History) Observation(o programme.Observation, s Span) error {
	day := o.Period.Last()
	if o.Status == programme.Suppressed || day < s.From || day > s.To {
		return nil
	}
	return h.values.add(fmt.Sprintf("city=%q,indicator=%q", o.City, o.Indicator), progress.Known(o.Value), day.EndIn(s.Zone))
}

// Target judges a target on each period end of its year, and adds what comes of
// it. The last is on the year's last day, before there is a verdict.
func (h *History) Target(i programme.Indicator, c programme.Cohort, r progress.Resolved, series []progress.Observed, s Span) error {
	var judged []progress.Assessment
	for p := range programme.Ending(i.Frequency, max(r.Start, s.From-1), min(r.End, s.To)).All() {
		a := progress.Assess(i, r, series, p.Last())
		a.Forecast = progress.Predict(i, r, series, p.Last())
		judged = append(judged, a)
	}
	labels := fmt.Sprintf("city=%q,indicator=%q,cohort=%q", i.City, i.ID, c.ID)
	for n, f := range metric.Figures() {
		if err := h.figures[n].addEach(labels, judged, f.Of, s.Zone); err != nil {
			return err
		}
	}
	for n, states := range metric.AllStates() {
		for _, state := range states.All {
			holds := func(a *progress.Assessment) progress.Figure {
				if states.Of(a) == state {
					return progress.Known(1)
				}
				return progress.Known(0)
			}
			if err := h.states[n].addEach(fmt.Sprintf("%s,%s=%q", labels, states.Label, state), judged, holds, s.Zone); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteTo writes the history. Nothing can be added afterwards.
func (h *History) WriteTo(w io.Writer) (int64, error) {
	var parts []io.Reader
	for _, s := range h.spools {
		samples, err := s.rewind()
		if err != nil {
			return 0, err
		}
		parts = append(parts, strings.NewReader(s.header()), samples)
	}
	parts = append(parts, strings.NewReader("# EOF\n"))
	n, err := io.Copy(w, io.MultiReader(parts...))
	if err != nil {
		return n, fmt.Errorf("write the history: %w", err)
	}
	return n, nil
}

// Close removes the temporary files.
func (h *History) Close() error {
	for _, s := range h.spools {
		s.file.Close()
	}
	if err := os.RemoveAll(h.folder); err != nil {
		return fmt.Errorf("remove the temporary files of the history: %w", err)
	}
	return nil
}
