package intake

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/citygauge/citygauge/internal/programme"
)

// The rows and columns that a sheet can have.
const (
	sheetRows    = 1 << 20
	sheetColumns = 1 << 14
)

// sheet finds a sheet by its name in any case; no name is the first that is
// shown. others are the names of those that are shown beside it.
func (w *workbook) sheet(name string) (found worksheet, others []string, err error) {
	var names []string
	for _, s := range w.sheets {
		names = append(names, s.name)
		switch {
		case name != "" && fold(s.name) == fold(name), name == "" && !s.hidden && found.part == "":
			found = s
		case !s.hidden:
			others = append(others, s.name)
		}
	}
	switch {
	case found.part != "":
		return found, others, nil
	case name == "" && len(w.sheets) > 0:
		return w.sheets[0], nil, nil
	case name == "":
		return found, nil, damaged(errors.New("it has no sheet of cells"))
	}
	hint := "write one of " + listed(others)
	if guess := programme.Nearest(name, names); guess != "" {
		hint = "did you mean " + shown(guess) + "?"
	}
	return found, nil, &fileFault{Problem{Code: UnknownSheet, Value: shown(name), Message: "the workbook has no sheet of this name", Hint: hint}}
}

// sheetsListed is how many sheets are there to choose from: as many as a list of
// them can be used with.
const sheetsListed = 200

// listed names the first of some sheets.
func listed(names []string) string {
	more := len(names) - namesListed
	if more <= 0 {
		return shown(strings.Join(names, ", "))
	}
	return fmt.Sprintf("%s and %d more", shown(strings.Join(names[:namesListed], ", ")), more)
}

// choice are the names of the sheets that are shown, and of the one that is
// read, where there is one, in their order.
func (w *workbook) choice(read worksheet) []string {
	var names []string
	for _, s := range w.sheets {
		if (!s.hidden || s == read) && shown(s.name) == s.name && len(names) < sheetsListed {
			names = append(names, s.name)
		}
	}
	return names
}

// sheetReader reads the rows of a sheet that hold something.
type sheetReader struct {
	book *workbook
	part io.ReadCloser
	in   *xmlReader

	rec           record
	hidden        bool     // the row
	hiddenColumns [][2]int // first and last
	warned        bool

	cell cellText
	text []byte // of the row's cells
}

func (w *workbook) read(s worksheet) (*sheetReader, error) {
	part, err := w.part(s.part)
	if err != nil {
		return nil, damaged(err)
	}
	return &sheetReader{book: w, part: part, in: newXMLReader(part)}, nil
}

func (r *sheetReader) Close() error { return r.part.Close() }

func (r *sheetReader) read() (*record, error) {
	rec, err := r.next()
	if errors.Is(err, io.EOF) {
		return rec, err
	}
	return rec, damaged(err)
}

func (r *sheetReader) next() (*record, error) {
	x := r.in
	for {
		if err := x.next(); errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		} else if err != nil {
			return nil, err
		}
		var err error
		switch {
		case x.start == "col" && x.truth("hidden"):
			r.hiddenColumns = append(r.hiddenColumns, [2]int{x.number("min") - 1, x.number("max") - 1})
		case x.start == "row":
			err = r.beginRow()
		case x.start == "c":
			err = r.cell.begin(x)
		case x.end == "c":
			err = r.endCell()
		case x.end == "row" && len(r.rec.cells) > 0:
			r.warnHidden()
			return &r.rec, nil
		case x.end == "sheetData":
			return nil, r.drain()
		default:
			r.cell.take(x, r.book.limits.CellRunes)
		}
		if err != nil {
			return nil, err
		}
	}
}

// drain reads the rest, so that a checksum which does not fit is noticed. Its
// error is io.EOF where all is well.
func (r *sheetReader) drain() error {
	if _, err := io.Copy(io.Discard, r.in.in); err != nil {
		return err
	}
	return io.EOF
}

func (r *sheetReader) beginRow() error {
	number := r.rec.line + 1
	if r.in.attribute("r") != "" {
		number = r.in.number("r")
	}
	if number <= r.rec.line || number > sheetRows {
		return fmt.Errorf("row %s comes after row %d", shown(r.in.attribute("r")), r.rec.line)
	}
	r.rec = record{line: number, cells: r.rec.cells[:0], kinds: r.rec.kinds[:0], cell: wholeRecord}
	r.text, r.hidden = r.text[:0], r.in.truth("hidden")
	r.cell.column = absent
	return nil
}

func (r *sheetReader) endCell() error {
	from := len(r.text)
	text, k, err := r.cell.end(r.book, r.text)
	if err != nil {
		return err
	}
	if r.text = text; len(text) == from {
		return nil
	}
	for len(r.rec.cells) < r.cell.column {
		r.rec.cells, r.rec.kinds = append(r.rec.cells, nil), append(r.rec.kinds, textCell)
	}
	// Growing leaves earlier cells in the memory they were written to.
	r.rec.cells, r.rec.kinds = append(r.rec.cells, text[from:len(text):len(text)]), append(r.rec.kinds, k)
	return nil
}

