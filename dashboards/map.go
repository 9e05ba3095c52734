package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/geomap"
)

// world is a map that needs no tile server: the borders of countries, which
// Grafana ships, and a point for each row of sql/QUERY.sql at its columns
// latitude and longitude, in the shade of its column share.
func world(w words, query string, s size) *geomap.PanelBuilder {
	return answering(geomap.NewPanelBuilder(), w, query, Table, s).
		Min(0).
		Max(1).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode("continuous-YlBl")).
		OverrideByName("share", []dashboard.DynamicConfigValue{{Id: "unit", Value: "percentunit"}, {Id: "displayName", Value: w.parts[0]}}).
		OverrideByName("latitude", hideInTooltip).
		OverrideByName("longitude", hideInTooltip).
		View(geomap.NewMapViewConfigBuilder().Id("fit").AllLayers(true).Padding(40)).
		Controls(geomap.NewControlsOptionsBuilder().ShowZoom(true).MouseWheelZoom(false).ShowAttribution(false)).
		Basemap(common.NewMapLayerOptionsBuilder().Type("geojson").Name("countries").Config(bordersConfig)).
		Layers([]cog.Builder[common.MapLayerOptions]{common.NewMapLayerOptionsBuilder().
			Type("markers").Name(w.title).Config(markersConfig).Tooltip(true).
			Location(common.NewFrameGeometrySourceBuilder().
				Mode(common.FrameGeometrySourceModeCoords).Latitude("latitude").Longitude("longitude"))})
}

var hideInTooltip = []dashboard.DynamicConfigValue{{Id: "custom.hideFrom", Value: common.HideSeriesConfig{Tooltip: true}}}

// What Grafana's map layers are told, in words of its own.
var (
	bordersConfig = geoJSONConfig{
		Src:   "public/maps/countries.geojson",
		Style: mapStyle{Color: fixedOption{Fixed: borderColour}, Opacity: 0.25, LineWidth: 1},
		Rules: []any{},
	}
	markersConfig = markerConfig{
		ShowLegend: true,
		Style: mapStyle{
			Color: fixedOption{Field: "share"}, Opacity: 0.9,
			Size:   &sizeOption{Fixed: 8, Min: 6, Max: 12},
			Symbol: &symbolOption{Mode: "fixed", Fixed: "img/icons/marker/circle.svg"},
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
}

type fixedOption struct {
	Fixed string `json:"fixed,omitempty"`
	Field string `json:"field,omitempty"`
}

type sizeOption struct {
	Fixed int `json:"fixed"`
	Min   int `json:"min"`
	Max   int `json:"max"`
}

type symbolOption struct {
	Mode  string `json:"mode"`
	Fixed string `json:"fixed"`
}
