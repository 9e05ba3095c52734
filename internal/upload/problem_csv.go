package upload

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
)

// ProblemCSV writes problems as a table that is safe to open in a spreadsheet:
// no cell of somebody else's file is taken for a formula.
type ProblemCSV struct{ csv *csv.Writer }

// NewProblemCSV begins a table with its header.
func NewProblemCSV(w io.Writer) (ProblemCSV, error) {
	p := ProblemCSV{csv.NewWriter(w)}
	return p, p.csv.Write([]string{"file", "line", "column", "header", "code", "severity", "value", "message", "hint"})
}

// Add writes a problem.
func (p ProblemCSV) Add(problem intake.Problem) error {
	return p.csv.Write([]string{
		inert(problem.File), strconv.Itoa(problem.Line), problem.Column.Letter, inert(problem.Column.Header),
		string(problem.Code), string(problem.Severity), inert(problem.Value), inert(problem.Message), inert(problem.Hint),
	})
}

// Flush writes what is still in memory; its error is the first that writing
// had.
func (p ProblemCSV) Flush() error {
	p.csv.Flush()
	return p.csv.Error()
}

// inert is text that no spreadsheet computes: an apostrophe makes it text. A
// plain number stays as it is.
func inert(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
