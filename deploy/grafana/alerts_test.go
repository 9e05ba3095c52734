package grafana

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func prometheusText(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../prometheus/rules/citygauge.yml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAlertsAreThoseOfPrometheus(t *testing.T) {
	want, err := Alerts(prometheusText(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(read(t, "alerting/citygauge.yaml"))); diff != "" {
		t.Errorf("the file is not what the code writes; run go generate ./deploy/...:\n%s", diff)
	}
}

// An alert without the labels that its link needs would lead nowhere.
func TestAlertsLeadToADashboard(t *testing.T) {
	var file ruleFile
	if err := yaml.Unmarshal(read(t, "alerting/citygauge.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	if n := len(file.Groups[0].Rules); n != 4 {
		t.Errorf("there are %d alerts, want those of targets, late and missing data, and sources", n)
	}
	for _, r := range file.Groups[0].Rules {
		expr, _ := r.Data[0].Model["expr"].(string)
		for _, m := range regexp.MustCompile(`\$labels\.(\w+)`).FindAllStringSubmatch(r.Annotations["dashboard"]+r.Annotations["summary"], -1) {
			if !regexp.MustCompile(`by \([^)]*\b` + m[1] + `\b[^)]*\)`).MatchString(expr) {
				t.Errorf("%s speaks of %s, which %s does not have", r.UID, m[1], expr)
			}
		}
		if !strings.HasPrefix(r.Annotations["dashboard"], address+"/d/citygauge-") {
			t.Errorf("%s leads to %q", r.UID, r.Annotations["dashboard"])
		}
	}
}
