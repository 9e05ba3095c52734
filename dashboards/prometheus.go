package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"

	"github.com/citygauge/citygauge/internal/progress"
)

const (
	prometheusType     = "prometheus"
	prometheusVariable = "prometheus"
)

// prometheusSource is the Prometheus that expressions go to: the first whose
// name begins with citygauge.
func prometheusSource() variable {
	return hidden(dashboard.NewDatasourceVariableBuilder(prometheusVariable).
		Type(prometheusType).
		Regex("/^citygauge/i"))
}

func prometheusRef() common.DataSourceRef {
	return common.DataSourceRef{Type: new(prometheusType), Uid: new("${" + prometheusVariable + "}")}
}

// expression is one PromQL expression, and what its series are called.
type expression struct {
	promql, legend string
}

func (e expression) query(refID string, instant bool) cog.Builder[variants.Dataquery] {
	q := prometheus.NewDataqueryBuilder().
		RefId(refID).
		Datasource(prometheusRef()).
		Expr(e.promql).
		LegendFormat(e.legend).
		EditorMode(prometheus.QueryEditorModeCode)
	if instant {
		return q.Instant()
	}
	return q.Range()
}

// gauge is one number, as it is now.
func gauge(w words, s size, unit string, e expression) *stat.PanelBuilder {
	return framed(stat.NewPanelBuilder(), w, s).
		Datasource(prometheusRef()).
		Orientation(common.VizOrientationAuto).
		WithTarget(e.query("A", true)).
		Unit(unit).
		GraphMode(common.BigValueGraphModeNone).
		ColorMode(common.BigValueColorModeNone).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(headlineLetters))
}

// label is what a label of an expression's first series says. As the name of a
// series it could not say that there is none.
func label(w words, s size, name, promql string) *stat.PanelBuilder {
	return framed(stat.NewPanelBuilder(), w, s).
		Datasource(prometheusRef()).
		Orientation(common.VizOrientationAuto).
		WithTarget(prometheus.NewDataqueryBuilder().
			RefId("A").
			Datasource(prometheusRef()).
			Expr(promql).
			Format(prometheus.PromQueryFormatTable).
			EditorMode(prometheus.QueryEditorModeCode).
			Instant()).
		GraphMode(common.BigValueGraphModeNone).
		ColorMode(common.BigValueColorModeNone).
		TextMode(common.BigValueTextModeValue).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}).Fields("/^" + name + "$/")).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(headlineLetters))
}

// trend draws expressions over time.
func trend(w words, s size, unit string, all ...expression) *timeseries.PanelBuilder {
	p := framed(timeseries.NewPanelBuilder(), w, s).
		Datasource(prometheusRef()).
		Unit(unit).
		Min(0).
		AxisSoftMax(least(unit)).
		LineWidth(2).
		FillOpacity(10).
		ShowPoints(common.VisibilityModeNever).
		Legend(legend()).
		Tooltip(common.NewVizTooltipOptionsBuilder().
			Mode(common.TooltipDisplayModeMulti).
			Sort(common.SortOrderDescending))
	for n, e := range all {
		p.WithTarget(e.query(string(rune('A'+n)), false))
	}
	return p
}

// least is where the axis ends at least, for a value that is always 0: Grafana
// would go to 100.
func least(unit string) float64 {
	switch unit {
	case "bytes":
		return 1 << 20
	case "s", "percentunit":
		return 0.01
	}
	return 1
}

// history shows how many had which status when: an expression whose series are
// called as statuses are, in their words and colours.
func history(w words, s size, e expression) *timeseries.PanelBuilder {
	p := trend(w, s, "short", e).
		FillOpacity(90).
		LineWidth(1).
		ShowPoints(common.VisibilityModeAuto).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A"))
	for _, status := range progress.Statuses() {
		p.OverrideByName(string(status), []dashboard.DynamicConfigValue{fixed(status.Colour()), {Id: "displayName", Value: status.Words()}})
	}
	return p
}
