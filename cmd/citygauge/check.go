package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

type checkCommand struct {
	Files []string `arg:"" name:"file" help:"CSV files or workbooks; - is standard input."`
	readingFlags
	Programme []string `placeholder:"PATH" help:"The programme to check against; then no database is needed."`
}

// Run checks the files and takes nothing in.
func (c *checkCommand) Run(ctx context.Context, g *Global, std streams) error {
	files, err := openInputs(c.Files, std)
	if err != nil {
		return err
	}
	defer files.close()
	if err := c.spareProgramme(); err != nil {
		return usageError{err}
	}
	p, err := c.programme(ctx, g, std)
	if err != nil {
		return err
	}
	request := c.request()
	if err := knows(p, request.Scope, nil); err != nil {
		return err
	}
	return c.each(std, files, request, fitness, func(r upload.Request) (upload.Report, error) {
		return upload.Check(ctx, p, r, g.today)
	})
}

// spareProgramme makes sure that the report does not overwrite the programme.
func (c *checkCommand) spareProgramme() error {
	for _, path := range c.Programme {
		tables, err := filepath.Glob(filepath.Join(path, "*.csv"))
		if err != nil {
			return err
		}
		for _, name := range append(tables, path) {
			if info, err := os.Stat(name); err == nil && overwrites(c.Report, info) {
				return wouldOverwrite(c.Report, name)
			}
		}
	}
	return nil
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
