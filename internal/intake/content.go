package intake

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/citygauge/citygauge/internal/programme"
)

// content is what a value cell holds.
type content uint8

const (
	unknownContent content = iota
	number
	noValue    // nothing is known, and nothing is to change
	suppressed // delivered, but not a number, for privacy
	withdrawal // what stands is to go
	infinite   // inf or nan
)

// contentOf tells the words of a value cell that is no number.
func contentOf(cell []byte) content {
	switch strings.ToLower(string(cell[:min(len(cell), len("+infinity")+1)])) {
	case "", "na", "n/a", "-", "..":
		return noValue
	case "*", "c", "[c]":
		return suppressed
	case "delete":
		return withdrawal
	case "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity":
		return infinite
	}
	if below, ok := bytes.CutPrefix(cell, []byte{'<'}); ok && isDigits(trim(below)) {
		return suppressed
	}
	return unknownContent
}

// NoValue reports whether a value cell says that nothing is known, as an empty
// one does.
func NoValue(cell string) bool { return contentOf([]byte(strings.TrimSpace(cell))) == noValue }

// isFormula tells a formula, or the error that one gives, in a cell of text.
func isFormula(cell []byte) bool {
	if len(cell) < 2 {
		return false
	}
	last := cell[len(cell)-1]
	return cell[0] == '=' || cell[0] == '#' && (last == '!' || last == '?' || string(cell) == "#N/A")
}

func isDigits(text []byte) bool {
	for _, b := range text {
		if b < '0' || b > '9' {
			return false
		}
	}
	return len(text) > 0
}

// statusOf reads the word of a status cell; an empty cell is final.
func statusOf(cell []byte) (programme.ObservationStatus, bool) {
	if len(cell) == 0 {
		return programme.Final, true
	}
	for _, s := range programme.ObservationStatuses {
		if len(s) == len(cell) && strings.EqualFold(string(s), asString(cell)) {
			return s, true
		}
	}
	return "", false
}

// trim cuts what cannot be seen around a cell: blanks, no-break spaces among
// them, and the marks that programs put around text that goes from right to
// left. Marks that turn the order of digits around stay, and are refused.
func trim(cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 || (cell[0]|cell[len(cell)-1]) < utf8.RuneSelf {
		return cell // nearly always
	}
	return bytes.TrimFunc(cell, isUnseen)
}

func isUnseen(c rune) bool {
	switch c {
	case '\u200b', '\u200e', '\u200f', '\u061c', '\u202a', '\u202b', '\u202c', '\u2066', '\u2067', '\u2068', '\u2069', '\ufeff':
		return true
	}
	return unicode.IsSpace(c)
}
