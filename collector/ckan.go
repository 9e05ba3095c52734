package collector

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/citygauge/citygauge/internal/programme"
)

// ckanKind pulls a resource in the DataStore of a CKAN portal. The url is the
// portal's, and the dataset the resource's identifier.
type ckanKind struct{}

// ckanPage is how many records are asked for at a time. Portals give fewer
// without a word, by default 32,000.
const ckanPage = 32_000

// Check wants the resource's identifier.
func (ckanKind) Check(s programme.Source) []Lack { return need(s, "dataset") }

// Pull pages through the records in the order of their ids.
func (k ckanKind) Pull(ctx context.Context, p *Pull) error {
	ask := map[string]any{"resource_id": p.Source.Dataset, "limit": 0}
	first, err := k.search(ctx, p, ask)
	if err != nil {
		return err
	}
	var names []string
	for _, name := range first.Get("fields.#.id").Array() {
		names = append(names, name.String())
	}
	if err := p.Has(names); err != nil {
		return err
	}
	columns := append([]string{"_id"}, p.Columns...)
	reader := newJSONReader(columns, true)
	ask["limit"], ask["sort"], ask["fields"] = ckanPage, "_id", columns
	var newest int64
	again := false // the page begins with the last record of the one before
	for read := int64(0); ; {
		page, err := k.search(ctx, p, ask)
		if err != nil {
			return err
		}
		if page.Get("total_was_estimated").Bool() {
			return fail(Incomplete, "the portal only estimates how many records there are")
		}
		if total := page.Get("total"); total.Exists() {
			if err := p.Announce(total.Int()); err != nil {
				return err
			}
		}
		records := int64(0)
		err = eachItem([]byte(page.Raw), "records", func(record []byte) error {
			values := reader.read(record)
			id := gjson.GetBytes(record, "_id").Int()
			switch {
			case again && id == newest:
				again = false
				return nil
			case again && id > newest:
				return failSoon(Incomplete, "record %d is not where it was: records were deleted meanwhile, and others moved up", newest)
			case id <= newest:
				return failSoon(Repeated, "record %d came after record %d: the portal does not turn its pages, or the resource was replaced meanwhile", id, newest)
			}
			newest, records = id, records+1
			return p.Record(values[1:])
		})
		if err != nil {
			return err
		}
		// What was asked for is not what was given: the limit is the portal's. And
		// the total is of what follows, where it is asked for by keys.
		if read += records; records == 0 || read >= p.announced {
			return nil
		}
		if next := page.Get("next_page.filters"); next.IsObject() {
			// From version 2.12 on: after the last id, which is as quick for the
			// last page as for the first.
			ask["filters"], ask["offset"], ask["include_total"] = json.RawMessage(next.Raw), 0, false
		} else {
			// Where records before it went, the last one is no longer there, and
			// one would be passed over, however many were added at the end.
			ask["offset"], again = read-1, true
		}
	}
}

// search calls the API, whose answers say beside the status whether they went
// well.
func (ckanKind) search(ctx context.Context, p *Pull, ask map[string]any) (gjson.Result, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return gjson.Result{}, err
	}
	content, err := p.page(ctx, Request{
		URL: strings.TrimSuffix(p.Source.URL, "/") + "/api/3/action/datastore_search", Header: p.authorization(""), Body: body,
	})
	if err != nil {
		return gjson.Result{}, err
	}
	if !gjson.ValidBytes(content) {
		return gjson.Result{}, failSoon(NotData, "the answer is not the JSON that it should be: %.100q", content)
	}
	answer := gjson.ParseBytes(content)
	if !answer.Get("success").Bool() {
		return gjson.Result{}, fail(Refused, "the portal refuses: %.300s", answer.Get("error").Raw)
	}
	return answer.Get("result"), nil
}
