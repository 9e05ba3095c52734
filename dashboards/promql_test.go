package dashboards

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/citygauge/citygauge/deploy/prometheus"
)

// Grafana shows a wrong expression as no data: a real Prometheus that scrapes a
// real server answers whatever a dashboard asks of it with numbers, of which
// one at least is not 0, once there was something to count.
func TestPromQL(t *testing.T) {
	w := watch(t)
	w.happen(t)
	for file, text := range files(t) {
		all, err := questions(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, q := range all {
			if q.promql == "" {
				continue
			}
			t.Run(file+" "+q.where, func(t *testing.T) {
				e := expandPromQL(q.promql)
				w.await(t, fmt.Sprintf("(%s) > 0 or (%s) < 0", e, e)) // which leaves out what is no number, too
			})
		}
	}
	t.Run("rules", w.rules)
}

// rules makes sure that every rule finds what it looks for: what concerns
// cities as long as all is well, and then one calamity after the other.
func (w *watched) rules(t *testing.T) {
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Record, Expr string }
		}
	}
	if err := yaml.Unmarshal(prometheus.Rules, &file); err != nil {
		t.Fatal(err)
	}
	expressions := map[string]string{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			expressions[r.Alert+r.Record] = r.Expr
		}
	}
	last := []string{"CitygaugeDatabaseDown", "CitygaugeDown"}
	for name, expression := range expressions {
		if name == "CitygaugeSnapshotStale" { // its five minutes are promtool's to pass
			expression = strings.Replace(expression, "> 300", ">= 0", 1)
		}
		if !slices.Contains(last, name) {
			t.Run(name, func(t *testing.T) { w.await(t, expression) })
		}
	}
	w.network.Cut()
	t.Run(last[0], func(t *testing.T) { w.await(t, expressions[last[0]]) })
	w.end()
	t.Run(last[1], func(t *testing.T) { w.await(t, expressions[last[1]]) })
}

// await waits until an expression has an answer. One that cannot be read ends
// the test.
func (w *watched) await(t *testing.T, expression string) {
	t.Helper()
	end := time.After(time.Minute)
	for tick := time.NewTicker(100 * time.Millisecond); w.Query(t, "count("+expression+")", time.Time{}) == ""; {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("there is no answer to %s", expression)
		}
	}
}

// expandPromQL puts in what Grafana puts in place of variables.
func expandPromQL(promql string) string {
	return strings.NewReplacer("$__rate_interval", "5m", "$__interval", "5m", "$cohort", watchedCohort).Replace(promql)
}

// happen has a file come that is taken in, one that is refused, a source run
// and fail, and somebody look at a page.
func (w *watched) happen(t *testing.T) {
	t.Helper()
	w.post(t, w.observations, http.StatusCreated)
	w.post(t, "indicator,period,value\nwaits,2025-13,7\n", http.StatusUnprocessableEntity)
	w.pull(t, w.source, w.day)
}
