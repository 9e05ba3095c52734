package collector

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/citygauge/citygauge/internal/programme"
)

// opendatasoftKind pulls a dataset of an Opendatasoft portal, by version 2.1 of
// its Explore API. The url is the portal's.
type opendatasoftKind struct{}

// Check wants the dataset's identifier.
func (opendatasoftKind) Check(s programme.Source) []Lack { return need(s, "dataset") }

// opendatasoftPage is the most that the portal gives as a page; pages end at
// 10,000 records, beyond which there is only the export.
const opendatasoftPage = 100

// Pull asks how many records there are, and takes them as one page or, beyond
// that, as an export, which is of one state of the dataset.
func (k opendatasoftKind) Pull(ctx context.Context, p *Pull) error {
	base := strings.TrimSuffix(p.Source.URL, "/") + "/api/explore/v2.1/catalog/datasets/" + url.PathEscape(p.Source.Dataset)
	header := p.authorization("Apikey ")
	about, err := p.page(ctx, Request{URL: base, Header: header})
	if err != nil {
		return err
	}
	var names []string
	for _, name := range gjson.GetBytes(about, "fields.#.name").Array() {
		names = append(names, name.String())
	}
	if err := p.Has(names); err != nil {
		return err
	}
	modified := gjson.GetBytes(about, "metas.default.data_processed").String()
	if modified != "" && p.remembers() && p.Memory.Watermark == modified {
		return errUnchanged
	}
	p.Learnt.Watermark = modified
	chosen := url.Values{"select": {odsNames(p.Columns)}}
	first := url.Values{"limit": {"100"}, "select": chosen["select"]}
	page, err := p.page(ctx, Request{URL: base + "/records?" + first.Encode(), Header: header})
	if err != nil {
		return err
	}
	total := gjson.GetBytes(page, "total_count")
	if !total.Exists() {
		return fail(NotData, "the portal does not say how many records there are: %.200s", page)
	}
	if err := p.Announce(total.Int()); err != nil {
		return err
	}
	reader := newJSONReader(p.Columns, true)
	record := func(record []byte) error { return p.Record(reader.read(record)) }
	if total.Int() <= opendatasoftPage {
		return eachItem(page, "results", record)
	}
	a, err := p.Client.Open(ctx, Request{URL: base + "/exports/json?" + chosen.Encode(), Header: header})
	if err != nil {
		return err
	}
	defer a.Content.Close()
	// An export that fails in the middle ends in words, with status 200.
	_, err = eachRecord(a.Content, "", record)
	return err
}

// odsNames lists fields; backticks keep one from being read as something else.
func odsNames(columns []string) string {
	var list bytes.Buffer
	for n, c := range columns {
		if n > 0 {
			list.WriteString(",")
		}
		list.WriteString("`" + strings.ReplaceAll(c, "`", "") + "`")
	}
	return list.String()
}
