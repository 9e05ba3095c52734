package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

// timeline shows how statuses followed each other: the series of sql/QUERY.sql,
// whose values are places in report.status; where one is null it ends. What the colours mean stands in the
// legend, for a short time has no room for words.
func timeline(w words, query string, s size) *statetimeline.PanelBuilder {
	return answering(statetimeline.NewPanelBuilder(), w, query, TimeSeries, s).
		MergeValues(true).
		ShowValue(common.VisibilityModeNever).
		AlignValue(common.TimelineValueAlignmentLeft).
		RowHeight(0.85).
		LineWidth(0).
		FillOpacity(100).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdFixed)). // another mode has no legend
		Legend(legend()).
		Tooltip(oneTooltip()).
		Mappings([]dashboard.ValueMapping{placeMapping(), unseen()})
}

// unseen keeps what has no value out of the legend.
func unseen() dashboard.ValueMapping {
	m := dashboard.NewSpecialValueMap()
	m.Options.Match, m.Options.Result.Text = dashboard.SpecialValueMatchNull, new("")
	return dashboard.ValueMapping{SpecialValueMap: m}
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
