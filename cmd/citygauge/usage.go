package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// errRefused ends a command whose input was refused, after it was reported.
var errRefused = errors.New("the input was refused")

// usageError is the error of a command that was called in a wrong way.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// asked is the arguments, with what other programs have one write for the help
// and the version.
func asked(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case slices.Equal(args, []string{"--version"}):
		return []string{"version"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	}
	return args
}

// misused is what is wrong with a command line, in plain words, and where to read
// on.
func misused(err error) string {
	command := []string{"citygauge"}
	if parsing, ok := errors.AsType[*kong.ParseError](err); ok {
		for _, step := range parsing.Context.Path {
			if step.Command != nil {
				command = append(command, step.Command.Name)
			}
		}
	}
	return fmt.Sprintf("%s\nRun %s --help.", plain(err.Error()), strings.Join(command, " "))
}

// plain puts what the parser of the command line says into plain words.
func plain(text string) string {
	for _, w := range wordings {
		text = w.parser.ReplaceAllString(text, w.plain)
	}
	return text
}

var wordings = []struct {
	parser *regexp.Regexp
	plain  string
}{
	{regexp.MustCompile(`^expected "(.*)"`), `$1 is missing`},
	{regexp.MustCompile(`^missing flags: (.*)`), `$1 is missing`},
	{regexp.MustCompile(`expected an? (?:int|valid \d+ bit u?int) but got ("[^"]*").*`), `$1 is not a whole number`},
	{regexp.MustCompile(`expected a float but got ("[^"]*").*`), `$1 is not a number`},
	{regexp.MustCompile(`bool value must be .* but got (".*")`), `$1 is neither true nor false`},
	{regexp.MustCompile(`expected \S+ value but got "EOL" \(<EOL>\)`), `its value is missing`},
	{regexp.MustCompile(`expected \S+ value but got (".*") \(.* flag\); perhaps try (.*)\?`), `its value is missing, unless you meant $2`},
	{regexp.MustCompile(`slog: level string (".*"): unknown name`), `$1 is none of DEBUG, INFO, WARN, ERROR`},
	{regexp.MustCompile(`\bstat (\S+): no such file or directory`), `there is no $1`},
}
