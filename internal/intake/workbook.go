package intake

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// workbook is an Excel workbook (ECMA-376), of which one sheet is read, row by
// row. Reading it is our own because a report needs what a cell holds, not what
// a spreadsheet shows: its number in full, whether it is a date, and whether a
// formula has a result; and because no file may take more memory than it is
// large, which a tree of its cells does a thousandfold.
type workbook struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call of Check
	limits *Limits
	bytes  int64
	parts  map[string]*zip.File // by folded name

	sheets      []worksheet
	from1904    bool
	recalculate bool // formulas' results are not to be relied on
	styles      []style
	strings     sharedStrings
}

// worksheet is one sheet of cells.
type worksheet struct {
	name   string
	hidden bool
	part   string
}

// mostParts is how many parts a workbook may have: one of a thousand sheets has
// some thousands.
const mostParts = 20_000

// openWorkbook reads what a workbook says beside its sheets' cells.
func openWorkbook(ctx context.Context, in io.Reader, limits *Limits) (*workbook, error) {
	content, err := io.ReadAll(&bounded{ctx, in, limits.WorkbookBytes})
	if errors.Is(err, errTooLarge) {
		return nil, &fileFault{Problem{
			Code: TooLarge, Message: "the workbook is larger than " + inBytes(limits.WorkbookBytes),
			Hint: "remove sheets and pictures that are not needed, or save the sheet as \"CSV UTF-8\"",
		}}
	}
	if err != nil {
		return nil, err
	}
	// Each entry costs some hundred bytes, which is more than it takes up.
	if bytes.Count(content, []byte(zipEntryMark)) > mostParts {
		return nil, unpacksTooLarge(fmt.Sprintf("the workbook has more than %d parts", mostParts))
	}
	packed, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(err)
	}
	w := &workbook{ctx: ctx, limits: limits, bytes: int64(len(content)), parts: make(map[string]*zip.File, len(packed.File))}
	for _, f := range packed.File {
		w.parts[foldPart(f.Name)] = f
	}
	if err := w.refuseFormat(); err != nil {
		return nil, err
	}
	return w, damaged(w.readBook())
}

func foldPart(name string) string { return strings.ToLower(strings.TrimPrefix(name, "/")) }

// refuseFormat is why an archive is no workbook.
func (w *workbook) refuseFormat() error {
	has := func(name string) bool { return w.parts[name] != nil }
	switch {
	case has("xl/workbook.bin"):
		return wrongFormat("the file is a binary workbook (.xlsb)", saveAsWorkbook)
	case has("index/document.iwa"), has("index.zip"):
		return wrongFormat("the file is of Apple's Numbers or Pages", "open it there, and export it to Excel (.xlsx) or CSV")
	case has("word/document.xml"):
		return wrongFormat("the file is a text document (Word)", "upload the spreadsheet that its table came from")
	case has("ppt/presentation.xml"):
		return wrongFormat("the file is a presentation (PowerPoint)", "upload the spreadsheet that its table came from")
	case has("mimetype") && !has("_rels/.rels"):
		return wrongFormat("the file is of LibreOffice or OpenOffice (such as .ods)", saveAsWorkbook)
	case !has("_rels/.rels") && !has("xl/workbook.xml") && !has("[content_types].xml"):
		return wrongFormat("the file is an archive (zip), but no workbook", "unpack it, and upload what is in it")
	}
	return nil
}

// readBook reads which sheets there are, and what their cells refer to.
func (w *workbook) readBook() error {
	book := "xl/workbook.xml"
	root, err := w.relations("_rels/.rels", "")
	if err != nil {
		return err
	}
	for _, r := range root {
		if r.kind == "officeDocument" {
			book = r.part
		}
	}
	folder, name := path.Split(book)
	related, err := w.relations(folder+"_rels/"+name+".rels", folder)
	if err != nil {
		return err
	}
	if err := w.readSheets(book, related); err != nil {
		return err
	}
	for _, r := range related {
		switch r.kind {
		case "styles":
			err = w.readStyles(r.part)
		case "sharedStrings":
			err = w.readStrings(r.part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relation is what one part of a workbook says of another.
type relation struct{ kind, part string }

// relations are those in a part, by their ids.
func (w *workbook) relations(part, folder string) (map[string]relation, error) {
	if w.parts[foldPart(part)] == nil {
		return nil, nil
	}
	all := map[string]relation{}
	return all, w.each(part, func(x *xmlReader) error {
		if x.start != "Relationship" {
			return nil
		}
		target := strings.Clone(x.attribute("Target"))
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		all[strings.Clone(x.attribute("Id"))] = relation{kind: path.Base(strings.Clone(x.attribute("Type"))), part: target}
		return nil
	})
}

// mostSheets is how many sheets a workbook may have.
const mostSheets = 10_000

func (w *workbook) readSheets(book string, related map[string]relation) error {
	if w.parts[foldPart(book)] == nil {
		return damaged(errors.New("it has no list of its sheets"))
	}
	return w.each(book, func(x *xmlReader) error {
		switch x.start {
		case "workbookPr":
			w.from1904 = x.truth("date1904")
		case "calcPr":
			w.recalculate = x.truth("fullCalcOnLoad")
		case "sheet":
			if r := related[x.attribute("id")]; r.kind == "worksheet" && len(w.sheets) < mostSheets { // others are charts
				w.sheets = append(w.sheets, worksheet{
					name: strings.Clone(x.attribute("name")), part: r.part, hidden: cmp.Or(x.attribute("state"), "visible") != "visible",
				})
			}
		}
		return nil
	})
}

// part opens a part of the workbook.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	f := w.parts[foldPart(name)]
	if f == nil {
		return nil, fmt.Errorf("it has no part %s", shown(name))
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	packed := int64(min(f.CompressedSize64, uint64(w.bytes)))
	return &unpacked{bounded{w.ctx, in, w.limits.UnpackedBytes}, in, max(packed*w.limits.UnpackedRatio, leastUnpacked)}, nil
}

// leastUnpacked is what a part may have however small it is packed.
const leastUnpacked = 1 << 20

// unpacked reads a part that may be a bomb.
type unpacked struct {
	bounded
	io.Closer
	ratio int64 // bytes that may come yet, by the ratio
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.bounded.Read(p)
	if u.ratio -= int64(n); u.ratio < 0 || errors.Is(err, errTooLarge) {
		return n, unpacksTooLarge("the workbook unpacks to far more than a file of its size holds")
	}
	return n, err
}

func unpacksTooLarge(message string) error {
	return &fileFault{Problem{
		Code: UnpacksTooLarge, Message: message,
		Hint: "copy the cells with data into a new workbook, or save the sheet as \"CSV UTF-8\"",
	}}
}

// damaged is the error of a workbook that cannot be read, unless it says what
// is wrong already.
func damaged(err error) error {
	var known *fileFault
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, errTooSlow), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return &fileFault{Problem{
		Code: DamagedFile, Message: "the workbook is damaged: " + shown(err.Error()),
		Hint: "open it in a spreadsheet program, and save it anew; or upload it again, if it was cut off on its way",
	}}
}

// each reads a part to its end, and hands out every tag and text.
func (w *workbook) each(part string, take func(*xmlReader) error) error {
	in, err := w.part(part)
	if err != nil {
		return err
	}
	defer in.Close()
	x := newXMLReader(in)
	depth, tags := 0, 0
	for {
		err := x.next()
		switch {
		case errors.Is(err, io.EOF) && depth == 0 && tags > 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case x.start != "":
			depth++
			tags++
		case x.end != "":
			depth--
		}
		if err := take(x); err != nil {
			return err
		}
	}
}
