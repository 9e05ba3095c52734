package grafana

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:generate go run ./generate

// The UIDs of the data source and the folder are those of the other files.
const (
	prometheusUID = "citygauge-prometheus"
	folder        = "citygauge"
)

// address is Grafana's own, whose / at the end would make // of a path.
const address = `{{ reReplaceAll "/+$" "" externalURL }}`

// prometheusRules are Prometheus's rules, as far as they are taken over.
type prometheusRules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

type ruleFile struct {
	APIVersion int         `yaml:"apiVersion"`
	Groups     []ruleGroup `yaml:"groups"`
}

type ruleGroup struct {
	Name     string `yaml:"name"`
	Folder   string `yaml:"folder"`
	Interval string `yaml:"interval"`
	Rules    []rule `yaml:"rules"`
}

type rule struct {
	UID          string            `yaml:"uid"`
	Title        string            `yaml:"title"`
	Condition    string            `yaml:"condition"`
	Data         []query           `yaml:"data"`
	NoDataState  string            `yaml:"noDataState"`
	ExecErrState string            `yaml:"execErrState"`
	For          string            `yaml:"for"`
	Labels       map[string]string `yaml:"labels"`
	Annotations  map[string]string `yaml:"annotations"`
}

type query struct {
	RefID             string         `yaml:"refId"`
	RelativeTimeRange timeRange      `yaml:"relativeTimeRange"`
	DatasourceUID     string         `yaml:"datasourceUid"`
	Model             map[string]any `yaml:"model"`
}

type timeRange struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// Alerts writes Grafana's alert rules from those of Prometheus that lead to a
// dashboard, for who runs no Alertmanager: both say the same.
func Alerts(rules []byte) ([]byte, error) {
	var read prometheusRules
	if err := yaml.Unmarshal(rules, &read); err != nil {
		return nil, fmt.Errorf("read Prometheus's rules: %w", err)
	}
	group := ruleGroup{Name: "citygauge", Folder: folder, Interval: "5m"}
	for _, g := range read.Groups {
		for _, r := range g.Rules {
			path, ok := r.Annotations["dashboard"]
			if !ok {
				continue
			}
			r.Annotations["dashboard"] = address + path
			group.Rules = append(group.Rules, rule{
				UID: uid(r.Alert), Title: r.Alert, Condition: "B", For: r.For, Labels: r.Labels, Annotations: r.Annotations,
				NoDataState: "OK", ExecErrState: "Error",
				Data: []query{
					{"A", timeRange{From: 600}, prometheusUID, map[string]any{"refId": "A", "expr": strings.TrimSpace(r.Expr), "instant": true}},
					// What the expression finds is an alert, whatever its value.
					{"B", timeRange{}, "__expr__", map[string]any{"refId": "B", "type": "math", "expression": "$A > -1"}},
				},
			})
		}
	}
	text := bytes.NewBufferString("# Written by go generate from Prometheus's rules: change those.\n")
	encoder := yaml.NewEncoder(text)
	encoder.SetIndent(2)
	err := encoder.Encode(ruleFile{APIVersion: 1, Groups: []ruleGroup{group}})
	return text.Bytes(), err
}

// uid is an alert's name as Grafana's identifiers are written.
func uid(alert string) string {
	var id strings.Builder
	for n, r := range alert {
		if n > 0 && r >= 'A' && r <= 'Z' {
			id.WriteByte('-')
		}
		id.WriteRune(r)
	}
	return strings.ToLower(id.String())
}
