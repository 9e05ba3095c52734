package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

// timeline shows how statuses followed each other: the series of sql/QUERY.sql,
// whose values are places in report.status.
func timeline(w words, query string, s size) *statetimeline.PanelBuilder {
	return statetimeline.NewPanelBuilder().
		Title(w.title).
		Description(w.description).
		NoValue(w.empty).
		Datasource(postgres()).
		WithTarget(queryOf(query, TimeSeries)).
		Span(s.w).
		Height(s.h).
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

func noLegend() *common.VizLegendOptionsBuilder {
	return common.NewVizLegendOptionsBuilder().
		DisplayMode(common.LegendDisplayModeList).
		Placement(common.LegendPlacementBottom).
		ShowLegend(false).
		Calcs([]string{})
}

func oneTooltip() *common.VizTooltipOptionsBuilder {
	return common.NewVizTooltipOptionsBuilder().
		Mode(common.TooltipDisplayModeSingle).
		Sort(common.SortOrderNone)
}
