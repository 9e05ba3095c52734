package declare

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/citygauge/citygauge/internal/programme"
)

// mostNodes bounds the fields of one file, so that a few aliases of aliases
// cannot fill the memory.
const mostNodes = 5_000_000

// mostMerges is how deep << may lead through mappings that merge others.
const mostMerges = 8

// walker reads one YAML file. It follows the tables, never the file, so that
// its depth is bounded whatever the file's aliases refer to.
type walker struct {
	*reading
	source  *source
	visited int
}

func (r *reading) yaml(src *source, data []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		r.refuse(Place{File: src.file, Line: 1}, "declare cohorts, cities, indicators and targets", "the file is empty")
		return
	case err != nil:
		r.badSyntax(src, data, err)
		return
	}
	w := walker{reading: r, source: src}
	w.top(document.Content[0])
	if w.exhausted() {
		r.entries = map[programme.Noun][]*entry{}
		r.unreadable(Place{File: src.file}, `declare what all cities share once, with city: "*"`,
			"aliases lead to more than %d fields, or << merges more than %d deep", mostNodes, mostMerges)
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.badSyntax(src, data, err)
	default:
		r.unreadable(Place{File: src.file, Line: second.Line}, "remove the line ---, or write a second file", "a second document begins here")
	}
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func (r *reading) badSyntax(src *source, data []byte, err error) {
	at := Place{File: src.file, Line: 1}
	if found := syntaxLine.FindStringSubmatch(err.Error()); found != nil && found[1] != "" {
		at.Line, _ = strconv.Atoi(found[1])
	}
	lines := bytes.Split(data, []byte("\n"))
	hint := "check indentation, colons and quotation marks here and in the line before"
	// The parser may notice a line late.
	for i := max(0, at.Line-2); i < min(at.Line+1, len(lines)); i++ {
		if bytes.Contains(lines[i], []byte("\t")) {
			at.Line, hint = i+1, "indent with spaces, not with tabs"
			break
		}
		if bytes.HasSuffix(bytes.TrimSpace(lines[i]), []byte(": *")) {
			at.Line, hint = i+1, `write the star in quotation marks: "*"`
			break
		}
	}
	r.unreadable(at, hint, "this is not YAML: %s", syntaxLine.ReplaceAllString(err.Error(), ""))
}

func (w *walker) exhausted() bool { return w.visited > mostNodes }

