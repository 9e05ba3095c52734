package intake

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// sharedStrings are the texts that cells name by number, one after another.
type sharedStrings struct {
	text []byte
	ends []uint32
}

// stringBytes is what they may take up; it is that of a million names.
const stringBytes = 64 << 20

func (s *sharedStrings) at(n int) ([]byte, bool) {
	if n < 0 || n >= len(s.ends) {
		return nil, false
	}
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return s.text[from:s.ends[n]:s.ends[n]], true
}

func (w *workbook) readStrings(part string) error {
	s := &w.strings
	var in richText
	return w.each(part, func(x *xmlReader) error {
		s.text = in.take(x, s.text)
		if x.end != "si" {
			return nil
		}
		if len(s.text)+4*len(s.ends) > stringBytes {
			return unpacksTooLarge("the workbook has more than " + inBytes(stringBytes) + " of text")
		}
		from := 0
		if n := len(s.ends); n > 0 {
			from = int(s.ends[n-1])
		}
		s.text = append(s.text[:from], unescaped(s.text[from:])...)
		s.ends = append(s.ends, uint32(len(s.text)))
		return nil
	})
}

// richText gathers the text of a cell out of its runs, without how it is said.
type richText struct{ text, phonetic bool }

func (r *richText) take(x *xmlReader, into []byte) []byte {
	switch {
	case x.start == "t":
		r.text = true
	case x.end == "t":
		r.text = false
	case x.start == "rPh":
		r.phonetic = true
	case x.end == "rPh":
		r.phonetic = false
	case x.text != nil && r.text && !r.phonetic && len(into) < stringBytes:
		return append(into, x.text...)
	}
	return into
}

// unescaped is text with the characters that a workbook writes as _x000D_. It
// uses text's memory.
func unescaped(text []byte) []byte {
	const form = len("_x000D_")
	at := bytes.Index(text, []byte("_x"))
	if at < 0 {
		return text
	}
	kept := text[:at]
	for at < len(text) {
		if code, ok := escapedAt(text[at:]); ok {
			kept = utf8.AppendRune(kept, code) // at most three bytes for seven
			at += form
			continue
		}
		kept = append(kept, text[at])
		at++
	}
	return kept
}

func escapedAt(text []byte) (code rune, ok bool) {
	if len(text) < len("_x000D_") || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return 0, false
	}
	for _, b := range text[2:6] {
		switch {
		case b >= '0' && b <= '9':
			code = code<<4 | rune(b-'0')
		case b >= 'A' && b <= 'F':
			code = code<<4 | rune(b-'A'+10)
		default:
			return 0, false
		}
	}
	return code, code != 0
}

var errNoString = errors.New("a cell names a text that is not there")
