package collector_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// fakeArcGIS is a layer that behaves as Esri's documentation of the query
// operation and issue threads about it say.
type fakeArcGIS struct {
	ids     []int
	most    int // maxRecordCount
	fields  []string
	short   bool // pages are shorter than they may be, and not the last
	hollow  bool // nothing comes, and more is promised
	refuse  string
	queries int
}

func (f *fakeArcGIS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	say := func(v any) { json.NewEncoder(w).Encode(v) }
	if q.Get("f") != "json" {
		fmt.Fprint(w, "<html><title>Layer: Thefts</title></html>")
		return
	}
	if f.refuse != "" {
		fmt.Fprint(w, f.refuse) // with status 200
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/query") {
		fields := []map[string]string{{"name": "OBJECTID", "type": "esriFieldTypeOID"}}
		for _, name := range f.fields {
			kind := "esriFieldTypeString"
			if strings.HasSuffix(name, "Date") {
				kind = "esriFieldTypeDate"
			}
			fields = append(fields, map[string]string{"name": name, "type": kind})
		}
		say(map[string]any{"name": "Thefts", "maxRecordCount": f.most, "fields": fields, "editingInfo": map[string]any{"dataLastEditDate": 1773400000000}})
		return
	}
	if q.Get("returnCountOnly") == "true" {
		say(map[string]int{"count": len(f.ids)})
		return
	}
	f.queries++
	after, err := strconv.Atoi(strings.TrimPrefix(q.Get("where"), "OBJECTID > "))
	if err != nil || q.Get("orderByFields") != "OBJECTID" || q.Get("returnGeometry") != "false" {
		say(map[string]any{"error": map[string]any{"code": 400, "message": "Invalid or missing input parameters.", "details": []string{}}})
		return
	}
	asked, _ := strconv.Atoi(q.Get("resultRecordCount"))
	limit := min(asked, f.most)
	if f.short {
		limit /= 3
	}
	if f.hollow {
		limit = 0
	}
	features, more := []map[string]any{}, false
	for _, id := range f.ids {
		if id <= after {
			continue
		}
		if len(features) == limit {
			more = true
			break
		}
		// 31 January in Springfield, and 1 February in UTC.
		at := time.Date(2026, time.February, 1, 3, 0, 0, 0, time.UTC).UnixMilli()
		features = append(features, map[string]any{"attributes": map[string]any{"OBJECTID": id, "ReportDate": at, "Offense": "THEFT"}})
	}
	page := map[string]any{"objectIdFieldName": "OBJECTID", "features": features}
	if more {
		page["exceededTransferLimit"] = true
	}
	say(page)
}

func newArcGIS(records int) *fakeArcGIS {
	f := &fakeArcGIS{most: 1000, fields: []string{"ReportDate", "Offense"}}
	for n := range records {
		f.ids = append(f.ids, 3+2*n) // some were deleted
	}
	return f
}

func arcgis(url string) programme.Source {
	return programme.Source{
		Kind: "arcgis", URL: url + "/arcgis/rest/services/Thefts/FeatureServer/0", Indicator: "thefts", Fields: programme.SourceFields{Date: "ReportDate"},
		Where: "Offense = 'THEFT'", Aggregate: "count",
	}
}

func TestArcGIS(t *testing.T) {
	f := newArcGIS(4500)
	want(t, rows(t, quick(t), arcgis(serve(t, f.ServeHTTP))), "thefts 2026-01 4500 final")
	if f.queries != 5 {
		t.Errorf("the layer was asked for %d pages", f.queries)
	}
}

func TestTrapsOfArcGIS(t *testing.T) {
	t.Run("pages that are short and not the last", func(t *testing.T) {
		f := newArcGIS(4500)
		f.short = true
		want(t, rows(t, quick(t), arcgis(serve(t, f.ServeHTTP))), "thefts 2026-01 4500 final")
	})
	t.Run("a page of nothing that promises more", func(t *testing.T) {
		f := newArcGIS(10)
		f.hollow = true
		_, err := try(t, quick(t), arcgis(serve(t, f.ServeHTTP)))
		wantFailure(t, err, collector.Incomplete, "gives nothing, and says that there is more")
	})
	t.Run("a column that is gone", func(t *testing.T) {
		f := newArcGIS(10)
		f.fields = []string{"ReportDate"}
		_, err := try(t, quick(t), arcgis(serve(t, f.ServeHTTP)))
		wantFailure(t, err, collector.MissingColumn, "no column Offense")
	})
	for _, c := range []struct {
		name, refuse string
		reason       collector.Reason
		words        string
	}{
		{"a token that is wanted, with status 200", `{"error":{"code":499,"message":"Token Required","details":[]}}`, collector.Refused, "Token Required"},
		{"an error inside, with status 200", `{"error":{"code":500,"message":"Error performing query operation","details":[]}}`, collector.Unreachable, "Error performing query"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newArcGIS(10)
			f.refuse = c.refuse
			_, err := try(t, quick(t), arcgis(serve(t, f.ServeHTTP)))
			wantFailure(t, err, c.reason, c.words)
		})
	}
}
