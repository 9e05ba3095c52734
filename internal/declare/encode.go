package declare

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/citygauge/citygauge/internal/programme"
)

// Encode writes a valid programme as YAML, which [Read] reads back as the same
// programme. Lists of names and breaks come out in order.
func Encode(p programme.Programme) ([]byte, error) {
	top := mapping()
	encodeEach(top, programme.CohortNoun, p.Cohorts, cohortTexts)
	encodeEach(top, programme.CityNoun, p.Cities, cityTexts)
	encodeEach(top, programme.IndicatorNoun, p.Indicators, indicatorTexts)
	encodeEach(top, programme.TargetNoun, p.Targets, targetTexts)
	encodeEach(top, programme.InterventionNoun, p.Interventions, interventionTexts)
	encodeEach(top, programme.SourceNoun, p.Sources, sourceTexts)
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(top); err != nil {
		return nil, fmt.Errorf("writing the programme as YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("writing the programme as YAML: %w", err)
	}
	return text.Bytes(), nil
}

func encodeEach[T any](top *yaml.Node, noun programme.Noun, things []T, write func(T) texts) {
	if len(things) == 0 {
		return
	}
	t := tableOf(noun)
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, thing := range things {
		node, written := mapping(), write(thing)
		for _, c := range t.columns {
			if items, ok := written[c.name]; ok {
				encodeField(node, c, items)
			}
		}
		list.Content = append(list.Content, node)
	}
	set(top, t.plural, list)
}

// encodeField puts a field where its path says.
func encodeField(node *yaml.Node, c column, items []string) {
	key, rest, nested := strings.Cut(c.inYAML(), ".")
	if !nested {
		set(node, key, encoded(c, items))
		return
	}
	inner := get(node, key)
	if _, err := strconv.Atoi(rest); err == nil {
		if inner == nil {
			inner = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			set(node, key, inner)
		}
		inner.Content = append(inner.Content, encoded(c, items))
		return
	}
	if inner == nil {
		inner = mapping()
		inner.Style = yaml.FlowStyle
		set(node, key, inner)
	}
	set(inner, rest, encoded(c, items))
}

func encoded(c column, items []string) *yaml.Node {
	if !c.list {
		return scalar(items[0], c.plain)
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, item := range items {
		node := scalar(item, c.plain)
		if on, goal, ok := strings.Cut(item, "="); ok && c.name == "milestones" {
			node = mapping()
			set(node, "on", scalar(on, true))
			set(node, "target", scalar(goal, true))
		}
		list.Content = append(list.Content, node)
	}
	return list
}

// scalar is a text, quoted where YAML would take it for something else unless
// it is one that looks better plain.
func scalar(text string, plain bool) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Value: text, Tag: "!!str"}
	if plain {
		node.Tag = ""
	}
	return node
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func set(node *yaml.Node, key string, value *yaml.Node) {
	node.Content = append(node.Content, scalar(key, false), value)
}

func get(node *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}
