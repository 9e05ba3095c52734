package declare

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
)

// csv reads one file of the folder.
func (r *reading) csv(src *source, t table, data []byte) {
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = delimiter(data)
	reader.FieldsPerRecord = -1
	var names, missing []string
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.badQuotes(src, t, err)
			continue
		}
		line, _ := reader.FieldPos(0)
		if names == nil {
			names, missing = r.header(src, t, record, line)
			continue
		}
		r.record(src, t, record, line, names, missing)
	}
	if names == nil {
		r.refuse(Place{File: src.file, Line: 1}, "begin it with "+strings.Join(t.headers(header), ","), "the file has no header")
		r.incomplete[t.noun] = true
	}
}

// delimiter is found out from the first line that is not blank.
func delimiter(data []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\n"))
	best := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(best))) {
			best = c
		}
	}
	return best
}

func (r *reading) badQuotes(src *source, t table, err error) {
	var wrong *csv.ParseError
	if !errors.As(err, &wrong) {
		wrong = &csv.ParseError{StartLine: 1, Line: 1, Err: err}
	}
	const hint = "put the whole cell in quotation marks and double those inside it"
	if at := (Place{File: src.file, Line: wrong.StartLine}); wrong.Line > wrong.StartLine {
		r.refuse(at, hint, "lines %d to %d cannot be read, because a quotation mark is not closed where its cell ends", wrong.StartLine, wrong.Line)
	} else {
		r.refuse(at, hint, "the line cannot be read, because a quotation mark stands inside a cell or is not closed")
	}
	r.incomplete[t.noun] = true
}

// header finds the field of each column, and those that have none.
func (r *reading) header(src *source, t table, record []string, line int) (names, missing []string) {
	src.header = make([]string, len(record))
	names = make([]string, len(record))
	for i, h := range record {
		src.header[i] = strings.TrimSpace(h)
		at := Place{File: src.file, Line: line, Column: letter(i), Field: src.header[i]}
		c, known := t.column(func(c column) bool { return strings.EqualFold(c.inCSV(), src.header[i]) })
		switch {
		case src.header[i] == "":
		case !known:
			r.refuse(at, suggestion(src.header[i], t.headers(optional)), "no column is called %q", src.header[i])
		case slices.Contains(names, c.name):
			r.refuse(at, "keep one of them", "column %q is there twice", src.header[i])
		default:
			names[i] = c.name
		}
	}
	for _, c := range t.columns {
		if c.need == optional || slices.Contains(names, c.name) {
			continue
		}
		missing = append(missing, c.name)
		r.refuse(Place{File: src.file, Line: line}, "add it to the header "+strings.Join(t.headers(header), ","), "column %q is missing", c.inCSV())
		if slices.Contains(t.keys, c.name) {
			r.incomplete[t.noun] = true
		}
	}
	return names, slices.Clip(missing)
}

func (r *reading) record(src *source, t table, record []string, line int, names, missing []string) {
	e := &entry{noun: t.noun, source: src, line: line, names: names, values: make([]value, len(names)), broken: missing}
	blank := true
	for i, cell := range record {
		cell = strings.TrimSpace(cell)
		blank = blank && cell == ""
		if i < len(names) {
			e.values[i] = value{cell, line}
		}
		if cell != "" && (i >= len(names) || src.header[i] == "") {
			r.refuse(Place{File: src.file, Line: line, Column: letter(i)}, "remove it, or put a cell with a delimiter in it in quotation marks", "the cell %q is in a column without a header", cell)
		}
	}
	switch {
	case blank:
	case len(record) < len(names):
		r.refuse(Place{File: src.file, Line: line}, "write every cell, empty where there is nothing to say", "the line has %d cells, but the header has %d", len(record), len(names))
		r.incomplete[t.noun] = true
	default:
		r.entries[t.noun] = append(r.entries[t.noun], e)
	}
}
