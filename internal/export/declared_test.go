package export_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
)

// Cities and indicators come back from their tables as they were declared.
func TestDeclaredComesBack(t *testing.T) {
	low, high := -0.5, 1e6
	want := programme.Programme{
		Cities: []programme.City{
			{
				ID: "riverton", Name: `River "ton", upon Lake`, Country: "US", Population: 155_000, Timezone: "America/Chicago",
				Location: &programme.Location{Latitude: 41.5, Longitude: -90.25}, Cohorts: []string{"2025", "2026"},
			},
			{ID: "springfield", Name: "Springfield", Country: "US", Population: 200_000, Cohorts: []string{"2026"}},
		},
		Indicators: []programme.Indicator{
			{
				City: "riverton", ID: "rough", Title: "People sleeping rough", Definition: "On one night.\nCounted.", Unit: "people", Problem: "homelessness",
				Lens: programme.Cause, Kind: programme.Quantity, Decimals: 2, Frequency: programme.Quarterly, Direction: programme.Decrease,
				Measure: programme.RollingMean, Plausible: programme.Bounds{Min: &low, Max: &high}, DueDays: 12, JudgeProvisional: true,
				Breaks: []programme.Date{programme.NewDate(2023, time.July, 1), programme.NewDate(2024, time.July, 1)}, Owner: "Housing", Source: "Count",
			},
			{
				City: "springfield", ID: "thefts", Title: "Thefts", Unit: "thefts", Lens: programme.Outcome, Kind: programme.Count,
				Frequency: programme.Weekly, Direction: programme.Maintain, Measure: programme.Latest, DueDays: programme.DefaultDueDays,
			},
		},
	}
	folder := t.TempDir()
	write := func(name string, table func(*bytes.Buffer) error) {
		var text bytes.Buffer
		if err := table(&text); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var tables export.Tables
	write("cities.csv", func(b *bytes.Buffer) error { return tables.Cities(b, "csv", want.Cities) })
	write("indicators.csv", func(b *bytes.Buffer) error { return tables.Indicators(b, "csv", want.Indicators) })
	write("cohorts.csv", func(b *bytes.Buffer) error {
		_, err := b.WriteString("cohort,starts,ends\n2025,2025-01-01,2025-12-31\n2026,2026-01-01,2026-12-31\n")
		return err
	})
	got, err := declare.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Cities, got.Programme.Cities); diff != "" {
		t.Errorf("cities (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(want.Indicators, got.Programme.Indicators); diff != "" {
		t.Errorf("indicators (-written +read):\n%s", diff)
	}
}
