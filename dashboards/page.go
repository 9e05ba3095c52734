package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// Sizes of letters, in pixels: such that what a panel says fits it on a phone.
const (
	headlineLetters = 28
	statusLetters   = 26
	sentenceLetters = 18
	factLetters     = 16
)

// page begins a dashboard: read-only, since the code is its source, and in
// UTC, since a date has no time zone. Its time range is the calendar year.
func page(uid string, w words, variables ...cog.Builder[dashboard.VariableModel]) *dashboard.DashboardBuilder {
	return dashboard.NewDashboardBuilder(w.title).
		Uid(uid).
		Description(w.description).
		Tags([]string{"citygauge"}).
		Readonly().
		Timezone("utc").
		Time("now/y", "now/y").
		Refresh("15m").
		Variables(variables)
}
