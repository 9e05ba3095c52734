package intake

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Writer writes CSV that is safe to open in a spreadsheet, and that an import
// reads as what it was.
//
// A spreadsheet takes a cell that begins with =, +, - or @ for a formula, which
// may send data away or start programs. Such text, wherever a spreadsheet may
// see a cell begin, gets an apostrophe in front, as people write it there who
// mean text; numbers stay as they are. Reading takes one apostrophe off from
// the same places, so that no text is changed by going out and coming back.
type Writer struct {
	csv    *csv.Writer
	record []string
}

// NewWriter writes records to w. [Writer.Flush] must be called after the last.
func NewWriter(w io.Writer) *Writer { return &Writer{csv: csv.NewWriter(w)} }

// Write writes one record.
func (w *Writer) Write(cells []string) error {
	w.record = w.record[:0]
	for _, cell := range cells {
		w.record = append(w.record, withApostrophe(cell))
	}
	return w.csv.Write(w.record)
}

// Flush writes what is buffered, and says whether anything went wrong.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// breaks begin a new cell or line for a spreadsheet that expects another
// delimiter than ours, even within quotes.
const breaks = ",;\t|\r\n"

// withApostrophe is text that no spreadsheet takes for a formula.
func withApostrophe(cell string) string {
	if !strings.ContainsFunc(cell, startsFormula) || isNumber(cell) {
		return cell // nearly always
	}
	var safe strings.Builder
	for rest := cell; ; {
		if danger, _ := opening(rest); danger {
			safe.WriteByte('\'')
		}
		n := strings.IndexAny(rest, breaks)
		if n < 0 {
			safe.WriteString(rest)
			return safe.String()
		}
		safe.WriteString(rest[:n+1])
		rest = rest[n+1:]
	}
}

// withoutApostrophe is what withApostrophe was given.
func withoutApostrophe(cell []byte) []byte {
	if bytes.IndexByte(cell, '\'') < 0 {
		return cell // nearly always
	}
	var plain []byte
	for rest := cell; ; {
		if danger, marked := opening(asString(rest)); danger && marked {
			rest = rest[1:]
		}
		n := bytes.IndexAny(rest, breaks)
		if n < 0 {
			return append(plain, rest...)
		}
		plain = append(plain, rest[:n+1]...)
		rest = rest[n+1:]
	}
}

// opening says whether a text begins with what starts a formula, apart from
// blanks, quotes and apostrophes, and whether its very first is an apostrophe.
func opening(text string) (danger, marked bool) {
	bare := strings.TrimLeft(text, "'\" \u00a0")
	c, _ := utf8.DecodeRuneInString(bare)
	return startsFormula(c), text != "" && text[0] == '\''
}

// startsFormula tells the characters that start a formula, the wide ones of
// East Asian keyboards among them.
func startsFormula(c rune) bool {
	switch c {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		return true
	}
	return false
}

// isNumber tells a number as we write it.
func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && strings.Trim(text, "0123456789.eE+-") == ""
}
