package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
)

// problemFile is the file of --report; its zero value writes nothing.
type problemFile struct {
	file *os.File
	csv  *intake.Writer
}

// createProblemFile begins the file with a header; no path is no file.
func createProblemFile(path string) (*problemFile, error) {
	if path == "" {
		return &problemFile{}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	p := &problemFile{file, intake.NewWriter(file)}
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
	if err := errors.Join(p.csv.Flush(), p.file.Close()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
