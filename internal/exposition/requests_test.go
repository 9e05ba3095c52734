package exposition

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
)

func TestRequests(t *testing.T) {
	r := NewRequests()
	site := r.Around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
		}
	}))
	for _, at := range []struct{ method, path string }{{"GET", "/"}, {"GET", "/nothing"}, {"GET", "/nothing"}, {"POST", "/"}, {"DELETE", "/"}, {"INVENTED", "/"}} {
		site.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), at.method, at.path, nil))
	}
	for line, want := range map[[2]string]float64{
		{"200", "get"}: 1, {"404", "get"}: 2, {"200", "post"}: 1, {"200", "delete"}: 1,
		{"200", "unknown"}: 1, // so that nobody can make series by inventing methods
		{"500", "get"}:     0,
	} {
		if got := testutil.ToFloat64(r.total.WithLabelValues(line[0], line[1])); got != want {
			t.Errorf("%v: %v requests, want %v", line, got, want)
		}
	}
	problems, err := testutil.CollectAndLint(r)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	const counted = "citygauge_http_request_duration_seconds_count 6\n"
	text, err := testutil.CollectAndFormat(r, expfmt.TypeTextPlain, "citygauge_http_request_duration_seconds")
	if err != nil || !strings.Contains(string(text), counted) {
		t.Errorf("%v; no %q in\n%s", err, counted, text)
	}
}
