package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

// timelines shows many timelines below each other: there is no room for words
// in them, so that they have a legend.
func timelines(w words, query string, s size) *statetimeline.PanelBuilder {
	return timeline(w, query, s).
		ShowValue(common.VisibilityModeNever).
		Legend(legend())
}

// timeline shows how statuses followed each other: the series of sql/QUERY.sql,
// whose values are places in report.status.
func timeline(w words, query string, s size) *statetimeline.PanelBuilder {
	return answering(statetimeline.NewPanelBuilder(), w, query, TimeSeries, s).
		MergeValues(true).
		ShowValue(common.VisibilityModeAuto).
		AlignValue(common.TimelineValueAlignmentLeft).
		RowHeight(0.85).
		LineWidth(0).
		FillOpacity(90).
		Legend(noLegend()).
		Tooltip(oneTooltip()).
		Mappings([]dashboard.ValueMapping{placeMapping()})
}

func legend() *common.VizLegendOptionsBuilder {
	return common.NewVizLegendOptionsBuilder().
		DisplayMode(common.LegendDisplayModeList).
		Placement(common.LegendPlacementBottom).
		ShowLegend(true).
		Calcs([]string{})
}

func noLegend() *common.VizLegendOptionsBuilder { return legend().ShowLegend(false) }

func oneTooltip() *common.VizTooltipOptionsBuilder {
	return common.NewVizTooltipOptionsBuilder().
		Mode(common.TooltipDisplayModeSingle).
		Sort(common.SortOrderNone)
}
