package dashboards

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// question is what a dashboard asks a data source.
type question struct {
	where    string // what asks, such as panel "Status"
	variable string // the variable that takes the answer, for one of a variable
	sql      string
	format   Format
	promql   string
	multi    bool   // the variable takes all answers
	repeat   string // the variable that the panel's row is repeated by
}

type target struct {
	RefID  string `json:"refId"`
	RawSQL string `json:"rawSql"`
	Format Format `json:"format"`
	Expr   string `json:"expr"`
}

type panel struct {
	Type    string   `json:"type"`
	Repeat  string   `json:"repeat"`
	Title   string   `json:"title"`
	Targets []target `json:"targets"`
	Panels  []panel  `json:"panels"`
}

type templateVariable struct {
	Name       string
	Type       string
	Query      json.RawMessage
	Multi      bool
	Datasource struct{ Type string }
}

type asking struct {
	Panels      []panel
	Templating  struct{ List []templateVariable }
	Annotations struct {
		List []struct {
			Name   string
			Target target
		}
	}
}

// questions lists everything that a dashboard's JSON asks, variables first, in
// the order in which Grafana asks it. What it cannot tell is an error, so that
// nothing is left out.
func questions(text []byte) ([]question, error) {
	var d asking
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	var all []question
	for _, v := range d.Templating.List {
		q, err := v.asks()
		if err != nil {
			return nil, err
		}
		all = append(all, q...)
	}
	for _, a := range d.Annotations.List {
		q, err := a.Target.asks("annotation " + a.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	row := ""
	for _, p := range d.Panels {
		if p.Type == "row" {
			row = p.Repeat
		}
		q, err := p.asks()
		if err != nil {
			return nil, err
		}
		for n := range q {
			q[n].repeat = row
		}
		all = append(all, q...)
	}
	return all, nil
}

func (v templateVariable) asks() ([]question, error) {
	if v.Type == "datasource" {
		return nil, nil
	}
	q := question{where: "variable " + v.Name, variable: v.Name, format: Table, multi: v.Multi}
	text := ""
	if err := json.Unmarshal(v.Query, &text); err != nil || v.Type != "query" || text == "" {
		return nil, fmt.Errorf("%s: a %s variable with query %s", q.where, v.Type, v.Query)
	}
	switch v.Datasource.Type {
	case postgresType:
		q.sql = text
	case "prometheus":
		q.promql = text
	default:
		return nil, fmt.Errorf("%s asks a data source of type %q", q.where, v.Datasource.Type)
	}
	return []question{q}, nil
}

func (p panel) asks() ([]question, error) {
	where := fmt.Sprintf("panel %q", p.Title)
	if len(p.Targets) == 0 && p.Type != "row" && p.Type != "text" {
		return nil, fmt.Errorf("%s asks nothing", where)
	}
	var all []question
	for _, t := range p.Targets {
		q, err := t.asks(where + " " + t.RefID)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	for _, inner := range p.Panels {
		q, err := inner.asks()
		if err != nil {
			return nil, err
		}
		all = append(all, q...)
	}
	return all, nil
}

func (t target) asks(where string) (question, error) {
	if (t.RawSQL == "") == (t.Expr == "") {
		return question{}, fmt.Errorf("%s asks neither SQL nor PromQL, or both", where)
	}
	return question{where: where, sql: t.RawSQL, format: t.Format, promql: t.Expr}, nil
}

func TestQuestions(t *testing.T) {
	got, err := questions([]byte(`{
		"panels": [
			{"type": "stat", "title": "One", "targets": [{"refId": "A", "rawSql": "select 1", "format": "table"}, {"refId": "B", "expr": "up"}]},
			{"type": "row", "title": "Row", "repeat": "city", "panels": [{"type": "stat", "title": "Inside", "targets": [{"refId": "A", "expr": "down"}]}]}
		],
		"templating": {"list": [
			{"name": "source", "type": "datasource", "query": "postgres"},
			{"name": "city", "type": "query", "multi": true, "query": "select 2", "datasource": {"type": "postgres"}},
			{"name": "job", "type": "query", "query": "label_values(job)", "datasource": {"type": "prometheus"}}
		]},
		"annotations": {"list": [{"name": "Events", "target": {"rawSql": "select 3", "format": "table"}}]}
	}`))
	want := []question{
		{where: "variable city", variable: "city", sql: "select 2", format: Table, multi: true},
		{where: "variable job", variable: "job", promql: "label_values(job)", format: Table},
		{where: "annotation Events", sql: "select 3", format: Table},
		{where: `panel "One" A`, sql: "select 1", format: Table},
		{where: `panel "One" B`, promql: "up"},
		{where: `panel "Inside" A`, promql: "down", repeat: "city"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("questions are %+v (%v), want %+v", got, err, want)
	}
}

func TestQuestionsLeaveNothingOut(t *testing.T) {
	for name, text := range map[string]string{
		"a query of an unknown kind":       `{"panels": [{"type": "stat", "title": "P", "targets": [{"refId": "A", "query": "?"}]}]}`,
		"a panel that asks nothing":        `{"panels": [{"type": "stat", "title": "P"}]}`,
		"a variable of an unknown kind":    `{"templating": {"list": [{"name": "v", "type": "custom", "query": "a,b"}]}}`,
		"a variable of an unknown source":  `{"templating": {"list": [{"name": "v", "type": "query", "query": "?", "datasource": {"type": "loki"}}]}}`,
		"an annotation of an unknown kind": `{"annotations": {"list": [{"name": "a"}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := questions([]byte(text)); err == nil {
				t.Errorf("it was listed as %+v", got)
			}
		})
	}
}
