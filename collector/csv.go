package collector

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// csvKind pulls a file from an address, or files from a folder that people drop
// them into. Where the source maps no fields, its files are files of
// observations, and are taken in as those of an aide.
type csvKind struct{}

// Check wants no path that leaves the folder of files.
func (csvKind) Check(s programme.Source) []Lack {
	if name, ok := strings.CutPrefix(s.URL, "file:"); ok && !isLocal(name) {
		return []Lack{{"url", "the file of source " + s.ID + " is not under the folder of files", "write file:springfield/thefts.csv, or file:springfield for a folder"}}
	}
	return nil
}

// Pull reads the file or files.
func (k csvKind) Pull(ctx context.Context, p *Pull) error {
	if name, ok := strings.CutPrefix(p.Source.URL, "file:"); ok {
		return p.eachFile(name, func(name string, content io.Reader) error { return k.file(p, name, content) })
	}
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.Content.Close()
	content := bufio.NewReaderSize(a.Content, 64<<10)
	begin, _ := content.Peek(512) // what is wrong with it shows below
	if err := a.notPage(begin); err != nil {
		return err
	}
	if !a.Bounded {
		return fail(Incomplete, "the server does not say where its answer ends, so that one that breaks off looks whole: publish the file on one that does")
	}
	p.Limits = usualLimits
	return k.file(p, path.Base(p.Source.URL), content)
}

func (k csvKind) file(p *Pull, name string, content io.Reader) error {
	if p.AsIs() {
		p.Limits = nil
		return p.File(name, content)
	}
	bounded := newBounded(content)
	text := textOf(bounded)
	if begin, _ := text.Peek(512); looksLikePage(begin) {
		return errWebPage
	} else if what := intake.OtherFormat(begin); what != "" {
		return fail(NotData, "%s is no CSV: %s", name, what)
	}
	r := csv.NewReader(text)
	r.Comma, r.ReuseRecord, r.FieldsPerRecord = delimiterOf(text), true, -1
	header, err := r.Read()
	if err != nil {
		return csvError(name, err)
	}
	var written encoding
	if !written.decode(header) {
		return noText(name, 1)
	}
	header = slices.Clone(header)
	for n := range header {
		header[n] = strings.TrimSpace(header[n])
	}
	if err := p.Has(header); err != nil {
		return err
	}
	places, values := make([]int, len(p.Columns)), make([]string, len(p.Columns))
	for n, c := range p.Columns {
		places[n] = slices.Index(header, c)
	}
	for {
		bounded.next()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvError(name, err)
		}
		if len(cells) != len(header) {
			line, _ := r.FieldPos(0)
			return failSoon(BadRecord, "%s:%d has %d cells, and its header has %d", name, line, len(cells), len(header))
		}
		if !written.decode(cells) {
			line, _ := r.FieldPos(0)
			return noText(name, line)
		}
		for n, at := range places {
			values[n] = strings.TrimSpace(cells[at])
		}
		if err := p.Record(values); err != nil {
			return err
		}
	}
}

func noText(name string, line int) error {
	return failSoon(BadRecord, "%s:%d is not text in one encoding: it fits neither UTF-8 nor the lines above: publish the file in UTF-8", name, line)
}

func csvError(name string, err error) error {
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	if errors.Is(err, io.EOF) {
		return fail(NotData, "%s is empty", name)
	}
	return failSoon(BadRecord, "%s cannot be read: %w", name, err)
}

// delimiterOf is the mark that the header has most of.
func delimiterOf(r *bufio.Reader) rune {
	begin, _ := r.Peek(r.Size()) // a short file is peeked at whole
	header, _, _ := bytes.Cut(begin, []byte("\n"))
	best := ','
	for _, c := range []rune{';', '\t', '|'} {
		if bytes.Count(header, []byte(string(c))) > bytes.Count(header, []byte(string(best))) {
			best = c
		}
	}
	return best
}
