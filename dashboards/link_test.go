package dashboards

import (
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestCityPath(t *testing.T) {
	cohort := programme.Cohort{ID: "2025-26", Starts: programme.NewDate(2025, time.July, 1), Ends: programme.NewDate(2026, time.June, 30)}
	const want = "/d/citygauge-city/city?var-city=boston-ma&var-cohort=2025-26&from=1751328000000&to=1782864000000"
	if got := CityPath("boston-ma", cohort); got != want {
		t.Errorf("the path is %s, want %s", got, want)
	}
}
