package api

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/citygauge/citygauge/internal/intake"
)

// writeProblems writes problems as a list in JSON, one a line.
func writeProblems(w io.Writer, each func(func(intake.Problem) error) error) error {
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	between := `{"items":[` + "\n"
	next := func(text string) error {
		_, err := out.WriteString(text)
		return err
	}
	err := each(func(p intake.Problem) error {
		if err := next(between); err != nil {
			return err
		}
		between = ","
		return encoder.Encode(p)
	})
	if err != nil {
		return err
	}
	if between != "," {
		err = next(between)
	}
	if err == nil {
		err = next(`],"next":null}` + "\n")
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}
