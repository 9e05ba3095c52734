package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/progress"
)

// statusColours gives every status one colour, on every dashboard. Good is
// blue and bad is orange to dark red, which people who cannot tell red from
// green can tell apart (after Okabe and Ito); the better and the worse end are
// darker than the middle, so that a print in grey keeps them apart; no verdict
// is grey. White or black letters, whichever Grafana chooses, can be read on
// each. A colour never stands without its words.
var statusColours = map[progress.Status]string{
	progress.Met:        "#004C7F",
	progress.OnTrack:    "#0072B2",
	progress.TooClose:   "#F0E442",
	progress.Slipping:   "#F5B83D",
	progress.OffTrack:   "#B84F00",
	progress.MovingAway: "#A1260D",
	progress.Missed:     "#6B0F1A",
	progress.Early:      "#C8C8C8",
	progress.Awaiting:   "#6E6E6E",
	progress.NoData:     "#5C5C5C",
}

// statusMapping says a status in words and in its colour.
func statusMapping() dashboard.ValueMapping {
	m := dashboard.NewValueMap()
	for i, s := range progress.Statuses() {
		m.Options[string(s)] = dashboard.ValueMappingResult{Text: new(s.Words()), Color: new(statusColours[s]), Index: new(int32(i))}
	}
	return dashboard.ValueMapping{ValueMap: m}
}
