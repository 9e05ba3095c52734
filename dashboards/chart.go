package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// Colours of what is drawn in charts; none is that of a status.
const (
	actualColour   = "text" // black on light, white on dark
	expectedColour = "#8E8E8E"
	targetColour   = "#CC79A7"
	baselineColour = "#009E73"
	eventColour    = "#8E8E8E" // neither tints a status nor is taken for the forecast

	forecastColour  = "#56B4E9"
	milestoneColour = "#CC79A7"
	limitColour     = "#8E8E8E"
	outsideColour   = "#D55E00"
	lowerColour     = "#9AD0F0"
	upperColour     = "#3D8DC4"
	borderColour    = "#8E8E8E"
	noVerdictColour = "#8E8E8E"
)

// series is how one series of a chart is drawn.
type series struct {
	name  string
	style []dashboard.DynamicConfigValue
}

// chart draws the series of sql/QUERY.sql over time, in the unit that
// sql/QUERY_unit.sql gives in its column unit.
func chart(w words, query string, s size, all ...series) *timeseries.PanelBuilder {
	unit := queryOf(query+"_unit", Table)
	unit.RefID = "B"
	p := answering(timeseries.NewPanelBuilder(), w, query, TimeSeries, s).
		WithTarget(unit).
		WithTransformation(dashboard.DataTransformerConfig{Id: "configFromData", Options: unitFromQuery{
			ConfigRefID: unit.RefID,
			Mappings:    []fieldMapping{{FieldName: "unit", HandlerKey: "unit"}},
		}}).
		Legend(legend()).
		Tooltip(common.NewVizTooltipOptionsBuilder().
			Mode(common.TooltipDisplayModeMulti).
			Sort(common.SortOrderNone)).
		SpanNulls(common.BoolOrFloat64{Bool: new(true)})
	for _, one := range all {
		p.OverrideByName(one.name, one.style)
	}
	return p
}

// unitFromQuery are the options of Grafana's transformation "config from query
// results".
type unitFromQuery struct {
	ConfigRefID string         `json:"configRefId"`
	Mappings    []fieldMapping `json:"mappings"`
}

type fieldMapping struct {
	FieldName  string `json:"fieldName"`
	HandlerKey string `json:"handlerKey"`
}

// line is drawn through the values; pattern is that of its dashes, in pixels,
// none for a solid one.
func line(name, colour string, width int, pattern ...int) series {
	fill := "solid"
	if len(pattern) > 0 {
		fill = "dash"
	}
	return series{name, []dashboard.DynamicConfigValue{
		fixed(colour),
		{Id: "custom.lineWidth", Value: width},
		{Id: "custom.lineStyle", Value: lineStyle{fill, pattern}},
		{Id: "custom.showPoints", Value: "never"},
	}}
}

// stepped is a line that goes on until the next value.
func stepped(name, colour string, width int, pattern ...int) series {
	s := line(name, colour, width, pattern...)
	s.style = append(s.style, dashboard.DynamicConfigValue{Id: "custom.lineInterpolation", Value: "stepAfter"})
	return s
}

// dotted is a line with its points, where there is room for them.
func dotted(name, colour string, width int) series {
	s := line(name, colour, width)
	s.style[3].Value = "auto"
	s.style = append(s.style, dashboard.DynamicConfigValue{Id: "custom.pointSize", Value: 3 * width})
	return s
}

// fan is the upper edge of an interval, filled down to the lower one, which is
// drawn by edge. The legend has the forecast between them alone.
func fan(name, below string) series {
	s := edge(name)
	s.style = append(s.style,
		dashboard.DynamicConfigValue{Id: "custom.fillOpacity", Value: 20},
		dashboard.DynamicConfigValue{Id: "custom.fillBelowTo", Value: below})
	return s
}

func edge(name string) series {
	s := line(name, forecastColour, 0)
	s.style = append(s.style, dashboard.DynamicConfigValue{Id: "custom.hideFrom", Value: common.HideSeriesConfig{Legend: true}})
	return s
}

// mark is points without a line.
func mark(name, colour string) series {
	return series{name, []dashboard.DynamicConfigValue{
		fixed(colour),
		{Id: "custom.drawStyle", Value: "points"},
		{Id: "custom.pointSize", Value: 14},
	}}
}

type lineStyle struct {
	Fill string `json:"fill"`
	Dash []int  `json:"dash,omitempty"`
}

func fixed(colour string) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": colour}}
}

// events marks what sql/QUERY.sql lists in every chart: its columns time,
// timeend and text. What did not last has both times the same: Grafana 9.4
// takes the fields of all events from the first, and would lose the end of a
// later one. They have no switch of their own.
func events(name, query, colour string) cog.Builder[dashboard.AnnotationQuery] {
	q := queryOf(query, Table)
	q.RefID = "Annotation"
	return dashboard.NewAnnotationQueryBuilder().
		Name(name).
		Datasource(postgres()).
		Enable(true).
		Hide(true).
		IconColor(colour).
		Target(q)
}

// curves draws many series of sql/QUERY.sql, which are ratios, in thin lines,
// whose names are shown where one points, and their median in a thick one.
func curves(w words, query string, s size) *timeseries.PanelBuilder {
	median := line(w.parts[0], actualColour, 4)
	return answering(timeseries.NewPanelBuilder(), w, query, TimeSeries, s).
		Unit("percentunit").
		LineWidth(1).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdFixed).FixedColor(forecastColour)).
		ShowPoints(common.VisibilityModeNever).
		SpanNulls(common.BoolOrFloat64{Bool: new(true)}).
		Min(scaleLeast).
		Max(scaleMost).
		Legend(noLegend()).
		Tooltip(oneTooltip()).
		OverrideByName(median.name, median.style)
}
