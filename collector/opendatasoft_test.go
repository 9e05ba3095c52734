package collector_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// fakeOpendatasoft is a portal with one dataset, which behaves as the
// documentation of Explore 2.1 says.
type fakeOpendatasoft struct {
	records     int
	fields      []string
	plain       bool // records of a date alone
	interrupted bool // the export fails in the middle, with status 200
	asked       []string
}

func (f *fakeOpendatasoft) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.asked = append(f.asked, r.URL.Path)
	q := r.URL.Query()
	refuse := func(format string, args ...any) {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"error_code": "InvalidRESTParameterError", "message": fmt.Sprintf(format, args...)})
	}
	record := func(n int) map[string]any {
		if f.plain {
			return map[string]any{"reported": "2026-02-01"}
		}
		return map[string]any{"reported": fmt.Sprintf("2026-02-01T%02d:30:00+00:00", n%12), "amount": 0.1}
	}
	switch strings.TrimPrefix(r.URL.Path, "/api/explore/v2.1/catalog/datasets/") {
	case "thefts":
		var fields []map[string]string
		for _, name := range f.fields {
			fields = append(fields, map[string]string{"name": name, "type": "text"})
		}
		json.NewEncoder(w).Encode(map[string]any{"fields": fields, "metas": map[string]any{"default": map[string]any{"data_processed": "2026-03-14T01:00:00+00:00"}}})
	case "thefts/records":
		limit, offset := 10, 0
		if v := q.Get("limit"); v != "" {
			limit, _ = strconv.Atoi(v)
		}
		if v := q.Get("offset"); v != "" {
			offset, _ = strconv.Atoi(v)
		}
		if limit > 100 {
			refuse("Invalid value for limit API parameter: %d was found but -1 <= limit <= 100 is expected.", limit)
			return
		}
		if offset+limit > 10_000 {
			refuse("Invalid value for sum of offset + limit API parameter: %d was found but <= 10000 is expected.", offset+limit)
			return
		}
		results := []map[string]any{}
		for n := offset; n < min(offset+limit, f.records); n++ {
			results = append(results, record(n))
		}
		json.NewEncoder(w).Encode(map[string]any{"total_count": f.records, "results": results})
	case "thefts/exports/json":
		fmt.Fprint(w, "[")
		for n := range f.records {
			if n > 0 {
				fmt.Fprint(w, ",")
			}
			if f.interrupted && n == f.records/2 {
				fmt.Fprint(w, "Streaming interrupted due to the following error: backend (error_code: InternalError)")
				return
			}
			json.NewEncoder(w).Encode(record(n))
		}
		fmt.Fprint(w, "]")
	default:
		http.NotFound(w, r)
	}
}

func opendatasoft(url string) programme.Source {
	return programme.Source{Kind: "opendatasoft", URL: url, Dataset: "thefts", Indicator: "thefts", Fields: programme.SourceFields{Date: "reported"}, Aggregate: "count"}
}

func newOpendatasoft(records int) *fakeOpendatasoft {
	return &fakeOpendatasoft{records: records, fields: []string{"reported", "amount"}}
}

// Half of the records are of 1 February before six in the morning UTC, which is
// January in Springfield.
func TestOpendatasoft(t *testing.T) {
	for _, c := range []struct {
		name    string
		records int
		way     string
	}{
		{"one page", 96, "thefts/records"},
		{"more than the pages go, as an export", 12_000, "thefts/exports/json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newOpendatasoft(c.records)
			got := rows(t, quick(t), opendatasoft(serve(t, f.ServeHTTP)))
			want(t, got, fmt.Sprintf("thefts 2026-01 %d final", c.records/2), fmt.Sprintf("thefts 2026-02 %d final", c.records/2))
			if last := f.asked[len(f.asked)-1]; !strings.HasSuffix(last, c.way) {
				t.Errorf("the portal was asked for %v last", f.asked)
			}
		})
	}
}

func TestTrapsOfOpendatasoft(t *testing.T) {
	t.Run("an export that is interrupted, with status 200", func(t *testing.T) {
		f := newOpendatasoft(12_000)
		f.interrupted = true
		_, err := try(t, quick(t), opendatasoft(serve(t, f.ServeHTTP)))
		wantFailure(t, err, collector.NotData, "not the JSON that it should be")
	})
	t.Run("a field that is gone", func(t *testing.T) {
		f := newOpendatasoft(10)
		f.fields = []string{"report_date"}
		_, err := try(t, quick(t), opendatasoft(serve(t, f.ServeHTTP)))
		wantFailure(t, err, collector.MissingColumn, "no column reported: it has report_date")
	})
	t.Run("a dataset that was not processed again", func(t *testing.T) {
		f := newOpendatasoft(10)
		p := springfield(opendatasoft(serve(t, f.ServeHTTP)))
		memory, _ := collector.TryAgain(t, quick(t), p, today, nil)
		if _, outcome := collector.TryAgain(t, quick(t), p, today, memory); outcome != "unchanged" {
			t.Errorf("the second pull is %s", outcome)
		}
	})
}
