package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

// readingFlags say how files of observations are read.
type readingFlags struct {
	Files     []string `arg:"" name:"file" help:"CSV files; - is standard input."`
	City      string   `placeholder:"CITY" help:"The one city that the files may speak of; they then need no city column."`
	Indicator string   `placeholder:"INDICATOR" help:"What files without an indicator column are about."`
	Decimal   string   `enum:"auto,point,comma" default:"auto" help:"What a number such as 1.234 means: ${enum}."`
	JSON      bool     `name:"json" help:"Print a JSON object for each file."`
	Report    string   `placeholder:"FILE" help:"Write every problem to a CSV file."`
}

type importCommand struct {
	readingFlags
	OnError string `name:"on-error" enum:"reject,skip" default:"reject" help:"With errors in a file: reject all of it, or skip the rows."`
}

// Run takes the files in, each for itself.
func (c *importCommand) Run(ctx context.Context, g *Global, std streams) (err error) {
	request := c.request()
	request.OnError = upload.OnError(c.OnError)
	request.Account = operator()
	problems, err := c.openReport()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, problems.close()) }()
	request.Problem = problems.add
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	return c.each(std, func(f *inputFile) (upload.Report, error) {
		request.Name, request.Content = f.name, f.open
		return g.uploads(d).Import(ctx, request)
	})
}

// request is what the flags say of every file.
func (f *readingFlags) request() upload.Request {
	r := upload.Request{Indicator: f.Indicator}
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

// each does something with every file, and prints each report.
func (f *readingFlags) each(std streams, do func(*inputFile) (upload.Report, error)) error {
	refused := false
	for _, name := range f.Files {
		file, err := openInput(name, std)
		if err != nil {
			return usageError{err}
		}
		report, err := do(file)
		file.close()
		if err != nil {
			return err
		}
		if f.JSON {
			err = json.NewEncoder(std.out).Encode(report)
		} else {
			err = printReport(std.out, report)
		}
		if err != nil {
			return err
		}
		refused = refused || report.Refused()
	}
	if refused {
		return errRefused
	}
	return nil
}

// operator names who uses the command line, for the upload's record.
func operator() string {
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME"} {
		if user := os.Getenv(name); user != "" {
			return fmt.Sprintf("%s (command line)", user)
		}
	}
	return "command line"
}
