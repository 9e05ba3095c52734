package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/citygauge/citygauge/internal/backtest"
	"github.com/citygauge/citygauge/internal/programme"
)

// backtestCommand tries the forecast on years that are over. It is for those
// who work on the method, and is not among the commands that help lists.
type backtestCommand struct {
	Folder    string              `arg:"" optional:"" type:"existingdir" help:"A folder with observations.csv; without one, simulated series alone."`
	Measure   programme.Measure   `enum:"latest,rolling,rolling-mean,mean,total,all" default:"total" help:"How the observations are judged; all tries every measure."`
	Kind      programme.Kind      `enum:"count,quantity" default:"count" help:"What the observations are."`
	Direction programme.Direction `enum:"increase,decrease" default:"decrease" help:"Where they should go."`
	Target    string              `default:"-10%" help:"What is to be reached, such as -10% or +10%."`
	Year      int                 `help:"The year that is forecast; by default the newest that is complete."`
	Plot      string              `placeholder:"FILE" help:"Draw the coverage into an SVG file."`
}

// Run prints the tables.
func (c *backtestCommand) Run(std streams) (err error) {
	by := backtest.Judging{Measure: c.Measure, Kind: c.Kind, Direction: c.Direction, Year: c.Year}
	if by.Goal, err = programme.ParseGoal(c.Target); err != nil {
		return usageError{err}
	}
	if c.Measure == "all" {
		by.Measure = ""
	}
	var observations io.Reader
	if c.Folder != "" {
		file, err := os.Open(filepath.Join(c.Folder, "observations.csv"))
		if err != nil {
			return usageError{fmt.Errorf("read the observations: %w", err)}
		}
		defer file.Close()
		observations = file
	}
	if err := c.run(std.out, observations, by); !errors.Is(err, backtest.ErrObservations) {
		return err
	} else if _, err := fmt.Fprintln(std.out, err); err != nil {
		return err
	}
	return errRefused
}

func (c *backtestCommand) run(tables io.Writer, observations io.Reader, by backtest.Judging) error {
	if c.Plot == "" {
		return backtest.Run(tables, nil, observations, by)
	}
	plot, err := os.Create(c.Plot)
	if err != nil {
		return usageError{err}
	}
	return errors.Join(backtest.Run(tables, plot, observations, by), plot.Close())
}
