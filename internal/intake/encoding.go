package intake

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encoding is how the bytes of a file stand for text.
type encoding uint8

const (
	utf8Text encoding = iota
	windows1252
	utf16Text // decoded before it is taken apart
)

const saveAsUTF8 = "save the file as \"CSV UTF-8\""

// FromUTF16 gives UTF-16 as UTF-8, and anything else as it is.
func FromUTF16(in io.Reader) io.Reader {
	text, _ := decoded(in)
	return text
}

// decoded gives UTF-16 as UTF-8, and anything else as it is: which of the
// others a file has shows only where it first leaves ASCII.
func decoded(in io.Reader) (io.Reader, encoding) {
	head, in := peek(in)
	if endian, ok := utf16Order(head); ok {
		// The mark stays, as one of UTF-8, which every file may begin with.
		return transform.NewReader(in, unicode.UTF16(endian, unicode.IgnoreBOM).NewDecoder()), utf16Text
	}
	return in, utf8Text
}

// utf16Order is the byte order of UTF-16: by its mark, or clearly, because in
// text that is mostly ASCII every other byte is 0 and none of the rest.
func utf16Order(head []byte) (order unicode.Endianness, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return unicode.BigEndian, true
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	const clearly = 4 // of so many bytes, one at least
	switch {
	case zeros[0] == 0 && zeros[1] > len(head)/clearly:
		return unicode.LittleEndian, true
	case zeros[1] == 0 && zeros[0] > len(head)/clearly:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// readText makes sure that a record is text in UTF-8. A file that is not, and
// was plain ASCII so far, is taken to be in Windows-1252 from its first byte
// on; one that has both is in neither, and its records are refused.
func (r *csvReader) readText(raw []byte) {
	plain := isASCII(raw)
	if plain && bytes.IndexByte(raw, 0) < 0 {
		return
	}
	valid := plain || utf8.Valid(raw)
	if !plain && valid && r.encoding == utf8Text {
		r.beyondASCII = true
	}
	switch {
	case bytes.IndexByte(raw, 0) >= 0, r.encoding == utf16Text && bytes.Contains(raw, []byte("\uFFFD")):
	case r.encoding == windows1252:
		if !valid && r.decodeCells() {
			return
		}
	case valid:
		return
	case !r.beyondASCII && r.decodeCells():
		r.encoding = windows1252
		r.rec.warning = r.assumed(raw)
		return
	}
	r.refuseText()
}

// decodeCells reads the cells as Windows-1252, unless a byte has no meaning
// there.
func (r *csvReader) decodeCells() bool {
	for _, cell := range r.rec.cells {
		if slices.ContainsFunc(cell, undefined) {
			return false
		}
	}
	r.text = r.text[:0]
	for i, cell := range r.rec.cells {
		from := len(r.text)
		for _, b := range cell {
			r.text = utf8.AppendRune(r.text, charmap.Windows1252.DecodeByte(b))
		}
		// Growing leaves earlier cells in the memory they were written to.
		r.rec.cells[i] = r.text[from:len(r.text):len(r.text)]
	}
	return true
}

// undefined tells the five bytes that Windows-1252 has no character for.
func undefined(b byte) bool { return charmap.Windows1252.DecodeByte(b) == utf8.RuneError }

// assumed says that the file is read as Windows-1252, with the first cell that
// shows it.
func (r *csvReader) assumed(raw []byte) *Problem {
	at := 0
	for raw[at] < utf8.RuneSelf {
		at++
	}
	r.rec.warned = wholeRecord
	p := &Problem{
		Code: AssumedEncoding, Severity: Warning, Hint: "check letters with accents; to be sure, " + saveAsUTF8,
		Message: fmt.Sprintf("the file is not UTF-8 (a byte is 0x%02x), and is read as Windows-1252", raw[at]),
	}
	for i, cell := range r.rec.cells {
		if !isASCII(cell) {
			r.rec.warned, p.Value = i, shown(trim(cell))
			break
		}
	}
	return p
}

// refuseText refuses the record for its first cell that is not text.
func (r *csvReader) refuseText() {
	r.rec.problem = &Problem{Code: NotUTF8, Hint: saveAsUTF8, Message: "the line is not text in one encoding: it fits neither UTF-8 nor the lines above"}
	for i, cell := range r.rec.cells {
		at := faultAt(cell, r.encoding)
		if at == len(cell) {
			continue
		}
		r.rec.cell, r.rec.problem.Value = i, shown(cell)
		switch {
		case r.encoding == utf16Text:
			r.rec.problem.Message = fmt.Sprintf("character %d of the cell is not text in UTF-16", utf8.RuneCount(cell[:at])+1)
		case r.encoding == windows1252 && !undefined(cell[at]) && cell[at] != 0:
			r.rec.problem.Message = "the cell reads as UTF-8, but the lines above only as Windows-1252"
		default:
			r.rec.problem.Message = fmt.Sprintf("byte %d of the cell is 0x%02x, which is not text in UTF-8", at+1, cell[at])
		}
		return
	}
}

// faultAt is the first byte of a cell that is not text, or its length.
func faultAt(cell []byte, e encoding) int {
	for at := 0; at < len(cell); {
		c, size := utf8.DecodeRune(cell[at:])
		switch {
		case c == 0, c == utf8.RuneError && (size == 1 || e == utf16Text) && e != windows1252:
			return at
		case e == windows1252:
			if size = 1; undefined(cell[at]) || c >= utf8.RuneSelf && c != utf8.RuneError {
				return at
			}
		}
		at += size
	}
	return len(cell)
}

// isASCII is the quick way for nearly every record there is.
func isASCII(text []byte) bool {
	const stride = 8
	for len(text) >= stride {
		if (text[0]|text[1]|text[2]|text[3]|text[4]|text[5]|text[6]|text[7])&utf8.RuneSelf != 0 {
			return false
		}
		text = text[stride:]
	}
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
