package prometheus_test

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/citygauge/citygauge/internal/testprom"
)

func TestPromtool(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"the configuration is valid", []string{"check", "config", "--lint-fatal", "prometheus.yml"}},
		{"the sharded configuration is valid", []string{"check", "config", "--lint-fatal", "sharded.yml"}},
		{"the rules are valid", []string{"check", "rules", "--lint-fatal", "rules/citygauge.yml"}},
		{"the rules do what their tests say", []string{"test", "rules", "rules/citygauge_test.yml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			promtool := exec.CommandContext(t.Context(), testprom.Program(t, "promtool"), c.args...)
			if out, err := promtool.CombinedOutput(); err != nil {
				t.Errorf("promtool %q: %v\n%s", c.args, err, out)
			}
		})
	}
}

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// rules are those of the file, in order.
func rules(t *testing.T) []rule {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []rule }
	}
	readYAML(t, "rules/citygauge.yml", &file)
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatal("there are no rules")
	}
	return all
}

type rule struct {
	Alert       string
	Expr        string
	Labels      map[string]string
	Annotations map[string]string
}

func TestEveryAlertIsSeenFiringAndQuiet(t *testing.T) {
	var file struct {
		Tests []struct {
			AlertTests []struct {
				Alert    string `yaml:"alertname"`
				Expected []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	readYAML(t, "rules/citygauge_test.yml", &file)
	firing, quiet := map[string]bool{}, map[string]bool{}
	for _, group := range file.Tests {
		for _, c := range group.AlertTests {
			if len(c.Expected) > 0 {
				firing[c.Alert] = true
			} else {
				quiet[c.Alert] = true
			}
		}
	}
	for _, r := range rules(t) {
		if r.Alert != "" && (!firing[r.Alert] || !quiet[r.Alert]) {
			t.Errorf("rules/citygauge_test.yml has %s firing: %t, quiet: %t", r.Alert, firing[r.Alert], quiet[r.Alert])
		}
	}
}

func TestEveryAlertSaysWhatToDo(t *testing.T) {
	for _, r := range rules(t) {
		if r.Alert == "" {
			continue
		}
		if r.Labels["severity"] == "" || r.Annotations["summary"] == "" || !regexp.MustCompile(` What to do: \w`).MatchString(r.Annotations["description"]) {
			t.Errorf("%s has no severity, no summary, or does not say what to do", r.Alert)
		}
	}
}

// A rule with a misspelt metric would be silent for ever.
func TestRulesReadWhatIsExposed(t *testing.T) {
	exposition, err := os.ReadFile("../../internal/exposition/testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := os.ReadFile("../../internal/exposition/sources.go") // which that programme has none of
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`citygauge_\w+`)
	for _, r := range rules(t) {
		for _, used := range name.FindAllString(r.Expr, -1) {
			if !bytes.Contains(exposition, []byte("\n# TYPE "+used+" ")) && !bytes.Contains(sources, []byte(`"`+used+`"`)) {
				t.Errorf("%s is read by %s, but not exposed", used, r.Expr)
			}
		}
	}
}
