package collector

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/citygauge/citygauge/internal/programme"
)

// arcgisKind pulls a layer or table of an ArcGIS Feature Service. The url is the
// layer's, such as https://…/FeatureServer/0.
type arcgisKind struct{}

// Check needs nothing more than a url.
func (arcgisKind) Check(programme.Source) []Lack { return nil }

// layer is a layer being asked.
type layer struct {
	*Pull
	id    string          // the field of object ids
	dates map[string]bool // fields that are milliseconds since 1970
}

// arcgisPage is how many records are asked for at a time; most layers give 1000
// or 2000.
const arcgisPage = 2000

// Pull pages through the records by their object ids: offsets need a capability
// that not every layer has, and shift when records go.
func (arcgisKind) Pull(ctx context.Context, p *Pull) error {
	l := layer{Pull: p, dates: map[string]bool{}}
	if err := l.describe(ctx); err != nil {
		return err
	}
	total, err := l.ask(ctx, "/query", url.Values{"where": {"1=1"}, "returnCountOnly": {"true"}})
	if err != nil {
		return err
	}
	if !total.Get("count").Exists() {
		return fail(NotData, "the layer does not say how many records there are: %.200s", total.Raw)
	}
	if err := p.Announce(total.Get("count").Int()); err != nil {
		return err
	}
	columns := append([]string{l.id}, p.Columns...)
	reader := newJSONReader(columns, true)
	for newest, more := int64(-1), true; more; {
		page, err := l.ask(ctx, "/query", url.Values{
			"where": {fmt.Sprintf("%s > %d", l.id, newest)}, "orderByFields": {l.id}, "outFields": {strings.Join(columns, ",")},
			"returnGeometry": {"false"}, "resultRecordCount": {strconv.Itoa(arcgisPage)},
		})
		if err != nil {
			return err
		}
		before := p.read
		err = eachItem([]byte(page.Raw), "features", func(feature []byte) error {
			id := gjson.GetBytes(feature, "attributes."+gjson.Escape(l.id)).Int()
			if id <= newest {
				return failSoon(Repeated, "record %d came after record %d: the layer does not turn its pages", id, newest)
			}
			newest = id
			return l.record(reader.read([]byte(gjson.GetBytes(feature, "attributes").Raw)))
		})
		if err != nil {
			return err
		}
		// A page may be short and yet not the last: only the layer knows.
		more = page.Get("exceededTransferLimit").Bool()
		if more && p.read == before {
			return failSoon(Incomplete, "the layer gives nothing, and says that there is more")
		}
	}
	return nil
}

// describe learns the layer's fields.
func (l *layer) describe(ctx context.Context) error {
	about, err := l.ask(ctx, "", url.Values{})
	if err != nil {
		return err
	}
	var names []string
	l.id = about.Get("objectIdField").String()
	for _, f := range about.Get("fields").Array() {
		name := f.Get("name").String()
		names = append(names, name)
		switch f.Get("type").String() {
		case "esriFieldTypeOID":
			if l.id == "" {
				l.id = name
			}
		case "esriFieldTypeDate":
			l.dates[name] = true
		}
	}
	if err := l.Has(names); err != nil {
		return err
	}
	if l.id == "" {
		return fail(NotData, "the layer has no object ids: %.200s", about.Raw)
	}
	edited := about.Get("editingInfo.dataLastEditDate").String()
	if edited != "" && l.remembers() && l.Memory.Watermark == edited {
		return errUnchanged
	}
	l.Learnt.Watermark = edited
	return nil
}

// record hands on a record, its dates as ISO 8601 writes them.
func (l *layer) record(values []string) error {
	values = values[1:]
	for n, c := range l.Columns {
		if !l.dates[c] || values[n] == "" {
			continue
		}
		ms, err := strconv.ParseInt(values[n], 10, 64)
		if err != nil {
			return fail(BadRecord, "in %s: %q is not a date in milliseconds", c, values[n])
		}
		values[n] = time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
	}
	return l.Record(values)
}

// ask calls the layer, whose errors come with status 200.
func (l *layer) ask(ctx context.Context, path string, query url.Values) (gjson.Result, error) {
	query.Set("f", "json")
	r := Request{URL: strings.TrimSuffix(l.Source.URL, "/") + path + "?" + query.Encode(), Header: http.Header{}}
	if l.Token() != "" {
		r.Header.Set("X-Esri-Authorization", "Bearer "+l.Token())
	}
	content, err := l.page(ctx, r)
	if err != nil {
		return gjson.Result{}, err
	}
	if !gjson.ValidBytes(content) {
		return gjson.Result{}, failSoon(NotData, "the answer is not the JSON that it should be: %.100q", content)
	}
	answer := gjson.ParseBytes(content)
	e := answer.Get("error")
	if !e.Exists() {
		return answer, nil
	}
	const internalError, tooBusy = 500, 503
	if code := e.Get("code").Int(); code == internalError || code == tooBusy || code == http.StatusGatewayTimeout {
		return answer, failSoon(Unreachable, "the layer answers with an error: %.300s", e.Raw)
	}
	return answer, fail(Refused, "the layer refuses: %.300s", e.Raw)
}
