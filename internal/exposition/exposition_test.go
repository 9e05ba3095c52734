package exposition

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.uber.org/goleak"

	"github.com/citygauge/citygauge/internal/testgolden"
	"github.com/citygauge/citygauge/internal/testprom"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWholeExposition(t *testing.T) {
	v := newLoadedView(t, sample()...)
	for _, c := range []struct{ name, path, golden string }{
		{"everything", "/metrics", "testdata/metrics.txt"},
		{"one city", "/metrics/cities/riverton", "testdata/riverton.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			testgolden.Check(t, c.golden, get(t, v, c.path))
		})
	}
}

// parse reads a body as Prometheus's own library does.
func parse(t testing.TB, body string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("the exposition cannot be parsed: %v", err)
	}
	return families
}

func TestLint(t *testing.T) {
	families := parse(t, get(t, newLoadedView(t, sample()...), "/metrics"))
	problems, err := testutil.GatherAndLint(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		var all []*dto.MetricFamily
		for _, f := range families {
			all = append(all, f)
		}
		return all, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestPromtoolCheckMetrics(t *testing.T) {
	check := exec.CommandContext(t.Context(), testprom.Program(t, "promtool"), "check", "metrics")
	check.Stdin = strings.NewReader(get(t, newLoadedView(t, sample()...), "/metrics"))
	if out, err := check.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// The order of series must not depend on that in which a source happens to
// list things.
func TestOrderDependsOnLabelsAlone(t *testing.T) {
	standings := sample()
	want := get(t, newLoadedView(t, standings...), "/metrics")
	riverton := &standings[0]
	riverton.Indicators[0], riverton.Indicators[1] = riverton.Indicators[1], riverton.Indicators[0]
	targets := riverton.Indicators[1].Targets
	targets[0], targets[1] = targets[1], targets[0]
	if diff := cmp.Diff(want, get(t, newLoadedView(t, standings...), "/metrics")); diff != "" {
		t.Errorf("the same standings in another order (-first +second):\n%s", diff)
	}
}

func TestLabelsComeBackAsTheyWere(t *testing.T) {
	families := parse(t, get(t, newLoadedView(t, sample()...), "/metrics"))
	for _, c := range []struct{ family, label, want string }{
		{"citygauge_indicator_info", "title", `Robberies, "street" \ shop`},
		{"citygauge_indicator_info", "title", "Shelter beds in use\nper night"},
		{"citygauge_city_info", "name", "Aldea del Río \uFFFD"},
	} {
		found := false
		for _, m := range families[c.family].GetMetric() {
			for _, l := range m.GetLabel() {
				found = found || l.GetName() == c.label && l.GetValue() == c.want
			}
		}
		if !found {
			t.Errorf("no %s has %s=%q", c.family, c.label, c.want)
		}
	}
}