// follow is the node itself, or the one that an alias refers to.
func (w *walker) follow(n *yaml.Node) *yaml.Node {
	w.visited++
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (w *walker) at(line int, field string) Place {
	return Place{File: w.source.file, Line: line, Field: field}
}

func (w *walker) top(node *yaml.Node) {
	if isNull(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		w.unreadable(w.at(node.Line, ""), "begin with a line such as cities:", "the file is %s", described(node))
		return
	}
	plurals := make([]string, len(tables))
	for i, t := range tables {
		plurals[i] = t.plural
	}
	for _, p := range w.pairs(node, 0) {
		if i := slices.Index(plurals, p.key); i >= 0 {
			w.things(tables[i], p, nil)
		} else {
			w.refuse(w.at(p.line, p.key), suggestion(p.key, plurals), "no field is called %q", p.key)
			w.meant(programme.Nearest(p.key, plurals))
		}
	}
}

// meant notes that a list of things was probably meant, but is not read.
func (w *walker) meant(plural string) {
	for _, t := range tables {
		if t.plural == plural {
			w.incomplete[t.noun] = true
		}
	}
}

// things reads a list of things of one noun, which have the fields of the thing
// that they are nested in.
func (w *walker) things(t table, list pair, outer *entry) {
	if isNull(list.node) {
		return
	}
	if list.node.Kind != yaml.SequenceNode {
		w.refuse(w.at(list.line, list.key), fmt.Sprintf("begin each %s with a hyphen", t.noun), "%s is %s, not a list", list.key, described(list.node))
		w.incomplete[t.noun] = true
		return
	}
	form := fields{noun: t.noun, columns: t.columns}
	var inherited entry
	if outer != nil {
		for _, key := range tableOf(outer.noun).keys {
			inherited.add(key, outer.text(key), outer.place(key).Line)
			if slices.Contains(outer.broken, key) {
				inherited.broken = append(inherited.broken, key)
			}
		}
		form.columns = slices.DeleteFunc(slices.Clone(t.columns), func(c column) bool { return inherited.has(c.name) })
	}
	for _, child := range t.children {
		form.children = append(form.children, tableOf(child).plural)
	}
	for _, item := range list.node.Content {
		if w.exhausted() {
			return
		}
		node := w.follow(item)
		if node.Kind != yaml.MappingNode {
			w.refuse(w.at(item.Line, ""), "write its fields as key: value", "an item of %s is %s", list.key, described(node))
			w.incomplete[t.noun] = true
			continue
		}
		e := &entry{
			noun: t.noun, source: w.source, line: item.Line, broken: slices.Clip(inherited.broken),
			names: slices.Clone(inherited.names), values: slices.Clone(inherited.values),
		}
		w.entries[t.noun] = append(w.entries[t.noun], e)
		w.thing(e, form, node)
	}
}

func (w *walker) thing(e *entry, form fields, node *yaml.Node) {
	var nested []pair
	for _, p := range w.pairs(node, 0) {
		if slices.Contains(form.children, p.key) {
			nested = append(nested, p)
			continue
		}
		w.field(e, form, p.key, p)
	}
	// What is nested needs the fields of this thing, which may come after it.
	if len(nested) > 0 {
		w.requireFields(e)
	}
	for _, p := range nested {
		child := slices.IndexFunc(tables, func(t table) bool { return t.plural == p.key })
		w.things(tables[child], p, e)
	}
}

// field reads what stands at a path of a thing.
func (w *walker) field(e *entry, form fields, path string, p pair) {
	col, leaf := form.leaf(path)
	bad := func(hint, format string, args ...any) {
		w.refuse(w.at(p.line, path), hint, format, args...)
		if leaf {
			e.broken = append(e.broken, col.name)
		} else {
			e.broken = append(e.broken, stem(path))
		}
	}
	switch {
	case !leaf && !form.branch(path):
		if list := stem(path); list != path && form.indexed(list) {
			bad("write "+examples[list], "%s has too many items", list)
			return
		}
		name, known := path[strings.LastIndex(path, ".")+1:], form.beside(path)
		w.refuse(w.at(p.line, path), suggestion(name, known), "%s has no field %q", e.noun, path)
		// A slip in a field's name is no reason to miss the field as well.
		near := programme.Nearest(name, known)
		if c, ok := form.leaf(strings.TrimSuffix(path, name) + near); ok {
			e.broken = append(e.broken, c.name)
		} else if slices.Contains(form.children, near) {
			w.meant(near)
		}
	case isNull(p.node):
	case p.node.Kind == yaml.ScalarNode && leaf:
		e.add(col.name, p.node.Value, p.line)
	case p.node.Kind == yaml.SequenceNode && leaf && col.list:
		w.list(e, col, p)
	case leaf:
		bad("write one text", "%s is %s", path, described(p.node))
	case p.node.Kind == yaml.MappingNode && !form.indexed(path):
		for _, inner := range w.pairs(p.node, 0) {
			w.field(e, form, path+"."+inner.key, inner)
		}
	case p.node.Kind == yaml.SequenceNode && form.indexed(path):
		for i, item := range p.node.Content {
			w.field(e, form, fmt.Sprintf("%s.%d", path, i), pair{line: item.Line, node: w.follow(item)})
			if w.exhausted() || e.suspect(path) {
				return
			}
		}
	default:
		bad("write "+examples[path], "%s is %s", path, described(p.node))
	}
}

func (w *walker) list(e *entry, col column, p pair) {
	if len(p.node.Content) == 0 {
		e.add(col.name, "", p.line)
	}
	for _, item := range p.node.Content {
		if w.exhausted() {
			return
		}
		node := w.follow(item)
		switch {
		case node.Kind == yaml.ScalarNode && !isNull(node):
			e.add(col.name, node.Value, item.Line)
		case node.Kind == yaml.MappingNode && col.name == "milestones":
			w.milestone(e, item.Line, node)
		default:
			w.refuse(w.at(item.Line, col.inYAML()), "write texts", "an item of %s is %s", col.inYAML(), described(node))
			e.broken = append(e.broken, col.name)
		}
	}
}

func (w *walker) milestone(e *entry, line int, node *yaml.Node) {
	form := fields{noun: "milestone", columns: []column{{name: "on"}, {name: "target"}}}
	m := entry{noun: form.noun, source: w.source}
	before := len(w.report)
	for _, p := range w.pairs(node, 0) {
		w.field(&m, form, p.key, p)
	}
	if len(w.report) == before && (m.text("on") == "" || m.text("target") == "") {
		w.refuse(w.at(line, "milestones"), "write "+examples["milestones"], "a milestone needs a date and a target")
	}
	if len(w.report) > before {
		e.broken = append(e.broken, "milestones")
		return
	}
	e.add("milestones", m.text("on")+"="+m.text("target"), line)
}
