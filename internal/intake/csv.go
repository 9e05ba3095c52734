package intake

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// csvReader reads CSV with any usual delimiter, found from its first line, and
// any line end. It is our own because a report needs exact lines, and one
// unclosed quote must cost one line, not the rest of the file.
type csvReader struct {
	in         io.Reader
	window     []byte
	start, end int // what of the window is not read yet
	limit      int // the longest record
	drained    bool
	failed     error
	line       int // that start is at
	eol        byte
	delimiter  byte
	unquoted   []byte

	encoding    encoding
	beyondASCII bool   // it has had text that only UTF-8 explains
	text        []byte // of the cells, where the encoding is another

	rec record
}

const windowBytes = 128 << 10

// delimiters are those that are accepted, the usual one first.
const delimiters = ",;\t|"

var byteOrderMark = []byte("\xEF\xBB\xBF")

func newCSVReader(in io.Reader, recordBytes int) *csvReader {
	in, e := decoded(in)
	return &csvReader{in: in, encoding: e, window: make([]byte, min(windowBytes, recordBytes)), limit: recordBytes}
}

var errTooLong = errors.New("longer than a record may be")

func (r *csvReader) read() (*record, error) {
	if r.line == 0 {
		if err := r.begin(); err != nil {
			return nil, err
		}
	}
	r.rec.line, r.rec.cells, r.rec.cell = r.line, r.rec.cells[:0], wholeRecord
	r.rec.problem, r.rec.warning = nil, nil
	text, length, err := r.physicalLine()
	switch {
	case errors.Is(err, errTooLong):
		return &r.rec, r.skipLine()
	case err != nil:
		return nil, err
	}
	if bytes.IndexByte(text, '"') >= 0 {
		return r.readQuoted()
	}
	r.split(text)
	r.readText(text)
	r.start += length
	r.line++
	return &r.rec, nil
}

// begin looks at the first lines: a byte order mark, the first line end, which
// is that of the whole file, and the delimiter.
func (r *csvReader) begin() error {
	r.line, r.eol = 1, '\n'
	for {
		w := r.window[r.start:r.end]
		// The byte after a CR tells CRLF from CR.
		if i := bytes.IndexAny(w, "\r\n"); i >= 0 && i+1 < len(w) {
			if w[i] == '\r' && w[i+1] != '\n' {
				r.eol = '\r'
			}
			break
		}
		if more, err := r.fill(); err != nil {
			return err
		} else if !more {
			if w := r.window[r.start:r.end]; len(w) > 0 && w[len(w)-1] == '\r' {
				r.eol = '\r'
			}
			break
		}
	}
	if bytes.HasPrefix(r.window[r.start:r.end], byteOrderMark) {
		r.start += len(byteOrderMark)
		r.beyondASCII = true
	}
	for r.end < len(r.window) && bytes.Count(r.window[r.start:r.end], []byte{r.eol}) <= titleRows {
		if more, _ := r.fill(); !more {
			break // what failed, if anything did, comes after the lines that are there
		}
	}
	r.delimiter = findDelimiter(r.window[r.start:r.end], r.eol)
	return nil
}

// fill reads on. It reports false when there is nothing more, or no more room.
func (r *csvReader) fill() (bool, error) {
	if r.drained || r.failed != nil {
		return false, r.failed
	}
	if r.start > 0 {
		r.end = copy(r.window, r.window[r.start:r.end])
		r.start = 0
	}
	if r.end == len(r.window) {
		if r.end >= r.limit {
			return false, nil
		}
		wider := make([]byte, min(2*len(r.window), r.limit))
		copy(wider, r.window)
		r.window = wider
	}
	n, err := io.ReadAtLeast(r.in, r.window[r.end:], 1)
	r.end += n
	if errors.Is(err, io.EOF) {
		r.drained = true
		return false, nil
	}
	r.failed = err
	return err == nil, err
}

// physicalLine is the line that the window starts with, and its length with
// its end.
func (r *csvReader) physicalLine() (text []byte, length int, err error) {
	for {
		w := r.window[r.start:r.end]
		if i := bytes.IndexByte(w, r.eol); i >= 0 {
			return withoutCR(w[:i]), i + 1, nil
		}
		more, err := r.fill()
		switch w := r.window[r.start:r.end]; {
		case err != nil:
			return nil, 0, err
		case more:
		case !r.drained:
			return nil, 0, errTooLong
		case len(w) == 0:
			return nil, 0, io.EOF
		default:
			return withoutCR(w), len(w), nil
		}
	}
}

// skipLine passes over a line that is too long, and says so.
func (r *csvReader) skipLine() error {
	r.rec.problem = &Problem{
		Code: TooLarge, Value: shown(r.window[r.start:r.end]),
		Message: "the line is longer than " + inBytes(int64(r.limit)),
		Hint:    "break it up, or check that the file is a CSV",
	}
	r.line++
	for {
		r.start = r.end
		_, err := r.fill()
		if err != nil {
			return err
		}
		if i := bytes.IndexByte(r.window[r.start:r.end], r.eol); i >= 0 {
			r.start += i + 1
			return nil
		}
		if r.drained {
			r.start = r.end
			return nil
		}
	}
}

func (r *csvReader) split(text []byte) {
	cells, from := r.rec.cells, 0
	for i, b := range text {
		if b == r.delimiter {
			cells = append(cells, text[from:i])
			from = i + 1
		}
	}
	cells = append(cells, text[from:])
	r.rec.cells = cells
}

// delimiterOf is the delimiter that occurs most often in a line, outside
// quotes, and whether any does.
func delimiterOf(line []byte) (d byte, found bool) {
	var counts [len(delimiters)]int
	quoted := false
	for _, b := range line {
		if b == '"' {
			quoted = !quoted
		} else if i := strings.IndexByte(delimiters, b); i >= 0 && !quoted {
			counts[i]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return delimiters[best], counts[best] > 0
}

func withoutCR(line []byte) []byte { return bytes.TrimSuffix(line, []byte{'\r'}) }
