package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"

	"github.com/citygauge/citygauge/internal/progress"
)

// size is that of a panel: columns of the grid's 24, and rows of 38 pixels. On
// a phone every panel is as wide as the screen.
type size struct{ w, h uint32 }

// words is what a panel says beside its data: all of it in plain language.
type words struct {
	title       string
	description string
	empty       string   // said in place of data, with what to do
	parts       []string // what parts of it are called
}

// builder is what the builders of all kinds of panels have in common.
type builder[B any] interface {
	Title(string) B
	Description(string) B
	NoValue(string) B
	Datasource(common.DataSourceRef) B
	WithTarget(cog.Builder[variants.Dataquery]) B
	Span(uint32) B
	Height(uint32) B
}

// answering is a panel with its words and its size that shows what sql/QUERY.sql answers.
func answering[B builder[B]](panel B, w words, query string, format Format, s size) B {
	return framed(panel, w, s).Datasource(postgres()).WithTarget(queryOf(query, format))
}

// framed is a panel with its words and its size.
func framed[B builder[B]](panel B, w words, s size) B {
	return panel.Title(w.title).Description(w.description).NoValue(w.empty).Span(s.w).Height(s.h)
}

// sentence says one thing: the text of the first row of sql/QUERY.sql, in
// letters of a fixed size so that a long one is wrapped and never shrunk.
func sentence(w words, query string, s size, letters float64) *stat.PanelBuilder {
	return text(w, query, s).
		TextMode(common.BigValueTextModeValue).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(letters)).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}).Fields("/.*/"))
}

// status is one coloured tile: the column status of the first row of
// sql/QUERY.sql in words.
func status(w words, query string, s size) *stat.PanelBuilder {
	return text(w, query, s).
		TextMode(common.BigValueTextModeValue).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(statusLetters)).
		ColorMode(common.BigValueColorModeBackground).
		ColorScheme(dashboard.NewFieldColorBuilder().
			Mode(dashboard.FieldColorModeIdFixed).
			FixedColor(progress.NoData.Colour())).
		ReduceOptions(rows("/^status$/")).
		Mappings([]dashboard.ValueMapping{statusMapping()})
}

// facts lists names and values: the columns fact and value of sql/QUERY.sql.
func facts(w words, query string, s size) *stat.PanelBuilder {
	return text(w, query, s).
		TextMode(common.BigValueTextModeValueAndName).
		Orientation(common.VizOrientationHorizontal).
		Text(common.NewVizTextDisplayOptionsBuilder().TitleSize(factLetters).ValueSize(factLetters)).
		ReduceOptions(rows("/^value$/"))
}

func text(w words, query string, s size) *stat.PanelBuilder {
	return answering(stat.NewPanelBuilder(), w, query, Table, s).
		Orientation(common.VizOrientationAuto).
		GraphMode(common.BigValueGraphModeNone).
		ColorMode(common.BigValueColorModeNone).
		JustifyMode(common.BigValueJustifyModeAuto)
}

func rows(fields string) *common.ReduceDataOptionsBuilder {
	return common.NewReduceDataOptionsBuilder().Values(true).Limit(100).Calcs([]string{"lastNotNull"}).Fields(fields)
}

// share is one number in per cent: the first column of the row of
// sql/QUERY.sql, a ratio.
func share(w words, query string, s size) *stat.PanelBuilder {
	return text(w, query, s).
		Unit("percentunit").
		Decimals(0).
		TextMode(common.BigValueTextModeValue).
		Text(common.NewVizTextDisplayOptionsBuilder().ValueSize(headlineLetters)).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}))
}
