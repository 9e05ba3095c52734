package collector

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"github.com/tidwall/gjson"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// geojsonKind is the kind that CONTRIBUTING.md adds: all that it takes.
type geojsonKind struct{}

// Check needs nothing more than a url.
func (geojsonKind) Check(programme.Source) []Lack { return nil }

// Pull pages through the features.
func (geojsonKind) Pull(ctx context.Context, p *Pull) error {
	reader := newJSONReader(p.Columns, false)
	for next := p.Source.URL; next != ""; {
		page, err := p.page(ctx, Request{URL: next, Header: p.authorization("Bearer ")})
		if err != nil {
			return err
		}
		if err := p.Page(page); err != nil {
			return err
		}
		if total := gjson.GetBytes(page, "numberMatched"); total.Exists() {
			if err := p.Announce(total.Int()); err != nil {
				return err
			}
		}
		if err := eachItem(page, "features", func(f []byte) error { return p.Record(reader.read(f)) }); err != nil {
			return err
		}
		next = gjson.GetBytes(page, `links.#(rel=="next").href`).String()
	}
	return reader.missing(p)
}

// A new kind is a file like this and a line in the table.
func Example_newKind() {
	kinds["geojson"] = geojsonKind{}
	defer delete(kinds, "geojson")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		feature := `{"properties":{"reported":"2026-01-05"}}`
		if r.URL.RawQuery == "" {
			fmt.Fprintf(w, `{"numberMatched":3,"features":[%s,%s],"links":[{"rel":"next","href":"http://%s/?page=2"}]}`, feature, feature, r.Host)
			return
		}
		fmt.Fprintf(w, `{"numberMatched":3,"features":[%s],"links":[]}`, feature)
	}))
	defer server.Close()
	client := NewClient(ClientOptions{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer client.Close()
	d, err := pulling{client: client, today: programme.NewDate(2026, 3, 15)}.pull(context.Background(), source.Job{
		City:       programme.City{ID: "springfield", Name: "Springfield"},
		Indicators: []programme.Indicator{{City: "springfield", ID: "thefts", Title: "Thefts", Frequency: programme.Monthly}},
		Source: programme.Source{
			City: "springfield", ID: "police", Kind: "geojson", URL: server.URL, Indicator: "thefts",
			Fields: programme.SourceFields{Date: "properties.reported"}, Aggregate: "count",
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range d.rows {
		fmt.Println(row.Indicator, row.Period, row.Value, row.Status)
	}
	// Output: thefts 2026-01 3 final
}
