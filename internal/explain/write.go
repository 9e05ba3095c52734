package explain

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/citygauge/citygauge/internal/progress"
)

// Write writes the explanation as text, for a terminal of 80 columns.
func (e Explanation) Write(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s, %s: %s\n", e.Title, e.City, e.Words)
	data := "no data of the year yet"
	if !e.DataDate.IsZero() {
		data = "data up to " + dayWords(e.DataDate)
	}
	version := ""
	if e.TargetVersion > 0 {
		version = fmt.Sprintf("version %d of the target, ", e.TargetVersion)
	}
	fmt.Fprintf(&out, "Cohort %s, as of %s, with %s; %sversion %d of the formulas.\n", e.Cohort, dayWords(e.Day), data, version, e.FormulasVersion)
	if e.AtStart != "" {
		wrap(&out, "", strings.Fields(fmt.Sprintf("The target was changed after the year began: against the one of the start, the status is %s.", e.AtStart.Words())))
	}
	for n, s := range e.Steps {
		out.WriteByte('\n')
		wrap(&out, fmt.Sprintf("%d. ", n+1), strings.Fields(s.Sentence))
		s.write(&out)
	}
	_, err := w.Write(out.Bytes())
	if err != nil {
		return fmt.Errorf("write the explanation of %s/%s: %w", e.City, e.Indicator, err)
	}
	return nil
}

const indent = "   "

func (s Step) write(out *bytes.Buffer) {
	if s.Symbol != "" && s.Result.Known {
		parts := []string{s.Symbol}
		if s.Formula != "" && s.Formula != s.Result.String() {
			parts = append(parts, s.Formula)
		}
		wrap(out, indent, strings.Fields(strings.Join(append(parts, s.Result.String()), " = ")))
	}
	inputs := make([]string, len(s.Inputs))
	for n, in := range s.Inputs {
		inputs[n] = in.Name + " " + progress.Known(in.Value).String()
		if n < len(s.Inputs)-1 {
			inputs[n] += ","
		}
	}
	if len(inputs) > 0 {
		wrap(out, indent, append([]string{"with"}, inputs...))
	}
	for _, row := range s.Rows {
		answer := "no"
		if row.Holds {
			answer = "yes"
		}
		wrap(out, indent, strings.Fields(fmt.Sprintf("%s, if %s: %s", row.Status, row.When, answer)))
	}
	wrap(out, indent, strings.Fields("Source: "+s.Source))
}

// wrap writes words in lines of at most 80 columns, where they fit; the first
// line begins with a mark, the others are indented.
func wrap(out *bytes.Buffer, mark string, words []string) {
	const columns = 80
	line, length := mark, len([]rune(mark))
	empty := true
	for _, word := range words {
		size := len([]rune(word))
		if !empty && length+1+size > columns {
			out.WriteString(line + "\n")
			line, length, empty = indent, len(indent), true
		}
		if !empty {
			line += " "
			length++
		}
		line += word
		length += size
		empty = false
	}
	out.WriteString(line + "\n")
}
