package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// Where the scale of paces and of progress ends, the same for all that are
// compared.
const (
	scaleLeast = -1
	scaleMost  = 2
)

// intervals draws the interval of each row of sql/QUERY.sql as a bar along one
// scale, in two shades that meet at the estimate. The columns are those of
// report.pace_bar behind a label; gaps are bars that are not seen.
func intervals(w words, query string, s size) *barchart.PanelBuilder {
	p := answering(barchart.NewPanelBuilder(), w, query, Table, s).
		Orientation(common.VizOrientationHorizontal).
		XField("label").
		Stacking(common.StackingModeNormal).
		ShowValue(common.VisibilityModeNever).
		BarWidth(0.8).
		GroupWidth(0.9).
		LineWidth(0).
		FillOpacity(100).
		Unit("percentunit").
		Min(scaleLeast).
		Max(scaleMost + roomForLabel).
		Legend(noLegend()).
		Tooltip(oneTooltip())
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

// roomForLabel keeps the last number of the scale from being cut.
const roomForLabel = 0.4

// counts shows how many there are of each status, as a bar in its colour: the
// rows of sql/QUERY.sql with the columns words, targets and place.
func counts(w words, query string, s size) *barchart.PanelBuilder {
	return answering(barchart.NewPanelBuilder(), w, query, Table, s).
		Orientation(common.VizOrientationHorizontal).
		XField("words").
		ColorByField("place").
		ShowValue(common.VisibilityModeAlways).
		Stacking(common.StackingModeNone).
		BarWidth(0.8).
		GroupWidth(0.9).
		LineWidth(0).
		FillOpacity(100).
		Unit("short").
		Min(0).
		AxisSoftMax(1).
		Legend(noLegend()).
		Tooltip(oneTooltip()).
		OverrideByName("targets", []dashboard.DynamicConfigValue{
			{Id: "displayName", Value: w.parts[0]},
			{Id: "custom.axisPlacement", Value: common.AxisPlacementHidden}, // each bar says its number
		}).
		OverrideByName("place", []dashboard.DynamicConfigValue{
			{Id: "mappings", Value: []dashboard.ValueMapping{placeMapping()}},
			{Id: "custom.hideFrom", Value: common.HideSeriesConfig{Tooltip: true, Legend: true, Viz: true}},
		})
}
