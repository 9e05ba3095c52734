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
	readingFlags
	OnError string `name:"on-error" enum:"reject,skip" default:"reject" placeholder:"reject|skip" help:"With errors in a file: reject all of it (the default), or skip the rows that have them."`
}

// Run takes the files in, each for itself.
func (c *importCommand) Run(ctx context.Context, g *Global, std streams) error {
	files, err := openInputs(c.Files, std)
	if err != nil {
		return usageError{err}
	}
	defer files.close()
	request := c.request()
	request.OnError = upload.OnError(c.OnError)
	request.Account = operator()
	d, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer d.close(g.log)
	uploads := g.uploads(d)
	return c.each(std, files, request, taken, func(r upload.Request) (upload.Report, error) {
		report, err := uploads.Import(ctx, r)
		switch {
		case errors.Is(err, upload.ErrNoCity):
			err = noCity(c.City)
		case errors.Is(err, store.ErrUnreachable):
			err = fmt.Errorf("import %s: %w: run the command again; nothing is taken in twice", r.Name, err)
		}
		return report, err
	})
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
