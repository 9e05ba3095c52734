package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitDone        = 0
	exitRefused     = 1 // the input was refused: the report is on stdout
	exitUsage       = 2
	exitEnvironment = 3 // such as a database that cannot be reached
)

// errRefused ends a command whose input was refused, after it was reported.
var errRefused = errors.New("the input was refused")

// usageError is the error of a command that was called in a wrong way.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// streams are a process's standard streams: data goes to out, talk to err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// run is the whole program; it answers with the exit status.
func run(ctx context.Context, args []string, std streams) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("citygauge"),
		kong.Description("Shows whether cities reach the targets that they set themselves for the year."),
		kong.UsageOnError(),
		kong.Writers(std.out, std.err),
		kong.Exit(func(status int) { exited = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std, &c.Global),
		kong.Vars{"version": version()},
	)
	if err != nil {
		fmt.Fprintln(std.err, "citygauge:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // help was asked for
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "citygauge: %v\nRun citygauge --help, or citygauge COMMAND --help.\n", err)
		return exitUsage
	}
	c.Global.log = slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: c.LogLevel}))
	return status(command.Run(), std)
}

func status(err error, std streams) int {
	var misuse usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRefused):
		return exitRefused
	}
	fmt.Fprintln(std.err, "citygauge:", err)
	if errors.As(err, &misuse) {
		return exitUsage
	}
	return exitEnvironment
}
