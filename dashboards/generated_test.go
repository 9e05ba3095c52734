package dashboards

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// files are the dashboards' JSON in the tree, by name.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	names, err := fs.Glob(Files(), "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if all[name], err = fs.ReadFile(Files(), name); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestGeneratedIsInTheTree(t *testing.T) {
	want, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	lines := cmp.Transformer("lines", func(text []byte) []string {
		var all []string
		for line := range bytes.Lines(text) {
			all = append(all, string(line))
		}
		return all
	})
	if diff := cmp.Diff(want, files(t), lines); diff != "" {
		t.Errorf("json/ is not what the code generates; run go generate ./dashboards:\n%s", diff)
	}
}

func TestGeneratedIsStrictlyADashboard(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for name, text := range files(t) {
		t.Run(name, func(t *testing.T) {
			if found := strictly(text); found != "" {
				t.Error(found)
			}
			spoilt := bytes.Replace(text, []byte(`"refresh"`), []byte(`"refreshes"`), 1)
			if found := strictly(spoilt); found == "" {
				t.Error("a field that no dashboard has is not found")
			}
		})
	}
}

// strictly says what of a text is no dashboard, but for what was left out of it.
// The decoder says that all is well by an empty list of errors, which is not nil.
func strictly(text []byte) string {
	var d dashboard.Dashboard
	err := d.UnmarshalJSONStrict(text)
	if err == nil {
		return ""
	}
	var found []string
	for line := range strings.Lines(err.Error()) {
		m := leftOut.FindStringSubmatch(line)
		if line = strings.TrimSpace(line); line != "" && (m == nil || !slices.Contains(slices.Concat(slices.Collect(maps.Values(later))...), m[1])) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "\n")
}

var leftOut = regexp.MustCompile(`\.options\.(\w+): required field is missing from input`)

// What Grafana 9.4 does not have would be an empty box there.
func TestGeneratedIsKnownToGrafana94(t *testing.T) {
	panels := map[string]bool{
		"row": true, "stat": true, "timeseries": true, "table": true, "text": true, "geomap": true,
		"state-timeline": true, "barchart": true, "logs": true,
	}
	transformations := map[string]bool{"configFromData": true}
	for name, text := range files(t) {
		t.Run(name, func(t *testing.T) {
			var d struct {
				SchemaVersion int
				Panels        []struct {
					Type, Title     string
					Transformations []struct{ ID string }
				}
			}
			if err := json.Unmarshal(text, &d); err != nil {
				t.Fatal(err)
			}
			if d.SchemaVersion > 37 {
				t.Errorf("its schema is %d; Grafana 9.4 has 37", d.SchemaVersion)
			}
			for _, p := range d.Panels {
				if !panels[p.Type] {
					t.Errorf("panel %q is a %s", p.Title, p.Type)
				}
				for _, tr := range p.Transformations {
					if !transformations[tr.ID] {
						t.Errorf("panel %q uses transformation %s", p.Title, tr.ID)
					}
				}
			}
		})
	}
}
