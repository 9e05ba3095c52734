package declare

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/citygauge/citygauge/internal/programme"
)

// fields are what a thing may have at the place where it stands: one that is
// nested in a city has no field for its city.
type fields struct {
	noun     programme.Noun
	columns  []column
	children []string
}

// leaf is the column at a path.
func (f fields) leaf(path string) (column, bool) {
	return table{columns: f.columns}.column(func(c column) bool { return c.inYAML() == path })
}

// branch reports whether there are columns below a path.
func (f fields) branch(path string) bool {
	return slices.ContainsFunc(f.columns, func(c column) bool { return strings.HasPrefix(c.inYAML(), path+".") })
}

// indexed reports whether the columns below a path are items of a list.
func (f fields) indexed(path string) bool {
	return f.branch(path) && strings.HasPrefix(examples[path], "[")
}

// beside are the names that could stand where a path's last one does.
func (f fields) beside(path string) []string {
	prefix := path[:strings.LastIndex(path, ".")+1]
	var names []string
	for _, c := range f.columns {
		if rest, ok := strings.CutPrefix(c.inYAML(), prefix); ok && !slices.Contains(names, stem(rest)) {
			names = append(names, stem(rest))
		}
	}
	if prefix == "" {
		names = append(names, f.children...)
	}
	return names
}

// pair is a key with what it stands for; an alias has been followed.
type pair struct {
	key  string
	line int
	node *yaml.Node
}

// pairs are the fields of a mapping, its own before those that it merges.
func (w *walker) pairs(node *yaml.Node, depth int) []pair {
	var own []pair
	var merged []*yaml.Node
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content) && !w.exhausted(); i += 2 {
		key, content := node.Content[i], w.follow(node.Content[i+1])
		if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
			merged = append(merged, content)
			continue
		}
		name := key.Value
		if key.Kind != yaml.ScalarNode {
			w.refuse(w.at(key.Line, ""), "write a text before the colon", "a key is %s", described(key))
			continue
		}
		if seen[name] {
			w.refuse(w.at(key.Line, name), "keep one of them", "%s is there twice", name)
			continue
		}
		seen[name] = true
		own = append(own, pair{name, key.Line, content})
	}
	for _, m := range merged {
		for _, p := range w.merged(m, node.Line, depth) {
			if !seen[p.key] {
				seen[p.key] = true
				own = append(own, p)
			}
		}
	}
	return own
}

// merged are the fields of what << stands for: a mapping, or a list of them.
func (w *walker) merged(node *yaml.Node, line, depth int) []pair {
	switch {
	case depth >= mostMerges:
		w.visited = mostNodes + 1
		return nil
	case node.Kind == yaml.MappingNode:
		return w.pairs(node, depth+1)
	case node.Kind == yaml.SequenceNode:
		var all []pair
		for _, item := range node.Content {
			if w.exhausted() {
				break
			}
			all = append(all, w.merged(w.follow(item), line, depth+1)...)
		}
		return all
	}
	w.refuse(w.at(line, "<<"), "merge a mapping", "<< stands for %s", described(node))
	return nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func described(n *yaml.Node) string {
	switch {
	case isNull(n):
		return "empty"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	}
	return "one text"
}
