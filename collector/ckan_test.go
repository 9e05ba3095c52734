package collector_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// fakeCKAN is a portal with one resource, which behaves as CKAN's documentation
// of datastore_search and its issue threads say.
type fakeCKAN struct {
	records  int
	most     int  // rows_max: what is asked for beyond it is reduced without a word
	keyset   bool // from 2.12 on: next_page
	estimate bool
	columns  []string
	deleting bool // a record goes after the first page, and the others move up
	adding   bool // and another comes at the end
	stuck    bool // always answers with the first page
	gone     int
	asked    []map[string]any
}

func (f *fakeCKAN) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ask map[string]any
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || r.URL.Path != "/api/3/action/datastore_search" {
		http.NotFound(w, r)
		return
	}
	f.asked = append(f.asked, ask)
	if ask["resource_id"] != "5c3914e6" {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"success": false, "error": {"__type": "Not Found Error", "message": "Resource \"nope\" was not found."}}`)
		return
	}
	for _, field := range list(ask["fields"]) {
		if !slices.Contains(append(f.columns, "_id"), field) {
			w.WriteHeader(http.StatusConflict)
			fmt.Fprintf(w, `{"success": false, "error": {"__type": "Validation Error", "fields": ["field %q not in table"]}}`, field)
			return
		}
	}
	limit := min(int(ask["limit"].(float64)), f.most)
	from := 0
	if o, ok := ask["offset"].(float64); ok && !f.stuck {
		from = int(o)
	}
	if filters, ok := ask["filters"].(map[string]any); ok {
		from = int(filters["_id"].(map[string]any)["gt"].(float64))
	}
	if f.deleting && from > 0 {
		f.deleting, f.gone = false, 1
		if !f.adding {
			f.records--
		}
	}
	from += f.gone
	result := map[string]any{"limit": limit, "total": f.records, "total_was_estimated": f.estimate}
	if ask["include_total"] == false {
		delete(result, "total")
	}
	var fields []map[string]string
	for _, c := range append([]string{"_id"}, f.columns...) {
		fields = append(fields, map[string]string{"id": c, "type": "text"})
	}
	result["fields"] = fields
	records := []map[string]any{}
	for id := from + 1; id <= min(from+limit, f.records); id++ {
		records = append(records, map[string]any{"_id": id, "Date of Report": fmt.Sprintf("2026-%02d-03T00:00:00", 1+id%2), "Offense (UCR)": []string{"THEFT", "ARSON"}[id%2]})
	}
	result["records"] = records
	if n := len(records); f.keyset && n > 0 {
		result["next_page"] = map[string]any{"filters": map[string]any{"_id": map[string]any{"gt": records[n-1]["_id"]}}}
	}
	json.NewEncoder(w).Encode(map[string]any{"success": true, "result": result})
}

func list(v any) []string {
	var all []string
	items, _ := v.([]any)
	for _, i := range items {
		all = append(all, i.(string))
	}
	return all
}

func ckan(url string) programme.Source {
	return programme.Source{
		Kind: "ckan", URL: url, Dataset: "5c3914e6", Indicator: "thefts", Fields: programme.SourceFields{Date: "Date of Report"},
		Where: `"Offense (UCR)" = 'THEFT'`, Aggregate: "count",
	}
}

func newCKAN() *fakeCKAN {
	return &fakeCKAN{records: 95_000, most: 32_000, columns: []string{"Date of Report", "Offense (UCR)", "Notes"}}
}

func TestCKAN(t *testing.T) {
	for _, keyset := range []bool{false, true} {
		t.Run(fmt.Sprintf("with keys: %t", keyset), func(t *testing.T) {
			f := newCKAN()
			f.keyset = keyset
			got := rows(t, quick(t), ckan(serve(t, f.ServeHTTP)))
			want(t, got, "thefts 2026-01 47500 final", "thefts 2026-02 0 final")
			if len(f.asked) != 4 {
				t.Errorf("the portal was asked %d times, want once about the columns and for three pages", len(f.asked))
			}
			if last := f.asked[len(f.asked)-1]; keyset != (last["filters"] != nil) || last["sort"] != "_id" {
				t.Errorf("the last page was asked for by %v", last)
			}
		})
	}
}

func TestTrapsOfCKAN(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*fakeCKAN)
		source func(*programme.Source)
		reason collector.Reason
		words  string
	}{
		{"a record that is deleted between pages", func(f *fakeCKAN) { f.deleting = true }, nil, collector.Incomplete, "had 95000 records when the pull began and has 94999 now"},
		{"a record that is deleted between pages, and another that is added", func(f *fakeCKAN) { f.deleting, f.adding = true, true }, nil, collector.Incomplete, "record 32000 is not where it was"},
		{"a portal that gives the first page again and again", func(f *fakeCKAN) { f.stuck = true }, nil, collector.Repeated, "record 1 came after record 32000"},
		{"a total that is estimated", func(f *fakeCKAN) { f.estimate = true }, nil, collector.Incomplete, "only estimates"},
		{"a column that is gone", func(f *fakeCKAN) { f.columns = []string{"Date of Report"} }, nil, collector.MissingColumn, "no column Offense (UCR): it has _id, Date of Report"},
		{"a resource that is gone", nil, func(s *programme.Source) { s.Dataset = "nope" }, collector.Refused, "was not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newCKAN()
			if c.change != nil {
				c.change(f)
			}
			s := ckan(serve(t, f.ServeHTTP))
			if c.source != nil {
				c.source(&s)
			}
			_, err := try(t, quick(t), s)
			wantFailure(t, err, c.reason, c.words)
		})
	}
	t.Run("limits that are reduced further than by default", func(t *testing.T) {
		f := newCKAN()
		f.records, f.most = 950, 100
		want(t, rows(t, quick(t), ckan(serve(t, f.ServeHTTP))), "thefts 2026-01 475 final", "thefts 2026-02 0 final")
	})
	t.Run("a refusal with status 200", func(t *testing.T) {
		_, err := try(t, quick(t), ckan(answer(t, jsonText, `{"success": false, "error": {"__type": "Authorization Error"}}`)))
		wantFailure(t, err, collector.Refused, "Authorization Error")
	})
}
