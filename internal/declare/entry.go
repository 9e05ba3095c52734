package declare

import (
	"slices"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// source is a file that things were read from.
type source struct {
	file   string
	header []string // of a CSV file, as written; nil for YAML
}

// value is one text of an entry.
type value struct {
	text string // without surrounding space; empty for an empty cell
	line int
}

// entry is one thing as a file declares it, whatever the file's format. Cities
// that a * stands for share their entry.
type entry struct {
	noun   programme.Noun
	source *source
	line   int
	// names says which field each of the values belongs to. Several values of
	// one name are a list. The entries of a CSV file share their names, which
	// are the columns in order, empty for one that is not known.
	names  []string
	values []value
	broken []string // fields of which a problem has been reported
}

// text is a field's text, empty where it is not given.
func (e *entry) text(name string) string {
	if i := slices.Index(e.names, name); i >= 0 {
		return e.values[i].text
	}
	return ""
}

func (e *entry) has(name string) bool { return slices.Contains(e.names, name) }

func (e *entry) add(name, text string, line int) {
	e.names = append(e.names, name)
	e.values = append(e.values, value{strings.TrimSpace(text), line})
}

// list is a field's items, each with its line.
func (e *entry) list(name string) []value {
	var items []value
	for i, n := range e.names {
		if n != name {
			continue
		}
		for _, text := range strings.FieldsFunc(e.values[i].text, func(c rune) bool { return strings.ContainsRune(" \t\n,;|", c) }) {
			items = append(items, value{text, e.values[i].line})
		}
	}
	return items
}

// place is where a field is written: the field itself, else a sibling such as
// baseline.value for baseline.period, else the thing.
func (e *entry) place(field string) Place {
	i := slices.Index(e.names, field)
	if i < 0 {
		i = e.sibling(field)
	}
	if i < 0 {
		return Place{File: e.source.file, Line: e.line}
	}
	p := Place{File: e.source.file, Line: e.values[i].line}
	if e.source.header != nil {
		p.Column, p.Field = letter(i), e.source.header[i]
	} else if c, ok := tableOf(e.noun).column(func(c column) bool { return c.name == e.names[i] }); ok {
		p.Field = c.inYAML()
		if stem(p.Field) == "range" {
			p.Field = "range"
		}
	}
	return p
}

func (e *entry) sibling(field string) int {
	if field == "" {
		return -1
	}
	related := func(name string) bool { return name != "" && stem(name) == stem(field) }
	i := slices.IndexFunc(e.names, related)
	// milestones.2 is the third value of its name, where each has its own.
	_, number, _ := strings.Cut(field, ".")
	if n, err := strconv.Atoi(number); err == nil && i >= 0 && i+n < len(e.names) && related(e.names[i+n]) {
		i += n
	}
	return i
}

// suspect reports whether what is said of a field may follow from a problem
// that has been reported already.
func (e *entry) suspect(field string) bool {
	return slices.ContainsFunc(e.broken, func(b string) bool {
		return b == field || stem(b) == field || stem(field) == b
	})
}

// nameless reports whether the entry's key is known to be incomplete.
func (e *entry) nameless() bool {
	return slices.ContainsFunc(tableOf(e.noun).keys, func(k string) bool { return slices.Contains(e.broken, k) })
}

// letter is a column's name in a spreadsheet: A to Z, then AA.
func letter(i int) string {
	const letters = 26
	name := ""
	for i++; i > 0; i = (i - 1) / letters {
		name = string(rune('A'+(i-1)%letters)) + name
	}
	return name
}
