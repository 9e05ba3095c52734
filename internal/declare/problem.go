package declare

import (
	"fmt"
	"slices"
	"strings"
)

// Place is where something is written. Its zero value is nowhere.
type Place struct {
	File string `json:"file"`
	// Line counts from 1, as an editor does, and is that of a record's first
	// line; 0 is the file as a whole.
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"` // as a spreadsheet names it; CSV files only
	Field  string `json:"field,omitempty"`  // the column's header, or the key in YAML
}

// String is the place as compilers write it, such as
// cities.csv:4 (column D, population).
func (p Place) String() string {
	text := p.File
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d", text, p.Line)
	}
	switch {
	case p.Column != "" && p.Field != "":
		text += fmt.Sprintf(" (column %s, %s)", p.Column, p.Field)
	case p.Column != "":
		text += fmt.Sprintf(" (column %s)", p.Column)
	case p.Field != "":
		text += " (" + p.Field + ")"
	}
	return text
}

// Severity says whether a problem refuses the declaration.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing wrong with a declaration, or worth a second look.
type Problem struct {
	Place
	Severity Severity `json:"severity"`
	Message  string   `json:"message"` // what is wrong, in words
	Hint     string   `json:"hint,omitempty"`
}

// String is the problem in one line.
func (p Problem) String() string {
	text := fmt.Sprintf("%s: %s: %s", p.Place, p.Severity, p.Message)
	if p.Hint != "" {
		text += ": " + p.Hint
	}
	return text
}

// Report is every problem of a declaration, by file, then by line.
type Report []Problem

// Refused reports whether one of the problems is an error.
func (r Report) Refused() bool {
	return slices.ContainsFunc(r, func(p Problem) bool { return p.Severity == Error })
}

// String is the report, a problem a line.
func (r Report) String() string {
	var text strings.Builder
	for _, p := range r {
		text.WriteString(p.String() + "\n")
	}
	return text.String()
}
