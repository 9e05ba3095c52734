package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/bargauge"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/progress"
)

// Where a pace's scale ends; what is beyond is drawn at its end.
const (
	paceLeast = -1
	paceMost  = 2
)

// intervals draws the interval of each row of sql/QUERY.sql as a bar along one
// scale, in two shades that meet at the estimate. The columns are those of
// report.pace_bar behind a label; gaps are bars that are not seen.
func intervals(w words, query string, s size) *barchart.PanelBuilder {
	p := barchart.NewPanelBuilder().
		Title(w.title).
		Description(w.description).
		NoValue(w.empty).
		Datasource(postgres()).
		WithTarget(queryOf(query, Table)).
		Span(s.w).
		Height(s.h).
		Orientation(common.VizOrientationHorizontal).
		XField("label").
		Stacking(common.StackingModeNormal).
		ShowValue(common.VisibilityModeNever).
		BarWidth(0.8).
		GroupWidth(0.9).
		LineWidth(0).
		FillOpacity(100).
		Unit("percentunit").
		Min(paceLeast).
		Max(paceMost).
		Legend(noLegend()).
		Tooltip(oneTooltip()).
		XTickLabelMaxLength(labelLetters)
	for _, gap := range []string{"gap", "negative_gap"} {
		p.OverrideByName(gap, []dashboard.DynamicConfigValue{
			{Id: "custom.fillOpacity", Value: 0},
			{Id: "custom.hideFrom", Value: common.HideSeriesConfig{Tooltip: true, Legend: true}},
		})
	}
	for _, part := range []struct{ name, title, colour string }{
		{"lower_part", w.parts[0], lowerColour},
		{"upper_part", w.parts[1], upperColour},
		{"negative_upper_part", w.parts[1], upperColour},
		{"negative_lower_part", w.parts[0], lowerColour},
	} {
		p.OverrideByName(part.name, []dashboard.DynamicConfigValue{fixed(part.colour), {Id: "displayName", Value: part.title}})
	}
	return p
}

// labelLetters is how long the label of a bar may be.
const labelLetters = 32

// counts shows how many there are of each status: the columns of the one row of
// sql/QUERY.sql, which are named by the statuses.
func counts(w words, query string, s size) *bargauge.PanelBuilder {
	p := bargauge.NewPanelBuilder().
		Title(w.title).
		Description(w.description).
		NoValue(w.empty).
		Datasource(postgres()).
		WithTarget(queryOf(query, Table)).
		Span(s.w).
		Height(s.h).
		Orientation(common.VizOrientationHorizontal).
		DisplayMode(common.BarGaugeDisplayModeBasic).
		ValueMode(common.BarGaugeValueModeText).
		ShowUnfilled(false).
		Min(0).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}).Fields("/.*/")).
		Text(common.NewVizTextDisplayOptionsBuilder().TitleSize(factLetters).ValueSize(factLetters))
	for _, status := range progress.Statuses() {
		p.OverrideByName(string(status), []dashboard.DynamicConfigValue{
			fixed(status.Colour()), {Id: "displayName", Value: status.Words()},
		})
	}
	return p
}
