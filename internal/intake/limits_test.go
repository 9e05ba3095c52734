package intake_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
)

// TestFormats says what is said of files that are neither CSV nor workbooks.
func TestFormats(t *testing.T) {
	const part = "x"
	cases := map[string]struct{ content, message string }{
		"xls":            {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600), "of the old kind (.xls), or one with a password"},
		"xlsb":           {book{"xl/workbook.bin": part, "_rels/.rels": part}.file(), "binary workbook"},
		"ods":            {book{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": part}.file(), "LibreOffice"},
		"numbers":        {book{"Index/Document.iwa": part}.file(), "Numbers"},
		"docx":           {book{"word/document.xml": part, "_rels/.rels": part}.file(), "Word"},
		"pptx":           {book{"ppt/presentation.xml": part, "_rels/.rels": part}.file(), "PowerPoint"},
		"zip":            {book{"observations.csv": tidy}.file(), "archive (zip)"},
		"empty zip":      {"PK\x05\x06" + strings.Repeat("\x00", 18), "empty archive"},
		"gzip":           {"\x1F\x8B\x08\x00", "gzip"},
		"7z":             {"7z\xBC\xAF\x27\x1C", "7z"},
		"pdf":            {"%PDF-1.7\n", "PDF"},
		"rtf":            {`{\rtf1`, "RTF"},
		"png":            {"\x89PNG\r\n\x1a\n", "picture"},
		"jpeg":           {"\xFF\xD8\xFF\xE0", "picture"},
		"heic":           {"\x00\x00\x00\x18ftypheic", "picture"},
		"sign-in page":   {"\n <!DOCTYPE html><title>Sign in</title>", "web page"},
		"html as UTF-16": {utf16le("<html><table>"), "web page"},
		"html as xls":    {"\uFEFF<table><tr>", "web page"},
		"xml":            {`<?xml version="1.0"?><Workbook/>`, "XML"},
		"sqlite":         {"SQLite format 3\x00", "database"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f, sum := check(t, c.content, options())
			if !sum.Refused || len(f.problems) != 1 || f.problems[0].Code != intake.WrongFormat || f.problems[0].Hint == "" || !strings.Contains(f.problems[0].Message, c.message) {
				t.Errorf("%+v, want one problem that says %q", f.problems, c.message)
			}
		})
	}
}

// TestLimitsOfWorkbooks holds each limit, and that it is told from the others.
func TestLimitsOfWorkbooks(t *testing.T) {
	good := func() book { return newBook(row("rate", text("C2", "2025-03"), `<c r="D2"><v>1</v></c>`)) }
	blank := strings.Repeat(`<row/>`, 1<<20)
	texts := strings.Repeat(`<si><t>`+strings.Repeat("x", 1000)+`</t></si>`, 80_000)
	manyParts := good()
	for n := range 20_001 {
		manyParts[strings.Repeat("x", 1+n%50)+string(rune(0x100+n))] = ""
	}
	limits := func(change func(*intake.Limits)) func(*intake.Options) {
		return func(o *intake.Options) { change(&o.Limits) }
	}
	cases := map[string]struct {
		content string
		change  func(*intake.Options)
		want    []string
	}{
		"within all of them":     {good().file(), limits(func(l *intake.Limits) { *l = intake.WebLimits }), nil},
		"its size":               {good().file(), limits(func(l *intake.Limits) { l.WorkbookBytes = 1000 }), []string{"too-large 0"}},
		"the size of any file":   {good().file(), limits(func(l *intake.Limits) { l.Bytes = 1000 }), []string{"too-large 0"}},
		"what it unpacks to":     {good().file(), limits(func(l *intake.Limits) { l.UnpackedBytes = 500 }), []string{"unpacks-too-large 0"}},
		"the ratio":              {newBook(blank).file(), nil, []string{"unpacks-too-large 0"}},
		"the ratio of texts":     {good().with("xl/sharedStrings.xml", "<sst>"+texts+"</sst>").file(), nil, []string{"unpacks-too-large 0"}},
		"texts as such":          {good().with("xl/sharedStrings.xml", "<sst>"+texts+"</sst>").file(), limits(func(l *intake.Limits) { l.UnpackedRatio = 1 << 40 }), []string{"unpacks-too-large 0"}},
		"parts":                  {manyParts.file(), nil, []string{"unpacks-too-large 0"}},
		"columns":                {good().edit("xl/worksheets/sheet1.xml", `</row></sheetData>`, `<c r="Z2"><v>1</v></c></row></sheetData>`).file(), limits(func(l *intake.Limits) { l.Columns = 20 }), []string{"too-many-columns 2 U"}},
		"columns without a cell": {good().edit("xl/worksheets/sheet1.xml", `</row></sheetData>`, `<c r="XFD2" s="1"/></row></sheetData>`).file(), limits(func(l *intake.Limits) { l.Columns = 20 }), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			if c.change != nil {
				c.change(&o)
			}
			f, _ := check(t, c.content, o)
			var got []string
			for _, p := range f.problems {
				got = append(got, place(p))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems %+v (-want +got):\n%s", f.problems, diff)
			}
		})
	}
}

// TestTime holds that a file which takes too long is refused, and that a check
// which is called off is not.
func TestTime(t *testing.T) {
	endless := intake.Source{Name: "june.csv", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(readerFunc(func(p []byte) (int, error) {
			for i := range p {
				p[i] = 'x'
			}
			return len(p), nil
		})), nil
	}}
	o := options()
	o.Limits.Bytes = 1 << 60
	refused := func(ctx context.Context) error {
		var f found
		sum, err := intake.Check(ctx, endless, o, &f)
		if err == nil && (!sum.Refused || len(f.problems) == 0 || f.problems[len(f.problems)-1].Code != intake.TooSlow) {
			t.Errorf("summary %+v, problems %+v", sum, f.problems)
		}
		return err
	}
	past, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if err := refused(past); err != nil {
		t.Errorf("past the deadline: %v", err)
	}
	o.Limits.Time = time.Millisecond
	if err := refused(t.Context()); err != nil {
		t.Errorf("past the limit: %v", err)
	}
	called, off := context.WithCancel(t.Context())
	off()
	if err := refused(called); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}
