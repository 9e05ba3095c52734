package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/geomap"

	"github.com/citygauge/citygauge/internal/progress"
)

// world is a map that needs no tile server: the borders of countries, which
// Grafana ships, and a point for each row of sql/QUERY.sql at its columns
// latitude and longitude, of its column size, in the shade of its column share. A
// map cannot say why it is empty: what sql/QUERY_empty.sql says is written on it.
func world(w words, query string, s size) *geomap.PanelBuilder {
	empty := queryOf(query+"_empty", Table)
	empty.RefID = "B"
	return answering(geomap.NewPanelBuilder(), w, query, Table, s).
		WithTarget(empty).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds)).
		Thresholds(shades()).
		OverrideByName("share", []dashboard.DynamicConfigValue{
			{Id: "unit", Value: "percentunit"},
			{Id: "decimals", Value: 0},
			{Id: "displayName", Value: w.parts[0]},
			{Id: "noValue", Value: w.parts[1]},
		}).
		OverrideByName("size", append([]dashboard.DynamicConfigValue{{Id: "min", Value: 0}, {Id: "max", Value: pointSize}}, hideInTooltip...)).
		OverrideByName("latitude", hideInTooltip).
		OverrideByName("longitude", hideInTooltip).
		View(geomap.NewMapViewConfigBuilder().Id("fit").AllLayers(false).Layer(w.parts[0]).Padding(20).Zoom(nearest)).
		Tooltip(geomap.NewTooltipOptionsBuilder().Mode(geomap.TooltipModeDetails)).
		Controls(geomap.NewControlsOptionsBuilder().ShowZoom(true).MouseWheelZoom(false).ShowAttribution(false)).
		Basemap(common.NewMapLayerOptionsBuilder().Type("geojson").Name("countries").Config(bordersConfig)).
		Layers([]cog.Builder[common.MapLayerOptions]{
			layer(w.parts[0], "A", markersConfig).Tooltip(true),
			layer(w.title, empty.RefID, writingConfig).Tooltip(false),
		})
}

// shades are those of the colour of what is on track, so that none is taken for
// that of another status: the more of a city's targets are, the darker. Grey is a
// city without any verdict.
func shades() cog.Builder[dashboard.ThresholdsConfig] {
	return dashboard.NewThresholdsConfigBuilder().
		Mode(dashboard.ThresholdsModeAbsolute).
		Steps([]dashboard.Threshold{
			{Color: noVerdictColour, Value: new(-1.0)}, // of what has no value, too
			{Color: "#B5D3E9", Value: new(0.0)},
			{Color: "#85BADF", Value: new(0.25)},
			{Color: "#4B9CD0", Value: new(0.5)},
			{Color: progress.OnTrack.Colour(), Value: new(0.75)},
		})
}

// layer draws the rows of one query of a map.
func layer(name, refID string, config markerConfig) *common.MapLayerOptionsBuilder {
	return common.NewMapLayerOptionsBuilder().
		Type("markers").Name(name).Config(config).
		FilterData(dashboard.MatcherConfig{Id: "byRefId", Options: refID}).
		Location(common.NewFrameGeometrySourceBuilder().
			Mode(common.FrameGeometrySourceModeCoords).Latitude("latitude").Longitude("longitude"))
}

const (
	nearest   = 5 // how near the map goes where there is one city: to a country
	pointSize = 8
)

var hideInTooltip = []dashboard.DynamicConfigValue{{Id: "custom.hideFrom", Value: common.HideSeriesConfig{Tooltip: true}}}

// What Grafana's map layers are told, in words of its own.
var (
	bordersConfig = geoJSONConfig{
		Src:   "public/maps/countries.geojson",
		Style: mapStyle{Color: fixedOption{Fixed: borderColour}, Opacity: 0.25, LineWidth: 1},
		Rules: []any{},
	}
	markersConfig = markerConfig{
		Style: mapStyle{
			Color: fixedOption{Field: "share"}, Opacity: 0.9,
			Size:   &sizeOption{Fixed: pointSize, Field: "size", Min: 0, Max: pointSize},
			Symbol: &symbolOption{Mode: "fixed", Fixed: "img/icons/marker/circle.svg"},
		},
	}
	writingConfig = markerConfig{
		Style: mapStyle{
			Color: fixedOption{Fixed: "text"}, Opacity: 1,
			Size:       &sizeOption{Fixed: 1, Min: 1, Max: 1},
			Symbol:     &symbolOption{Mode: "fixed", Fixed: "img/icons/marker/circle.svg"},
			Text:       &textOption{Mode: "field", Field: "says"},
			TextConfig: &textStyle{FontSize: 14, TextAlign: "center", TextBaseline: "middle"},
		},
	}
)

type geoJSONConfig struct {
	Src   string   `json:"src"`
	Style mapStyle `json:"style"`
	Rules []any    `json:"rules"`
}

type markerConfig struct {
	ShowLegend bool     `json:"showLegend"`
	Style      mapStyle `json:"style"`
}

type mapStyle struct {
	Color     fixedOption   `json:"color"`
	Opacity   float64       `json:"opacity"`
	LineWidth int           `json:"lineWidth,omitempty"`
	Size      *sizeOption   `json:"size,omitempty"`
	Symbol    *symbolOption `json:"symbol,omitempty"`

	Text       *textOption `json:"text,omitempty"`
	TextConfig *textStyle  `json:"textConfig,omitempty"`
}

type fixedOption struct {
	Fixed string `json:"fixed,omitempty"`
	Field string `json:"field,omitempty"`
}

type sizeOption struct {
	Fixed int    `json:"fixed"`
	Field string `json:"field,omitempty"`
	Min   int    `json:"min"`
	Max   int    `json:"max"`
}

type symbolOption struct {
	Mode  string `json:"mode"`
	Fixed string `json:"fixed"`
}

type textOption struct {
	Mode  string `json:"mode"`
	Field string `json:"field"`
}

type textStyle struct {
	FontSize     int    `json:"fontSize"`
	OffsetX      int    `json:"offsetX"`
	OffsetY      int    `json:"offsetY"`
	TextAlign    string `json:"textAlign"`
	TextBaseline string `json:"textBaseline"`
}
