package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

type importCommand struct {
	Files []string `arg:"" optional:"" name:"file" help:"CSV files or workbooks; - is standard input."`
	readingFlags
	OnError string   `name:"on-error" enum:"reject,skip" default:"reject" placeholder:"reject|skip" help:"With errors in a file: reject all of it (the default), or skip the rows that have them; with no other row, it is rejected all the same."`
	DryRun  bool     `name:"dry-run" xor:"preview" help:"Show exactly what would change, and change nothing. The report has a token."`
	Commit  []string `sep:"none" xor:"preview" placeholder:"TOKEN" help:"Instead of files: apply what a dry run of the last 24 hours showed."`
}

// Validate makes sure that there is something to import.
func (c *importCommand) Validate() error {
	switch {
	case len(c.Files) == 0 && len(c.Commit) == 0:
		return errors.New("name files, or with --commit what was shown of them")
	case len(c.Files) > 0 && len(c.Commit) > 0:
		return errors.New("--commit applies what was shown, and takes no files")
	}
	return nil
}

// Run takes the files in, each for itself.
func (c *importCommand) Run(ctx context.Context, g *Global, std streams) error {
	files, err := openInputs(c.Files, std)
	if err != nil {
		return err
	}
	defer files.close()
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	uploads := g.uploads(d)
	if len(c.Commit) > 0 {
		return c.commit(ctx, uploads, std)
	}
	request := c.request()
	request.OnError = upload.OnError(c.OnError)
	request.Account = operator()
	do, summary := uploads.Import, taken
	if c.DryRun {
		do, summary = uploads.Preview, g.previewed
	}
	return c.each(std, files, request, summary, func(r upload.Request) (upload.Report, error) {
		report, err := do(ctx, r)
		switch {
		case errors.Is(err, upload.ErrNoCity):
			err = noCity(c.City)
		case errors.Is(err, store.ErrUnreachable):
			err = fmt.Errorf("import %s: %w: run the command again; nothing is taken in twice", r.Name, err)
		}
		return report, err
	})
}

// commit applies what previews showed, each for itself.
func (c *importCommand) commit(ctx context.Context, uploads *upload.Service, std streams) (err error) {
	problems, err := createProblemFile(c.Report)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, problems.close()) }()
	refused := []error{}
	for _, token := range c.Commit {
		switch err := c.commitOne(ctx, uploads, token, problems, std); {
		case errors.Is(err, upload.ErrNoToken), errors.Is(err, upload.ErrConflict):
			refused = append(refused, fmt.Errorf("%w: --commit %s: %w", errRefused, token, err))
		case errors.Is(err, store.ErrUnreachable):
			return fmt.Errorf("--commit %s: %w: run the command again; nothing is taken in twice", token, err)
		case err != nil:
			return err
		}
	}
	return errors.Join(refused...)
}

func (c *importCommand) commitOne(ctx context.Context, uploads *upload.Service, token string, problems *problemFile, std streams) error {
	by := upload.Sender{Account: operator()}
	report, err := uploads.Commit(ctx, token, by)
	if err != nil {
		return err
	}
	if problems.file != nil {
		if err := uploads.Problems(ctx, report.Upload, by, problems.add); err != nil {
			return err
		}
	}
	return c.print(std.out, report, taken)
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
