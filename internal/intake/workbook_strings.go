package intake

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// sharedStrings are the texts that cells name by number. They are kept in
// chunks, since one text of them all would be copied whenever it grows.
type sharedStrings struct {
	chunks [][]byte
	places []place
	bytes  int
}

// place is where in the chunks a text is.
type place struct{ chunk, from, to uint32 }

const (
	chunkBytes = 1 << 20
	// stringBytes is what the texts may take up; it is that of a million names.
	stringBytes = 32 << 20
)

func (s *sharedStrings) at(n int) ([]byte, bool) {
	if n < 0 || n >= len(s.places) {
		return nil, false
	}
	p := s.places[n]
	return s.chunks[p.chunk][p.from:p.to:p.to], true
}

// add keeps a text, unless there are too many.
func (s *sharedStrings) add(text []byte) error {
	const placeBytes = 12
	if s.bytes += len(text) + placeBytes; s.bytes > stringBytes {
		return unpacksTooLarge("the workbook has more than " + inBytes(stringBytes) + " of text")
	}
	n := len(s.chunks) - 1
	if n < 0 || cap(s.chunks[n])-len(s.chunks[n]) < len(text) {
		s.chunks = append(s.chunks, make([]byte, 0, max(chunkBytes, len(text))))
		n++
	}
	from := len(s.chunks[n])
	s.chunks[n] = append(s.chunks[n], text...)
	s.places = append(s.places, place{uint32(n), uint32(from), uint32(from + len(text))})
	return nil
}

func (w *workbook) readStrings(part string) error {
	var in richText
	var text []byte
	return w.each(part, func(x *xmlReader) error {
		if x.end == "si" {
			err := w.strings.add(unescaped(text))
			text, in = text[:0], richText{}
			return err
		}
		if len(text) <= w.limits.CellRunes*utf8.UTFMax { // what is longer is refused where a cell names it
			text = in.take(x, text)
		}
		return nil
	})
}

// richText gathers the text of a cell out of its runs, without how it is said.
// Digits that are raised, lowered or struck out beside others are those of a
// footnote, a power or a correction: between them there is a mark, so that they
// are not read as one number.
type richText struct {
	text, phonetic bool
	aside, before  bool // whether this run is raised, lowered or struck out, and the last one was
}

const asideMark = '^'

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
	case x.start == "r":
		r.aside = false
	case x.start == "vertAlign":
		r.aside = x.attribute("val") != "baseline"
	case x.start == "strike":
		r.aside = x.attribute("val") == "" || x.truth("val")
	case x.text != nil && r.text && !r.phonetic:
		before, after := bytes.TrimSpace(into), bytes.TrimSpace(x.text)
		if r.aside != r.before && len(before) > 0 && isDigits(before[len(before)-1:]) && len(after) > 0 && isDigits(after[:1]) {
			into = append(into, asideMark)
		}
		r.before = r.aside
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
