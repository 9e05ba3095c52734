package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/progress"
)

// statusMapping says a status in words and in its colour.
func statusMapping() dashboard.ValueMapping {
	m := dashboard.NewValueMap()
	for i, s := range progress.Statuses() {
		m.Options[string(s)] = dashboard.ValueMappingResult{Text: new(s.Words()), Color: new(s.Colour()), Index: new(int32(i))}
	}
	return dashboard.ValueMapping{ValueMap: m}
}
