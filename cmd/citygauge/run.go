package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitDone        = 0
	exitRefused     = 1 // the input was refused: the report is on stdout
	exitUsage       = 2
	exitEnvironment = 3 // such as a database that cannot be reached
)

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
	helpTo := std.out
	if len(args) == 0 {
		helpTo = std.err
	}
	parser, err := kong.New(&c,
		kong.Name("citygauge"),
		kong.Description("Shows whether cities reach the targets that they set themselves for the year."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		groups,
		kong.Writers(helpTo, std.err),
		kong.Exit(func(status int) { exited = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&c.Global),
		kong.Vars{"version": version()},
	)
	if err != nil {
		fmt.Fprintln(std.err, "citygauge:", err)
		return exitUsage
	}
	command, err := parser.Parse(asked(args))
	if err == nil {
		err = c.readURL()
	}
	switch {
	case exited >= 0 && helpTo == std.err: // help was not asked for
		return exitUsage
	case exited >= 0:
		return exited
	case readerLeft(err): // of the help
		return exitDone
	case err != nil:
		fmt.Fprintln(std.err, "citygauge:", misused(err))
		return exitUsage
	}
	c.log = slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: c.logLevel(command.Command())}))
	if onlyWrites(command.Command()) {
		err := command.Run(std)
		if readerLeft(err) {
			return exitDone
		}
		return status(ctx, err, std)
	}
	out := &output{to: std.out}
	err = command.Run(streams{std.in, out, std.err})
	return out.status(std.err, status(ctx, err, std))
}

// onlyWrites reports whether a command does nothing but write: it is over when
// nobody reads any more.
func onlyWrites(command string) bool {
	name, _, _ := strings.Cut(command, " ")
	return name == "export" || name == "explain" || name == "audit" || name == "version"
}

// logLevel is that of the command line; else a server tells of its life, and
// others keep quiet.
func (g *Global) logLevel(command string) slog.Level {
	switch {
	case g.LogLevel != nil:
		return *g.LogLevel
	case command == "serve":
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// status tells of an error, and is the exit status that stands for it.
func status(ctx context.Context, err error, std streams) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errRefused):
		if err.Error() != errRefused.Error() { // something else, too
			fmt.Fprintln(std.err, "citygauge:", err)
		}
		return exitRefused
	case ctx.Err() != nil:
		fmt.Fprintln(std.err, "citygauge: interrupted:", err)
		return exitEnvironment
	}
	fmt.Fprintln(std.err, "citygauge:", err)
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitEnvironment
}
