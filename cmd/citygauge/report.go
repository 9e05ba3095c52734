package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// shown is how many changes, and how many changed statuses, a person is shown.
const shown = 20

// fitness says in a line whether a file that was checked may be imported.
func fitness(r upload.Report) string {
	switch {
	case r.Refused():
		return fmt.Sprintf("%s: not fit to import%s\n", r.File, withErrors(r.Counts))
	case r.Counts.Skipped > 0:
		return fmt.Sprintf("%s: fit to import: %s, %d of them without a value\n", r.File, number(r.Counts.Rows, "row"), r.Counts.Skipped)
	}
	return fmt.Sprintf("%s: fit to import: %s\n", r.File, number(r.Counts.Rows, "row"))
}

// previewed says what would become of a file, and how to apply it.
func (g *Global) previewed(r upload.Report) string {
	if r.Refused() {
		return taken(r)
	}
	command := "citygauge import --commit " + r.Token
	if g.DataDir != "" { // else it would look for the token elsewhere
		command += " --data-dir " + g.DataDir
	}
	return taken(r) + "Nothing was changed yet. Within 24 hours, this applies it:\n  " + command + "\n"
}

// taken says what became of a file that was imported: in a line, and in one for
// each of the first changes.
func taken(r upload.Report) string {
	if r.Refused() {
		return fmt.Sprintf("%s: refused, nothing was changed%s\n", r.File, withErrors(r.Counts))
	}
	c := r.Counts
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s: %d new, %d changed, %d unchanged", r.File, number(c.Rows, "row"), c.New, c.Changed, c.Unchanged)
	for _, rare := range []struct {
		rows int64
		fate string
	}{{c.Withdrawn, "withdrawn"}, {c.Skipped, "without a value"}, {c.Rejected, "rejected"}} {
		if rare.rows > 0 {
			fmt.Fprintf(&text, ", %d %s", rare.rows, rare.fate)
		}
	}
	text.WriteString("\n")
	// New ones last: they are what one expects.
	changes := slices.SortedStableFunc(slices.Values(r.Changes), func(a, b upload.Change) int {
		return -cmp.Compare(min(1, len(a.OldStatus)), min(1, len(b.OldStatus)))
	})
	list(&text, changes, int(c.New+c.Changed+c.Withdrawn), changeLine)
	list(&text, r.StatusChanges, len(r.StatusChanges), statusLine)
	return text.String()
}

// list writes a line for each of the first things, and how many there are
// beside them.
func list[T any](text *strings.Builder, things []T, all int, line func(T) string) {
	things = things[:min(shown, len(things))]
	for _, t := range things {
		fmt.Fprintf(text, "  %s\n", line(t))
	}
	if more := all - len(things); more > 0 {
		fmt.Fprintf(text, "  … and %d more\n", more)
	}
}

// changeLine is a change as plans write theirs.
func changeLine(c upload.Change) string {
	key := fmt.Sprintf("%s/%s %s: ", c.City, c.Indicator, c.Period)
	before, now := observed(c.Old, string(c.OldStatus)), observed(c.New, string(c.NewStatus))
	switch {
	case c.OldStatus == "":
		return "+ " + key + now
	case c.NewStatus == "":
		return "- " + key + before + " is withdrawn"
	}
	return "~ " + key + before + " -> " + now
}

func statusLine(s upload.StatusChange) string {
	before := "not judged"
	if s.Old != "" {
		before = s.Old.Words()
	}
	return fmt.Sprintf("%s/%s/%s: %s -> %s", s.City, s.Indicator, s.Cohort, before, s.New.Words())
}

func observed(value progress.Figure, status string) string {
	switch {
	case !value.Known:
		return status
	case status == "final":
		return value.String()
	}
	return value.String() + " " + status
}

// withErrors says how many rows have errors; nothing where it is the file as a
// whole that has one.
func withErrors(c upload.Counts) string {
	var text string
	switch c.Rejected {
	case 0:
		return ""
	case 1:
		text = fmt.Sprintf(": 1 of %s has an error", number(c.Rows, "row"))
	default:
		text = fmt.Sprintf(": %d of %s have errors", c.Rejected, number(c.Rows, "row"))
	}
	if c.Skipped > 0 && c.Rejected+c.Skipped == c.Rows {
		text += fmt.Sprintf(", and %d no value", c.Skipped)
	}
	return text
}

func number(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shownProblems is how many problems a person is shown.
const shownProblems = 50

// problemLines are the problems that a report lists, a line each.
func problemLines(r upload.Report) string {
	var text strings.Builder
	for _, p := range r.Problems[:min(shownProblems, len(r.Problems))] {
		text.WriteString(problemLine(r.File, p) + "\n")
	}
	if len(r.Problems) > shownProblems {
		fmt.Fprintf(&text, "These are the first %d problems; --report FILE writes all of them.\n", shownProblems)
	}
	return text.String()
}

// said is a problem's message, behind the value that it speaks of.
func said(p intake.Problem) string {
	if p.Value == "" || strings.Contains(p.Message, p.Value) {
		return p.Message
	}
	return fmt.Sprintf("%q: %s", p.Value, p.Message)
}

// problemLine is a problem of a file as compilers write it.
func problemLine(file string, p intake.Problem) string {
	place := cmp.Or(p.File, file)
	if p.Line > 0 {
		place += ":" + strconv.Itoa(p.Line)
	}
	switch {
	case p.Column.Letter != "" && p.Column.Header != "":
		place += fmt.Sprintf(" (column %s, %s)", p.Column.Letter, p.Column.Header)
	case p.Column.Letter != "":
		place += fmt.Sprintf(" (column %s)", p.Column.Letter)
	}
	line := fmt.Sprintf("%s: %s: %s", place, p.Severity, said(p))
	if p.Hint != "" {
		line += ": " + p.Hint
	}
	return line + " [" + string(p.Code) + "]"
}
