package intake

import (
	"strings"
	"unicode/utf8"
)

// Severity says whether a problem stands in the way.
type Severity string

// The severities: an error refuses its row, a warning is only reported.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Code names a kind of problem for programs.
type Code string

// The codes of the problems that a file can have by itself.
const (
	NotUTF8          Code = "not-utf8"
	AssumedEncoding  Code = "assumed-encoding" // a warning
	BadQuoting       Code = "bad-quoting"
	MissingColumn    Code = "missing-column"
	UnknownColumn    Code = "unknown-column"
	DuplicateColumn  Code = "duplicate-column"
	MissingCell      Code = "missing-cell"
	ExtraCell        Code = "extra-cell"
	UnknownCity      Code = "unknown-city"
	NotYourCity      Code = "not-your-city"
	UnknownIndicator Code = "unknown-indicator"
	BadPeriod        Code = "bad-period"
	WrongFrequency   Code = "wrong-frequency"
	FuturePeriod     Code = "future-period"
	BadNumber        Code = "bad-number"
	NotACount        Code = "not-a-count"
	AmbiguousNumber  Code = "ambiguous-number"
	NotFinite        Code = "not-finite"
	Implausible      Code = "implausible"
	UnusualChange    Code = "unusual-change"  // a warning
	PercentOrPart    Code = "percent-or-part" // a warning
	BadFormula       Code = "bad-formula"     // its result is an error, or not there
	BadStatus        Code = "bad-status"
	DuplicateRow     Code = "duplicate-row"
	TooManyRows      Code = "too-many-rows"
	TooManyColumns   Code = "too-many-columns"
	TooLarge         Code = "too-large"
	CellTooLong      Code = "cell-too-long"
	UnpacksTooLarge  Code = "unpacks-too-large" // a zip bomb, or like one
	TooSlow          Code = "too-slow"
	EmptyFile        Code = "empty-file"
	WrongFormat      Code = "wrong-format" // neither CSV nor a workbook
	DamagedFile      Code = "damaged-file"
	UnknownSheet     Code = "unknown-sheet"
	OtherSheets      Code = "other-sheets" // a warning: they are not read
	HiddenCells      Code = "hidden-cells" // a warning: they are read
)

// Problem is one thing that is wrong with a file, in words meant for the
// person who uploads it.
type Problem struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	File     string   `json:"file"`
	Line     int      `json:"line"` // the record's first, from 1, as an editor shows it; 0 is the whole file
	Column   Column   `json:"column"`
	Value    string   `json:"value"`   // as written, cut to 80 characters
	Message  string   `json:"message"` // what is wrong
	Hint     string   `json:"hint"`    // what to do
}

// Column is the place of a cell in its record. The zero value is the record as
// a whole.
type Column struct {
	Letter string `json:"letter"` // as a spreadsheet shows it: A, B, … AA
	Header string `json:"header"` // as written in the file; empty where there is none
}

// columnLetter is the name a spreadsheet gives the column with an index from 0.
func columnLetter(index int) string {
	const letters = 'Z' - 'A' + 1
	var name []byte
	for n := index + 1; n > 0; n = (n - 1) / letters {
		name = append([]byte{byte('A' + (n-1)%letters)}, name...)
	}
	return string(name)
}

const shownRunes = 80

// shown is text that can be put into a report, whatever bytes it holds.
func shown[T ~[]byte | ~string](text T) string {
	// Cut first, so that a cell of a megabyte is not converted as a whole.
	head := string(text[:min(len(text), shownRunes*utf8.UTFMax)])
	valid := strings.ReplaceAll(strings.ToValidUTF8(head, "\uFFFD"), "\x00", "\uFFFD")
	if utf8.RuneCountInString(valid) <= shownRunes && len(head) == len(text) {
		return valid
	}
	runes := []rune(valid)
	return string(runes[:min(len(runes), shownRunes-1)]) + "…"
}
