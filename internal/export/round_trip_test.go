package export_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// taken is a sink that keeps what an import would take in.
type taken struct {
	catalogue    intake.Catalogue
	observations []programme.Observation
	problems     []intake.Problem
}

func (s *taken) Row(r intake.Row) error {
	s.observations = append(s.observations, programme.Observation{
		City: s.catalogue.Cities[r.City].ID, Indicator: s.catalogue.Indicators[r.Indicator].ID,
		Period: r.Period, Value: r.Value, Status: r.Status, Note: string(r.Note),
	})
	return nil
}

func (s *taken) Problem(p intake.Problem) error {
	s.problems = append(s.problems, p)
	return nil
}

func (*taken) About(intake.About) error   { return nil }
func (*taken) Retract(k intake.Key) error { return fmt.Errorf("%v is there twice", k) }

// importing is what an import of a file takes in.
func importing(t rapid.TB, file []byte, all []recorded) ([]programme.Observation, []intake.Problem) {
	t.Helper()
	p := programme.Programme{Cities: []programme.City{{ID: "riverton", Name: "Riverton"}}}
	for _, o := range all {
		p.Indicators = append(p.Indicators, programme.Indicator{
			City: o.City, ID: o.Indicator, Title: o.Indicator, Kind: programme.Quantity, Frequency: o.Period.Frequency(),
		})
	}
	sink := taken{catalogue: intake.NewCatalogue(p)}
	_, err := intake.Check(context.Background(), intake.Source{
		Name: "export.csv",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil },
	}, intake.Options{
		Catalogue: sink.catalogue,
		Today:     func(programme.City) programme.Date { return programme.NewDate(2026, time.January, 1) },
	}, &sink)
	if err != nil {
		t.Fatal(err)
	}
	return sink.observations, sink.problems
}

func bare(all []recorded) []programme.Observation {
	observations := make([]programme.Observation, len(all))
	for n, o := range all {
		observations[n] = o.Observation
	}
	return observations
}

var samePeriod = cmp.Comparer(func(p, q programme.Period) bool { return p == q })

func TestExportsComeBackUnchanged(t *testing.T) {
	all := observations()
	got, problems := importing(t, writeObservations(t, export.CSV, all), all)
	if len(problems) > 0 {
		t.Errorf("problems: %+v", problems)
	}
	if diff := cmp.Diff(bare(all), got, samePeriod); diff != "" {
		t.Errorf("observations (-exported +imported):\n%s", diff)
	}
}

// TestOneNumberComesBackUnchanged has no other number in the file that could
// settle how this one is read.
func TestOneNumberComesBackUnchanged(t *testing.T) {
	for _, v := range []float64{1.234, 12.345, 123.456, 0.123, 1234.567, -1.234, 1e-7, 1.234e-7, 5e-324, 1e14, 1e15, 123456789012345, math.Nextafter(1, 2)} {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			all := observations()[:1]
			all[0].Value = v
			got, problems := importing(t, writeObservations(t, export.CSV, all), all)
			if len(problems) > 0 || len(got) != 1 || got[0] != all[0].Observation {
				t.Errorf("comes back as %+v, problems %+v", got, problems)
			}
		})
	}
}

func TestAnyNumbersComeBackUnchanged(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := observations()
		for n := range all {
			all[n].Status = rapid.SampledFrom(programme.ObservationStatuses).Draw(r, "status")
			all[n].Value = 0
			if all[n].Status != programme.Suppressed {
				all[n].Value = rapid.Float64Range(-programme.Largest, programme.Largest).Draw(r, "value")
			}
		}
		got, problems := importing(r, writeObservations(t, export.CSV, all), all)
		if len(problems) > 0 {
			r.Fatalf("problems: %+v", problems)
		}
		if diff := cmp.Diff(bare(all), got, samePeriod); diff != "" {
			r.Fatalf("observations (-exported +imported):\n%s", diff)
		}
	})
}
