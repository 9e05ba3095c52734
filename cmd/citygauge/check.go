package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

type checkCommand struct {
	readingFlags
	Programme []string `placeholder:"PATH" help:"The programme to check against; then no database is needed."`
}

// Run checks the files and takes nothing in.
func (c *checkCommand) Run(ctx context.Context, g *Global, std streams) (err error) {
	request := c.request()
	problems, err := c.openReport()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, problems.close()) }()
	request.Problem = problems.add
	p, err := c.programme(ctx, g, std)
	if err != nil {
		return err
	}
	return c.each(std, func(f *inputFile) (upload.Report, error) {
		request.Name, request.Content = f.name, f.open
		return upload.Check(ctx, p, request, g.today)
	})
}

func (c *checkCommand) programme(ctx context.Context, g *Global, std streams) (programme.Programme, error) {
	if len(c.Programme) > 0 {
		declaration, err := declare.Read(c.Programme...)
		if err != nil {
			return programme.Programme{}, usageError{err}
		}
		if declaration.Report.Refused() {
			fmt.Fprint(std.out, declaration.Report)
			return programme.Programme{}, errRefused
		}
		return declaration.Programme, nil
	}
	d, err := g.open(ctx)
	if err != nil {
		return programme.Programme{}, err
	}
	defer d.close(g.log)
	return d.Programme(ctx)
}
