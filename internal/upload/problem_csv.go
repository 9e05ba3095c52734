package upload

import (
	"io"
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
)

// ProblemCSV writes problems as a table that is safe to open in a spreadsheet:
// no cell of somebody else's file is taken for a formula.
type ProblemCSV struct{ csv *intake.Writer }

// NewProblemCSV begins a table with its header.
func NewProblemCSV(w io.Writer) (ProblemCSV, error) {
	p := ProblemCSV{intake.NewWriter(w)}
	return p, p.csv.Write([]string{"file", "line", "column", "header", "code", "severity", "value", "message", "hint"})
}

// Add writes a problem.
func (p ProblemCSV) Add(problem intake.Problem) error {
	return p.csv.Write([]string{
		problem.File, strconv.Itoa(problem.Line), problem.Column.Letter, problem.Column.Header,
		string(problem.Code), string(problem.Severity), problem.Value, problem.Message, problem.Hint,
	})
}

// Flush writes what is still in memory; its error is the first that writing
// had.
func (p ProblemCSV) Flush() error { return p.csv.Flush() }
