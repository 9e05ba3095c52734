package dashboards

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/demo"
)

// Whatever a dashboard asks of Prometheus, a real one understands.
func TestPromQL(t *testing.T) {
	prometheus, err := demo.Prometheus(t.Context(), t.TempDir(), "127.0.0.1:1", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer prometheus.Stop()
	if err := understood(t.Context(), prometheus.URL, "sum(up"); err == nil {
		t.Error("a bracket too few is understood")
	}
	expressions := []string{"sum(up)"}
	for file, text := range files(t) {
		all, err := questions(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, q := range all {
			if q.promql != "" {
				expressions = append(expressions, expandPromQL(q.promql))
			}
		}
	}
	for _, expression := range expressions {
		if err := understood(t.Context(), prometheus.URL, expression); err != nil {
			t.Errorf("%s: %v", expression, err)
		}
	}
}

func understood(ctx context.Context, prometheus, expression string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, prometheus+"/api/v1/query?query="+url.QueryEscape(expression), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var answer struct{ Status, Error string }
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("%s answered %q: %w", prometheus, text, err)
	}
	if answer.Status != "success" {
		return fmt.Errorf("%s: %s", answer.Status, answer.Error)
	}
	return nil
}

// expandPromQL puts in what Grafana puts in place of variables.
func expandPromQL(promql string) string {
	return strings.NewReplacer("$__rate_interval", "1m", "$__interval", "1m", "$cohort", "2025").Replace(promql)
}