// warnHidden says once that what is hidden is read, at the first of it.
func (r *sheetReader) warnHidden() {
	if r.warned {
		return
	}
	r.rec.warned = wholeRecord
	for _, span := range r.hiddenColumns {
		for i := max(0, span[0]); i <= min(span[1], len(r.rec.cells)-1) && r.rec.warned == wholeRecord; i++ {
			if len(r.rec.cells[i]) > 0 {
				r.rec.warned = i
			}
		}
	}
	if r.hidden || r.rec.warned != wholeRecord {
		r.warned = true
		r.rec.warning = &Problem{
			Code: HiddenCells, Severity: Warning, Message: "the sheet has hidden rows or columns, and they are read like all others; this is the first",
			Hint: "show them and look; delete them if they are not meant",
		}
	}
}

// The kinds of cells that are no plain numbers.
const (
	sharedText   = "s"
	formulaText  = "str"
	inlineText   = "inlineStr"
	truth        = "b"
	formulaError = "e"
	isoDate      = "d"
)

// cellText gathers what a sheet says of one cell.
type cellText struct {
	column    int
	kind      string // ECMA-376 part 1, 18.18.11
	style     int
	in        string // the tag whose text is read
	formula   []byte
	value     []byte
	hasValue  bool
	isFormula bool
	rich      richText
}

// begin begins the cell that a tag says; those of a row come in order.
func (c *cellText) begin(x *xmlReader) error {
	column := c.column + 1
	if ref := x.attribute("r"); ref != "" {
		column = columnIndex(strings.TrimRight(ref, "0123456789"))
		if column <= c.column {
			return fmt.Errorf("cell %s is out of order", shown(ref))
		}
	}
	if column >= sheetColumns {
		return errors.New("it has more columns than a sheet can have")
	}
	*c = cellText{column: column, style: x.number("s"), formula: c.formula[:0], value: c.value[:0]}
	if said := x.attribute("t"); said != "" {
		for _, k := range [...]string{sharedText, formulaText, inlineText, truth, formulaError, isoDate} {
			if said == k {
				c.kind = k // said does not last
			}
		}
	}
	return nil
}

// columnIndex is the index from 0 of a column's letters, absent where they are
// none.
func columnIndex(letters string) int {
	n := 0
	for i := range len(letters) {
		if letters[i] < 'A' || letters[i] > 'Z' || n > sheetColumns {
			return absent
		}
		n = n*26 + int(letters[i]-'A') + 1
	}
	return n - 1
}

func (c *cellText) take(x *xmlReader, runes int) {
	switch {
	case x.start == "f":
		c.in, c.isFormula = "f", true
	case x.start == "v":
		c.in, c.hasValue = "v", true
	case x.start == "is":
		c.in = "is"
	case x.end == "f", x.end == "v", x.end == "is":
		c.in = ""
	case c.in == "is" && len(c.value) <= runes*utf8.UTFMax:
		c.value = c.rich.take(x, c.value)
	case x.text != nil && c.in == "v" && len(c.value) <= runes*utf8.UTFMax:
		c.value = append(c.value, x.text...)
	case x.text != nil && c.in == "f" && len(c.formula) <= shownRunes:
		c.formula = append(c.formula, x.text...)
	}
}

// end adds the cell's text to that of the row.
func (c *cellText) end(w *workbook, into []byte) (text []byte, k kind, err error) {
	if c.isFormula && (w.recalculate || !c.hasValue || len(c.value) == 0 && c.kind != formulaText) {
		return append(append(into, '='), c.formula...), unknownCell, nil
	}
	switch c.kind {
	case sharedText:
		if len(c.value) == 0 {
			return into, textCell, nil
		}
		shared, ok := w.strings.at(wholeNumber(asString(c.value)))
		if !ok {
			return into, textCell, errNoString
		}
		return append(into, shared...), textCell, nil
	case formulaText, inlineText:
		return append(into, unescaped(c.value)...), textCell, nil
	case truth:
		if string(c.value) == "1" {
			return append(into, "TRUE"...), textCell, nil
		}
		return append(into, "FALSE"...), textCell, nil
	case formulaError:
		return append(into, c.value...), errorCell, nil
	case isoDate:
		return append(into, c.value[:min(len(c.value), len("2026-03-15"))]...), dateCell, nil
	}
	s := plainStyle
	if c.style >= 0 && c.style < len(w.styles) {
		s = w.styles[c.style]
	}
	text, k = appendNumber(into, trim(c.value), s, w.from1904)
	return text, k, nil
}
