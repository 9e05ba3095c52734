package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
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
		WithTarget(e.query("A", true)).
		Unit(unit).
		GraphMode(common.BigValueGraphModeNone).
		ColorMode(common.BigValueColorModeNone).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(headlineLetters))
}

// trend draws expressions over time.
func trend(w words, s size, unit string, all ...expression) *timeseries.PanelBuilder {
	p := framed(timeseries.NewPanelBuilder(), w, s).
		Datasource(prometheusRef()).
		Unit(unit).
		Min(0).
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
