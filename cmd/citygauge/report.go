package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// shownChanges is how many changes a person is shown.
const shownChanges = 20

// printReport writes a report for people.
func printReport(w io.Writer, r upload.Report) error {
	var text strings.Builder
	for _, p := range r.Problems {
		text.WriteString(problemLine(p) + "\n")
	}
	c := r.Counts
	if !r.Applied && !r.Refused() {
		fmt.Fprintf(&text, "%s: fit to import: %d rows, %d of them without a value\n", r.File, c.Rows, c.Skipped)
		_, err := io.WriteString(w, text.String())
		return err
	}
	if r.Refused() {
		fmt.Fprintf(&text, "%s: refused: %d of %d rows have errors, and nothing was changed\n", r.File, c.Rejected, c.Rows)
		_, err := io.WriteString(w, text.String())
		return err
	}
	fmt.Fprintf(&text, "%s: %d rows: %d new, %d changed, %d unchanged, %d withdrawn, %d skipped, %d rejected\n",
		r.File, c.Rows, c.New, c.Changed, c.Unchanged, c.Withdrawn, c.Skipped, c.Rejected)
	shown := 0
	for _, change := range r.Changes {
		if change.OldStatus == "" { // new ones are what one expects
			continue
		}
		if shown++; shown > shownChanges {
			break
		}
		fmt.Fprintf(&text, "  %s %s %s: %s -> %s\n", change.City, change.Indicator, change.Period,
			observed(change.Old, string(change.OldStatus)), observed(change.New, string(change.NewStatus)))
	}
	if rest := c.Changed + c.Withdrawn - shownChanges; rest > 0 {
		fmt.Fprintf(&text, "  … and %d more\n", rest)
	}
	for _, s := range r.StatusChanges {
		old := "not judged"
		if s.Old != "" {
			old = s.Old.Words()
		}
		fmt.Fprintf(&text, "  %s %s (%s): %s -> %s\n", s.City, s.Indicator, s.Cohort, old, s.New.Words())
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func observed(value progress.Figure, status string) string {
	switch {
	case status == "":
		return "withdrawn"
	case !value.Known:
		return status
	case status == "final":
		return value.String()
	}
	return value.String() + " " + status
}

// problemLine is a problem as compilers write it.
func problemLine(p intake.Problem) string {
	place := p.File
	if p.Line > 0 {
		place += ":" + strconv.Itoa(p.Line)
	}
	if p.Column.Letter != "" {
		place += fmt.Sprintf(" (column %s, %s)", p.Column.Letter, p.Column.Header)
	}
	line := fmt.Sprintf("%s: %s: %s", place, p.Severity, p.Message)
	if p.Hint != "" {
		line += ": " + p.Hint
	}
	return line + " [" + string(p.Code) + "]"
}

// problemFile is the file of --report; its zero value writes nothing.
type problemFile struct {
	file *os.File
	csv  *csv.Writer
}

func (f *readingFlags) openReport() (*problemFile, error) {
	if f.Report == "" {
		return &problemFile{}, nil
	}
	file, err := os.Create(f.Report)
	if err != nil {
		return nil, usageError{err}
	}
	p := &problemFile{file, csv.NewWriter(file)}
	return p, p.csv.Write([]string{"file", "line", "column", "header", "code", "severity", "value", "message", "hint"})
}

func (p *problemFile) add(problem intake.Problem) error {
	if p.csv == nil {
		return nil
	}
	return p.csv.Write([]string{
		problem.File, strconv.Itoa(problem.Line), problem.Column.Letter, problem.Column.Header,
		string(problem.Code), string(problem.Severity), problem.Value, problem.Message, problem.Hint,
	})
}

func (p *problemFile) close() error {
	if p.csv == nil {
		return nil
	}
	p.csv.Flush()
	if err := p.csv.Error(); err != nil {
		return err
	}
	return p.file.Close()
}
