package intake

import (
	"bytes"
	"fmt"
)

// readQuoted reads the record at the window's start, which has a quote in its
// first line. Where the quotes make no sense, the record is its first line,
// and reading goes on with the next.
func (r *csvReader) readQuoted() (*record, error) {
	for {
		length, fault := r.splitQuoted(r.window[r.start:r.end], r.drained)
		if fault == "" {
			raw := r.window[r.start : r.start+length]
			r.readText(raw)
			r.start += length
			r.line += bytes.Count(raw, []byte{r.eol})
			return &r.rec, nil
		}
		if fault == unclosed && !r.drained {
			more, err := r.fill()
			if err != nil {
				return nil, err
			}
			if more || r.drained {
				continue
			}
			fault = fmt.Sprintf("a quote that opens here is not closed within %d bytes", r.limit)
		}
		return &r.rec, r.refuseLine(fault)
	}
}

const (
	unclosed      = "a quote that opens here is not closed"
	closedTooLate = "a quote that opens here is not closed before the next one opens, on another line"
)

// splitQuoted splits the record that w starts with. It returns its length, or
// what is wrong with the newest cell's quotes.
func (r *csvReader) splitQuoted(w []byte, whole bool) (length int, fault string) {
	r.rec.cells, r.unquoted = r.rec.cells[:0], r.unquoted[:0]
	for at := 0; ; {
		var cell []byte
		if at < len(w) && w[at] == '"' {
			text, n := r.quotedCell(w[at:])
			if n == 0 {
				r.rec.cells = append(r.rec.cells, w[at:])
				return 0, unclosed
			}
			cell, at = text, at+n
		} else {
			n := bytes.IndexAny(w[at:], string([]byte{r.delimiter, r.eol}))
			if n < 0 {
				n = len(w) - at
			}
			cell, at = w[at:at+n], at+n
			if at == len(w) || w[at] == r.eol {
				cell = withoutCR(cell)
			}
			if bytes.IndexByte(cell, '"') >= 0 {
				r.rec.cells = append(r.rec.cells, cell)
				return 0, "a quote stands in the middle of a cell that does not begin with one"
			}
		}
		r.rec.cells = append(r.rec.cells, cell)
		if at+1 < len(w) && w[at] == '\r' && w[at+1] == '\n' {
			at++
		}
		switch {
		case at == len(w) && whole:
			return at, ""
		case at == len(w), w[at] == '\r' && at+1 == len(w) && !whole:
			return 0, unclosed
		case w[at] == r.delimiter:
			at++
		case w[at] == r.eol:
			return at + 1, ""
		case w[at] == '\r' && at+1 == len(w):
			return at + 1, ""
		case bytes.IndexByte(cell, r.eol) >= 0:
			return 0, closedTooLate
		default:
			return 0, "text follows the quote that closes the cell"
		}
	}
}

// quotedCell is the text of the quoted cell that w starts with, and its length
// with the quotes: 0 where it does not end in w.
func (r *csvReader) quotedCell(w []byte) (text []byte, length int) {
	from, kept := 1, len(r.unquoted)
	for at := 1; ; {
		n := bytes.IndexByte(w[at:], '"')
		if n < 0 {
			return nil, 0
		}
		at += n
		if at+1 < len(w) && w[at+1] == '"' {
			r.unquoted = append(r.unquoted, w[from:at+1]...)
			at += 2
			from = at
			continue
		}
		if len(r.unquoted) == kept {
			return w[from:at], at + 1
		}
		r.unquoted = append(r.unquoted, w[from:at]...)
		return r.unquoted[kept:], at + 1
	}
}

// refuseLine makes the record its first line, with what is wrong with its
// quotes.
func (r *csvReader) refuseLine(fault string) error {
	_, length, err := r.physicalLine()
	if err != nil {
		return err
	}
	r.rec.cell = len(r.rec.cells) - 1
	value := r.rec.cells[r.rec.cell]
	if i := bytes.IndexByte(value, r.eol); i >= 0 {
		value = withoutCR(value[:i])
	}
	r.rec.problem = &Problem{
		Code: BadQuoting, Value: shown(value), Message: fault,
		Hint: `put quotes around the whole cell, and double each quote within it: "the ""old"" count"`,
	}
	r.rec.cells = r.rec.cells[:0]
	r.start += length
	r.line++
	return nil
}
