package dashboards

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lintedPanel is what the rules look at.
type lintedPanel struct {
	Type, Title, Description string
	Datasource               *struct{ UID string }
	Transformations          []struct{ ID string }
	Targets                  []struct {
		Datasource *struct{ UID string }
		Expr       string
	}
	FieldConfig struct {
		Defaults struct{ NoValue, Unit string }
	}
	Panels []lintedPanel
}

type linted struct {
	UID, Title, Description string
	Editable                bool
	Tags                    []string
	Templating              struct {
		List []struct {
			Name, Type string
			Label      string
			Hide       int
			Datasource *struct{ UID string }
		}
	}
	Panels []lintedPanel
}

// A chosen data source, never one by its identifier.
var templated = regexp.MustCompile(`^\$\{(datasource|prometheus)\}$`)

// faults are the rules of Grafana's dashboard linter that apply here, and ours.
func (d linted) faults() []string {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if !strings.HasPrefix(d.UID, "citygauge-") || d.Title == "" || d.Description == "" {
		say("it needs a UID that begins with citygauge-, a title and a description")
	}
	if d.Editable {
		say("it can be edited, and what is edited is lost")
	}
	if len(d.Tags) == 0 {
		say("it has no tag to be found by")
	}
	for _, v := range d.Templating.List {
		if v.Datasource != nil && !templated.MatchString(v.Datasource.UID) {
			say("variable %s asks the data source %q by its identifier", v.Name, v.Datasource.UID)
		}
		const hidden = 2
		if v.Label == "" && v.Hide != hidden {
			say("variable %s has no label", v.Name)
		}
	}
	for _, p := range d.Panels {
		faults = append(faults, p.faults()...)
	}
	return faults
}

func (p lintedPanel) faults() []string {
	var faults []string
	say := func(format string, args ...any) {
		faults = append(faults, fmt.Sprintf("panel %q ", p.Title)+fmt.Sprintf(format, args...))
	}
	if p.Type == "row" {
		for _, inner := range p.Panels {
			faults = append(faults, inner.faults()...)
		}
		return faults
	}
	if p.Title == "" || p.Description == "" {
		say("needs a title and a description")
	}
	if p.Datasource == nil || !templated.MatchString(p.Datasource.UID) {
		say("does not ask a chosen data source")
	}
	if p.FieldConfig.Defaults.NoValue == "" {
		say("says nothing where it is empty")
	}
	if len(p.Targets) == 0 {
		say("asks nothing")
	}
	for _, t := range p.Targets {
		if t.Datasource == nil || !templated.MatchString(t.Datasource.UID) {
			say("has a query that does not ask a chosen data source")
		}
		if strings.Contains(t.Expr, "rate(") && !strings.Contains(t.Expr, "$__rate_interval") {
			say("has a rate over an interval that may be too short: %s", t.Expr)
		}
		if strings.Contains(t.Expr, "_total") && !strings.Contains(t.Expr, "rate(") && !strings.Contains(t.Expr, "increase(") {
			say("shows a counter that only grows: %s", t.Expr)
		}
	}
	unit := p.FieldConfig.Defaults.Unit != ""
	for _, t := range p.Transformations {
		unit = unit || t.ID == "configFromData" // takes it from the indicator
	}
	if (p.Type == "timeseries" || p.Type == "barchart") && !unit {
		say("has an axis without a unit")
	}
	return faults
}

func lint(t *testing.T, text []byte) []string {
	t.Helper()
	var d linted
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d.faults()
}

func TestLint(t *testing.T) {
	for name, text := range files(t) {
		t.Run(name, func(t *testing.T) {
			for _, fault := range lint(t, text) {
				t.Error(fault)
			}
		})
	}
}

func TestLintFinds(t *testing.T) {
	got := lint(t, []byte(`{"uid": "x", "editable": true, "templating": {"list": [{"name": "city", "datasource": {"uid": "P1"}}]}, "panels": [
		{"type": "timeseries", "title": "One", "datasource": {"uid": "P1"}, "targets": [{"expr": "rate(a_total[5m])"}]},
		{"type": "row", "panels": [{"type": "stat", "title": "Two", "description": "d", "datasource": {"uid": "${prometheus}"},
			"fieldConfig": {"defaults": {"noValue": "none"}}, "targets": [{"datasource": {"uid": "${prometheus}"}, "expr": "sum(a_total)"}]}]},
		{"type": "stat", "title": "Three", "description": "d", "datasource": {"uid": "${datasource}"}, "fieldConfig": {"defaults": {"noValue": "none"}}}
	]}`))
	want := []string{
		"it needs a UID that begins with citygauge-, a title and a description",
		"it can be edited, and what is edited is lost",
		"it has no tag to be found by",
		`variable city asks the data source "P1" by its identifier`,
		"variable city has no label",
		`panel "One" needs a title and a description`,
		`panel "One" does not ask a chosen data source`,
		`panel "One" says nothing where it is empty`,
		`panel "One" has a query that does not ask a chosen data source`,
		`panel "One" has a rate over an interval that may be too short: rate(a_total[5m])`,
		`panel "One" has an axis without a unit`,
		`panel "Two" shows a counter that only grows: sum(a_total)`,
		`panel "Three" asks nothing`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
