package collector

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/citygauge/citygauge/internal/intake"
)

// textOf is the text of a file, but for what only its records show, and without a
// mark at its beginning, which is no part of the first column.
func textOf(content io.Reader) *bufio.Reader {
	const mark = "\ufeff"
	text := bufio.NewReaderSize(intake.FromUTF16(content), 64<<10)
	if begin, _ := text.Peek(len(mark)); string(begin) == mark {
		text.Discard(len(mark)) //nolint:errcheck // it is there
	}
	return text
}

// encoding is what the records so far are written in.
type encoding struct{ beyondASCII, windows1252 bool }

// decode makes text of the cells of a record; false where they are none. As in a
// file from an aide, one that is not in UTF-8, and was plain ASCII so far, is in
// Windows-1252 from its first byte on; one that is in both is in neither.
func (e *encoding) decode(cells []string) bool {
	plain, valid := true, true
	for _, c := range cells {
		for n := range len(c) {
			plain = plain && c[n] < utf8.RuneSelf
		}
		valid = valid && utf8.ValidString(c)
	}
	switch {
	case plain:
		return true
	case valid && !e.windows1252:
		e.beyondASCII = true
		return true
	case valid || e.beyondASCII:
		return false
	}
	e.windows1252 = true
	for n, c := range cells {
		var text strings.Builder
		for i := range len(c) {
			r := charmap.Windows1252.DecodeByte(c[i])
			if r == utf8.RuneError {
				return false
			}
			text.WriteRune(r)
		}
		cells[n] = text.String()
	}
	return true
}
