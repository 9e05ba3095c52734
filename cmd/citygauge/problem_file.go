package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

// problemFile is the file of --report; its zero value writes nothing.
type problemFile struct {
	file  *os.File
	table upload.ProblemCSV
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
	table, err := upload.NewProblemCSV(file)
	return &problemFile{file, table}, err
}

func (p *problemFile) add(problem intake.Problem) error {
	if p.file == nil {
		return nil
	}
	return p.table.Add(problem)
}

func (p *problemFile) close() error {
	if p.file == nil {
		return nil
	}
	if err := errors.Join(p.table.Flush(), p.file.Close()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
