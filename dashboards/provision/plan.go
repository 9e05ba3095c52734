package provision

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/declare"
)

// Kind is what a change is of.
type Kind string

// The kinds, in the order in which they are made.
const (
	Organisation Kind = "organisation"
	User         Kind = "user"
	Member       Kind = "member"
	DataSource   Kind = "data source"
	Folder       Kind = "folder"
	Dashboard    Kind = "dashboard"
	Preferences  Kind = "preferences"
)

var kinds = []Kind{Organisation, User, Member, DataSource, Folder, Dashboard, Preferences}

// Change is what happens to one thing in Grafana.
type Change struct {
	Organisation string                `json:"organisation,omitempty"` // that it is in
	Kind         Kind                  `json:"kind"`
	Name         string                `json:"name"`
	Action       declare.Action        `json:"action"`
	Fields       []declare.FieldChange `json:"fields,omitempty"` // of a change
	More         int                   `json:"more,omitempty"`   // fields that are not listed
}

// Plan is what makes a Grafana match the programme.
type Plan struct {
	// State is a fingerprint of what is desired, passwords apart: two runs that
	// have the same one want the same of a Grafana.
	State   string   `json:"state"`
	Changes []Change `json:"changes"`
	// Warnings are of what citygauge has not made and leaves alone.
	Warnings []string `json:"warnings"`
}

// Empty reports whether there is nothing to do. What is merely kept is nothing.
func (p Plan) Empty() bool {
	return !slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Action != declare.Keep })
}

// sort puts the plan in an order that does not depend on what was read first.
func (p *Plan) sort() {
	slices.SortStableFunc(p.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Name, b.Name))
	})
	slices.Sort(p.Warnings)
}

// mostLines is how many changes are shown one by one.
const mostLines = 200

// Write shows the plan to people: how many of each kind, then what is removed,
// changed, kept and created.
func (p Plan) Write(to io.Writer) error {
	var text strings.Builder
	actions := []struct {
		action declare.Action
		words  string
	}{
		{declare.Remove, "to remove"},
		{declare.Modify, "to change"},
		{declare.Keep, "no longer wanted, but kept"},
		{declare.Create, "to create"},
	}
	for _, a := range actions {
		if n := p.tally(a.action); n != "" {
			fmt.Fprintf(&text, "%s: %s\n", a.words, n)
		}
	}
	if p.Empty() {
		text.WriteString("nothing to do: Grafana matches the programme\n")
	}
	lines := 0
	for _, a := range actions {
		for _, c := range p.Changes {
			if c.Action != a.action {
				continue
			}
			if lines == 0 {
				text.WriteString("\n")
			}
			if lines++; lines <= mostLines {
				text.WriteString(c.String() + "\n")
			}
		}
	}
	if lines > mostLines {
		fmt.Fprintf(&text, "… and %d more\n", lines-mostLines)
	}
	_, err := io.WriteString(to, text.String())
	return err
}

func (p Plan) tally(action declare.Action) string {
	var parts []string
	for _, k := range kinds {
		n := 0
		for _, c := range p.Changes {
			if c.Action == action && c.Kind == k {
				n++
			}
		}
		switch {
		case n == 0:
		case n == 1 || k == Preferences:
			parts = append(parts, fmt.Sprintf("%d %s", n, k))
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, k))
		}
	}
	return strings.Join(parts, ", ")
}

// String is the change as one line.
func (c Change) String() string {
	thing := string(c.Kind) + " " + c.Name
	if c.Organisation != "" {
		thing = c.Organisation + ": " + thing
	}
	switch c.Action {
	case declare.Create:
		return "+ " + thing
	case declare.Remove:
		return "- " + thing
	case declare.Keep:
		return "! " + thing + " is no longer wanted; it is kept (--prune removes it)"
	}
	fields := make([]string, len(c.Fields))
	for n, f := range c.Fields {
		fields[n] = fmt.Sprintf("%s: %s -> %s", f.Name, cmp.Or(f.Old, "none"), cmp.Or(f.New, "none"))
	}
	if c.More > 0 {
		fields = append(fields, fmt.Sprintf("… and %d more", c.More))
	}
	return "~ " + thing + "  " + strings.Join(fields, ", ")
}
