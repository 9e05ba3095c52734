package dashboards

import (
	"encoding/json"
	"strings"
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

// Grafana keeps the time range of a dashboard's link by a setting, and that of a
// panel's by a variable; each leaves the other's unread.
func TestLinksKeepTheTime(t *testing.T) {
	for name, text := range files(t) {
		var d struct {
			Links  []struct{ Title, URL string }
			Panels []struct{ Links []struct{ Title, URL string } }
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		for _, l := range d.Links {
			if strings.Contains(l.URL, "__") {
				t.Errorf("%s leads to %s by %s, in which a variable stays as it is", name, l.URL, l.Title)
			}
		}
		for _, p := range d.Panels {
			for _, l := range p.Links {
				if !strings.Contains(l.URL, keepTime) {
					t.Errorf("%s leads to %s by %s, in another time", name, l.URL, l.Title)
				}
			}
		}
	}
}
