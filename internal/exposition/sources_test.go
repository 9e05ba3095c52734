package exposition

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// Sources stand alike whichever server is asked, so they are not among what each
// tells of itself.
func TestSources(t *testing.T) {
	up, down := true, false
	answers := make(chan error, 2)
	answers <- nil
	answers <- errors.New("the database is away")
	loaded := make(chan struct{})
	sources := NewSources(func(ctx context.Context) ([]source.State, error) {
		select {
		case err := <-answers:
			return []source.State{
				{Key: programme.SourceKey{City: "aldermoor", Source: "new"}},
				{Key: programme.SourceKey{City: "aldermoor", Source: "police"}, Up: &up, Succeeded: time.Unix(1_773_500_000, 500e6), Runs: map[source.Outcome]int64{source.Applied: 3}},
				{Key: programme.SourceKey{City: "brightwater", Source: "police"}, Up: &down, Runs: map[source.Outcome]int64{source.Failed: 2}},
			}, err
		default:
			select {
			case loaded <- struct{}{}:
			case <-ctx.Done():
			}
			return nil, errors.New("the database is away")
		}
	}, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sources.Run(ctx, time.Millisecond) }()
	<-loaded
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()

	shared := prometheus.NewPedanticRegistry()
	shared.MustRegister(sources)
	v := New(newSource(simple("aldermoor", 1), simple("brightwater", 2)), prometheus.NewRegistry(), Options{Beside: shared, BesideCity: sources.OfCity})
	if err := v.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := func(path string) string {
		var lines []string
		for line := range strings.Lines(get(t, v, path)) {
			if strings.HasPrefix(line, "citygauge_source_") {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "")
	}
	const want = `citygauge_source_last_success_timestamp_seconds{city="aldermoor",source="police"} 1.7735000005e+09
citygauge_source_runs_total{city="aldermoor",outcome="applied",source="new"} 0
citygauge_source_runs_total{city="aldermoor",outcome="applied",source="police"} 3
citygauge_source_runs_total{city="aldermoor",outcome="failed",source="new"} 0
citygauge_source_runs_total{city="aldermoor",outcome="failed",source="police"} 0
citygauge_source_runs_total{city="aldermoor",outcome="unchanged",source="new"} 0
citygauge_source_runs_total{city="aldermoor",outcome="unchanged",source="police"} 0
citygauge_source_runs_total{city="brightwater",outcome="applied",source="police"} 0
citygauge_source_runs_total{city="brightwater",outcome="failed",source="police"} 2
citygauge_source_runs_total{city="brightwater",outcome="unchanged",source="police"} 0
citygauge_source_up{city="aldermoor",source="police"} 1
citygauge_source_up{city="brightwater",source="police"} 0
`
	if diff := cmp.Diff(want, told("/metrics")); diff != "" {
		t.Errorf("metrics of sources (-want +got):\n%s", diff)
	}
	if got := told("/metrics/process"); got != "" {
		t.Errorf("of the process alone are told\n%s", got)
	}
	const ofBrightwater = `citygauge_source_runs_total{city="brightwater",outcome="applied",source="police"} 0
citygauge_source_runs_total{city="brightwater",outcome="failed",source="police"} 2
citygauge_source_runs_total{city="brightwater",outcome="unchanged",source="police"} 0
citygauge_source_up{city="brightwater",source="police"} 0
`
	if diff := cmp.Diff(ofBrightwater, told("/metrics/cities/brightwater")); diff != "" {
		t.Errorf("metrics of a city's sources (-want +got):\n%s", diff)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics/cities/brightwater", nil)
	request.Header.Set("Accept-Encoding", "gzip")
	answer := httptest.NewRecorder()
	v.Handler().ServeHTTP(answer, request)
	unzip, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unzip); err != nil || string(text) != get(t, v, "/metrics/cities/brightwater") {
		t.Errorf("compressed it is %v\n%s", err, text)
	}
	if text := get(t, v, "/metrics/cities/aldermoor"); strings.Contains(text, "brightwater") || strings.Count(text, "# TYPE citygauge_source_up gauge\n") != 1 {
		t.Errorf("a city's page is\n%s", text)
	}
}
