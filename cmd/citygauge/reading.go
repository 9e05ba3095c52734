package main

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

// readingFlags say how files of observations are read.
type readingFlags struct {
	City      string `placeholder:"CITY" help:"The one city that the files may speak of; they then need no city column."`
	Indicator string `placeholder:"INDICATOR" help:"What files without an indicator column are about."`
	Sheet     string `placeholder:"SHEET" help:"The sheet of a workbook to read; the first, if none is named."`
	Decimal   string `enum:"auto,point,comma" default:"auto" placeholder:"point|comma" help:"What a number such as 1.234 means, where the file does not settle it."`
	JSON      bool   `name:"json" help:"Print a JSON object for each file."`
	Report    string `placeholder:"FILE" help:"Write every problem to a CSV file."`
}

// request is what the flags say of every file.
func (f *readingFlags) request() upload.Request {
	r := upload.Request{Indicator: f.Indicator, Sheet: f.Sheet}
	if f.City != "" {
		r.Scope = upload.Scope{f.City}
	}
	switch f.Decimal {
	case "point":
		r.Decimal = intake.DecimalPoint
	case "comma":
		r.Decimal = intake.DecimalComma
	}
	return r
}

// each does something with every file, and prints each report, for people in
// the words of a summary.
func (f *readingFlags) each(std streams, files inputs, r upload.Request, summary func(upload.Report) string, do func(upload.Request) (upload.Report, error)) (err error) {
	if err := files.spare(f.Report); err != nil {
		return usageError{err}
	}
	problems, err := createProblemFile(f.Report)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, problems.close()) }()
	r.Problem = problems.add
	refused := false
	for _, file := range files {
		r.Name, r.Content = file.name, file.open
		report, err := do(r)
		if err != nil {
			return err
		}
		if err := f.print(std.out, report, summary); err != nil {
			return err
		}
		refused = refused || report.Refused()
	}
	if refused {
		return errRefused
	}
	return nil
}

func (f *readingFlags) print(w io.Writer, r upload.Report, summary func(upload.Report) string) error {
	if f.JSON {
		return printJSON(w, r)
	}
	_, err := io.WriteString(w, problemLines(r)+summary(r))
	return err
}

// printJSON writes a value as one line of JSON, in which < stays as it is.
func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
