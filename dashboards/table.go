package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
)

// column is how a table shows one column of its query.
type column struct {
	field, title string
	style        []dashboard.DynamicConfigValue
}

// nothing stands in a cell without a value.
const nothing = "–"

// list is a table of the rows of sql/QUERY.sql, in their order. What it says
// where it is empty is for the table as a whole.
func list(w words, query string, s size, columns ...column) *table.PanelBuilder {
	p := answering(table.NewPanelBuilder(), w, query, Table, s).
		ShowHeader(true)
	for _, c := range columns {
		p.OverrideByName(c.field, append([]dashboard.DynamicConfigValue{
			{Id: "displayName", Value: c.title},
			{Id: "noValue", Value: nothing},
		}, c.style...))
	}
	return p
}

// plain is a column as it is.
func plain(field, title string) column { return column{field: field, title: title} }

// wide is a column that needs room.
func wide(field, title string, pixels int) column { return plain(field, title).atLeast(pixels) }

// atLeast is how wide a column is where there is no room for more.
func (c column) atLeast(pixels int) column {
	return c.with(dashboard.DynamicConfigValue{Id: "custom.minWidth", Value: pixels})
}

// always is how wide a column is, however much room there is.
func (c column) always(pixels int) column {
	return c.with(dashboard.DynamicConfigValue{Id: "custom.width", Value: pixels})
}

// right sets texts where numbers stand.
func (c column) right() column {
	return c.with(dashboard.DynamicConfigValue{Id: "custom.align", Value: "right"})
}

func (c column) with(style dashboard.DynamicConfigValue) column {
	c.style = append(c.style, style)
	return c
}

// percent is a column of ratios, in whole per cent.
func percent(field, title string) column {
	return number(field, title, "percentunit").with(dashboard.DynamicConfigValue{Id: "decimals", Value: 0})
}

// number is a column of numbers in a unit of Grafana's.
func number(field, title, unit string) column {
	return column{field, title, []dashboard.DynamicConfigValue{{Id: "unit", Value: unit}}}
}

// day is a column of dates.
func day(field, title string) column { return number(field, title, "time:D MMM YYYY") }

// verdict is a column of statuses, in words and colours.
func verdict(field, title string) column {
	return column{field, title, []dashboard.DynamicConfigValue{
		{Id: "custom.displayMode", Value: "color-background-solid"},
		{Id: "mappings", Value: []dashboard.ValueMapping{statusMapping()}},
		{Id: "custom.minWidth", Value: 150},
	}}
}

// hiddenColumn is there for links alone.
func hiddenColumn(field string) column {
	return column{field, field, []dashboard.DynamicConfigValue{{Id: "custom.hidden", Value: true}}}
}

// linked leads from a column to an address.
func (c column) linked(title, address string) column {
	return c.with(dashboard.DynamicConfigValue{Id: "links", Value: []dashboard.DashboardLink{{Title: title, Url: new(address)}}})
}
