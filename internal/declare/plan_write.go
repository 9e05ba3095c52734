package declare

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// mostLines is how many things a plan names one by one.
const mostLines = 200

// Write shows the plan to people: how many of each noun, then line by line
// what is removed, changed, kept and created, in that order, so that a thousand
// new things do not hide the one that changes.
func (p Plan) Write(to io.Writer) error {
	var text strings.Builder
	for _, of := range []struct {
		action Action
		words  string
	}{
		{Create, "to create"},
		{Modify, "to change"},
		{Remove, "to remove"},
		{Keep, "no longer declared, but kept"},
	} {
		if n := p.tally(of.action); n != "" {
			fmt.Fprintf(&text, "%s: %s\n", of.words, n)
		}
	}
	if p.Empty() {
		text.WriteString("nothing to do: everything stands as it is declared\n")
	}
	if len(p.Changes) > 0 {
		text.WriteString("\n")
	}
	changes := slices.Clone(p.Changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return a.Action.urgency(b.Action) })
	for _, c := range changes[:min(mostLines, len(changes))] {
		text.WriteString(c.String() + "\n")
	}
	if more := len(changes) - mostLines; more > 0 {
		fmt.Fprintf(&text, "… and %d more\n", more)
	}
	if _, err := io.WriteString(to, text.String()); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// tally is the number of each noun that an action happens to, such as
// 1 cohort, 40 cities.
func (p Plan) tally(a Action) string {
	var parts []string
	for _, t := range tables {
		n := 0
		for _, c := range p.Changes {
			if c.Action == a && c.Noun == t.noun {
				n++
			}
		}
		switch n {
		case 0:
		case 1:
			parts = append(parts, "1 "+string(t.noun))
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, t.plural))
		}
	}
	return strings.Join(parts, ", ")
}

// String is the change as one line of a plan.
func (c Change) String() string {
	thing := fmt.Sprintf("%s %s", c.Noun, c.Key)
	switch c.Action {
	case Create:
		return "+ " + thing
	case Remove:
		return "- " + thing
	case Keep:
		return "! " + thing + " is no longer declared; it is kept (--prune removes what has no observations)"
	}
	fields := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		fields[i] = fmt.Sprintf("%s: %s -> %s", f.Name, cmp.Or(f.Old, "none"), cmp.Or(f.New, "none"))
	}
	return "~ " + thing + "  " + strings.Join(fields, ", ")
}
