package exposition

import (
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/progress"
)

// contentType is that of the text format in which everything is served.
const contentType = "text/plain; version=0.0.4; charset=utf-8"

// samples appends lines of the text format.
type samples struct {
	text   []byte
	family string // the name of the family whose samples are written

	count     int
	countOnly bool // write nothing
}

// add appends one sample, or nothing where the value is not known. Labels is
// what [appendLabels] wrote; more are names and values in turn.
func (s *samples) add(labels []byte, value progress.Figure, more ...string) {
	// A figure is finite by its constructor, but not by its type.
	if !value.Known || !progress.Known(value.Number).Known {
		return
	}
	if s.count++; s.countOnly {
		return
	}
	s.begin(labels)
	s.text = appendLabels(s.text, len(labels) > 0, more...)
	s.text = append(s.text, "} "...)
	s.text = strconv.AppendFloat(s.text, value.Number, 'g', -1, 64)
	s.text = append(s.text, '\n')
}

// addInfo appends a sample of 1 with further labels that [appendLabels] wrote.
func (s *samples) addInfo(labels []byte, more string) {
	if s.count++; s.countOnly {
		return
	}
	s.begin(labels)
	if more != "" {
		s.text = append(s.text, ',')
		s.text = append(s.text, more...)
	}
	s.text = append(s.text, "} 1\n"...)
}

func (s *samples) begin(labels []byte) {
	s.text = append(s.text, s.family...)
	s.text = append(s.text, '{')
	s.text = append(s.text, labels...)
}

// appendLabels appends pairs of names and values as they stand between braces.
// An empty value is the same as none to Prometheus, and left out.
func appendLabels(text []byte, comma bool, pairs ...string) []byte {
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if value == "" {
			continue
		}
		if comma {
			text = append(text, ',')
		}
		comma = true
		text = append(text, name...)
		text = append(text, `="`...)
		text = appendEscaped(text, value)
		text = append(text, '"')
	}
	return text
}

// appendEscaped appends a label's value. Prometheus refuses a whole scrape for
// one byte that is not UTF-8, so such bytes are replaced.
func appendEscaped(text []byte, value string) []byte {
	value = strings.ToValidUTF8(value, "\uFFFD")
	for i := range len(value) {
		switch c := value[i]; c {
		case '\\', '"':
			text = append(text, '\\', c)
		case '\n':
			text = append(text, `\n`...)
		default:
			text = append(text, c)
		}
	}
	return text
}

// appendHeader appends what precedes the samples of a family.
func appendHeader(text []byte, f family) []byte {
	text = append(text, "# HELP "...)
	text = append(text, f.name...)
	text = append(text, ' ')
	text = append(text, f.help...)
	text = append(text, "\n# TYPE "...)
	text = append(text, f.name...)
	return append(text, " gauge\n"...)
}
