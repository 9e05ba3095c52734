package grafana

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(Provisioning(), name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDataSources(t *testing.T) {
	var file struct {
		DataSources []struct {
			Name, Type, Database string
			JSONData             struct{ Database string } `yaml:"jsonData"`
		} `yaml:"datasources"`
	}
	if err := yaml.Unmarshal(read(t, "datasources/citygauge.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	types := []string{}
	for _, d := range file.DataSources {
		types = append(types, d.Type)
		if d.Type != "postgres" {
			continue
		}
		if !regexp.MustCompile(`^citygauge`).MatchString(d.Name) {
			t.Errorf("the dashboards choose a Postgres whose name begins with citygauge, not %s", d.Name)
		}
		if d.Database == "" || d.Database != d.JSONData.Database {
			t.Errorf("the database is %q for older Grafanas and %q for newer ones", d.Database, d.JSONData.Database)
		}
	}
	if want := []string{"postgres", "prometheus"}; !slices.Equal(types, want) {
		t.Errorf("the data sources are %v, want %v", types, want)
	}
}

// Whoever starts Grafana sets these; a further one would be empty for them.
func TestEnvironment(t *testing.T) {
	for name, want := range map[string][]string{
		"datasources/citygauge.yaml": {
			"CITYGAUGE_GRAFANA_DB_HOST", "CITYGAUGE_GRAFANA_DB_NAME", "CITYGAUGE_GRAFANA_DB_PASSWORD",
			"CITYGAUGE_GRAFANA_DB_SSLMODE", "CITYGAUGE_GRAFANA_DB_USER", "CITYGAUGE_PROMETHEUS_URL",
		},
		"dashboards/citygauge.yaml": {"CITYGAUGE_DASHBOARDS"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllSubmatch(read(t, name), -1) {
				got = append(got, string(m[1]))
			}
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, want) {
				t.Errorf("it reads %v, want %v", got, want)
			}
		})
	}
}
