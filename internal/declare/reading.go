package declare

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/citygauge/citygauge/internal/programme"
)

// largest is the size in bytes of the largest file that is read: beyond it,
// somebody has named the wrong file.
const largest = 64 << 20

const yamlFile = "programme.yaml"

// Read reads a programme from files and folders, which together make one. A
// folder holds a programme.yaml, or CSV files of the known names, or both;
// other files in it are left alone.
//
// What is wrong with the contents is in the declaration's report. An error
// says that a path could not be read at all.
func Read(paths ...string) (*Declaration, error) {
	r := newReading()
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("reading the programme: %w", err)
		}
		if info.IsDir() {
			err = r.folder(path)
		} else {
			err = r.file(path)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the programme: %w", err)
		}
	}
	return r.declaration(), nil
}

// reading gathers what the files say and what is wrong with them.
type reading struct {
	files   []string // in the order read
	entries map[programme.Noun][]*entry
	report  Report
	// incomplete are the nouns of which something could not be read, so that a
	// name that nothing has may be no mistake.
	incomplete map[programme.Noun]bool
	only       string // the cohort, where there is one
}

func newReading() *reading {
	return &reading{entries: map[programme.Noun][]*entry{}, incomplete: map[programme.Noun]bool{}}
}

func (r *reading) refuse(at Place, hint, format string, args ...any) {
	r.report = append(r.report, Problem{Place: at, Severity: Error, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (r *reading) warn(at Place, hint, format string, args ...any) {
	r.refuse(at, hint, format, args...)
	r.report[len(r.report)-1].Severity = Warning
}

// folder reads the files of a folder whose names are known.
func (r *reading) folder(path string) error {
	files, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	known := []string{yamlFile}
	for _, t := range csvTables() {
		known = append(known, t.file())
	}
	found := false
	for _, f := range files {
		name := strings.ToLower(f.Name())
		at := filepath.Join(path, f.Name())
		switch {
		case f.IsDir():
		case slices.Contains(known, name):
			found = true
			if err := r.file(at); err != nil {
				return err
			}
		case slices.Contains([]string{".csv", ".yaml", ".yml"}, filepath.Ext(name)) && programme.Nearest(name, known) != "":
			r.warn(Place{File: at}, suggestion(name, known), "the file is not read, since its name is not known")
		}
	}
	if !found {
		r.refuse(Place{File: path}, "put "+yamlFile+" there, or CSV files named "+strings.Join(known[1:], ", "), "the folder holds no file of a programme")
	}
	return nil
}

// file reads one file, of the kind that its name says.
func (r *reading) file(path string) error {
	data, err := contents(path)
	if err != nil {
		return err
	}
	r.files = append(r.files, path)
	src := &source{file: path}
	base := strings.ToLower(filepath.Base(path))
	noun := slices.IndexFunc(tables, func(t table) bool { return !t.yamlOnly && t.file() == base })
	switch {
	case len(data) > largest:
		r.unreadable(Place{File: path}, "split it, and name all of its parts", "the file is larger than %d MB", largest>>20)
	case !utf8.Valid(data):
		r.unreadable(Place{File: path, Line: lineOfInvalid(data)}, "save the file as UTF-8", "the text is not UTF-8")
	case noun >= 0:
		r.csv(src, tables[noun], bytes.TrimPrefix(data, []byte("\ufeff")))
	case filepath.Ext(base) == ".csv":
		var names []string
		for _, t := range csvTables() {
			names = append(names, t.file())
		}
		r.unreadable(Place{File: path}, "name it one of "+strings.Join(names, ", "), "a CSV file of this name says nothing about a programme")
	default:
		r.yaml(src, data)
	}
	return nil
}

// unreadable refuses a whole file, which may have held things of every noun.
func (r *reading) unreadable(at Place, hint, format string, args ...any) {
	r.refuse(at, hint, format, args...)
	for _, t := range tables {
		r.incomplete[t.noun] = true
	}
}

func contents(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, largest+1))
}

func lineOfInvalid(data []byte) int {
	rest := data
	for len(rest) > 0 {
		c, size := utf8.DecodeRune(rest)
		if c == utf8.RuneError && size == 1 {
			break
		}
		rest = rest[size:]
	}
	return 1 + bytes.Count(data[:len(data)-len(rest)], []byte("\n"))
}
