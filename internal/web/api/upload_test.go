package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/api"
)

// form is a body with a file in it.
func form(t *testing.T, name, content string, fields ...string) (kind, body string) {
	t.Helper()
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for _, f := range fields {
		if err := w.WriteField(f, "1"); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), text.String()
}

// workbook is the file as a workbook, on its second sheet.
func workbook(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	_, err := book.NewSheet("numbers")
	for n, line := range strings.Split(strings.TrimSpace(file), "\n") {
		for m, cell := range strings.Split(line, ",") {
			at, _ := excelize.CoordinatesToCellName(m+1, n+1)
			if err == nil {
				err = book.SetCellValue("numbers", at, cell)
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// However a file is sent, the same becomes of it, and it comes back byte for
// byte.
func TestKindsOfBodies(t *testing.T) {
	i := install(t)
	aide := i.as(t, "aide")
	formKind, formBody := form(t, "C:\\numbers\\june.csv", file)
	want := upload.Counts{Rows: 2, New: 1, Changed: 1}
	for _, c := range []struct{ name, query, kind, body, content, fileName string }{
		{"csv", "", "text/csv; charset=utf-8", file, file, "upload.csv"},
		{"csv as Windows calls it", "", "application/vnd.ms-excel", file, file, "upload.csv"},
		{"bytes", "", "application/octet-stream", file, file, "upload"},
		{"tabs", "", "text/tab-separated-values", strings.ReplaceAll(file, ",", "\t"), strings.ReplaceAll(file, ",", "\t"), "upload.tsv"},
		{"a form", "", formKind, formBody, file, "june.csv"},
		{"a workbook", "&sheet=numbers", xlsx, workbook(t), "", "upload.xlsx"},
		{"without its indicator", "&indicator=thefts", "text/csv", "period,value\n2026-09,101\n2026-08,99\n", "", "upload.csv"},
		{"a decimal comma", "&decimal=comma", "text/csv", "indicator;period;value\nthefts;2026-09;101,0\nthefts;2026-08;99,0\n", "", "upload.csv"},
		{"all but what is wrong", "&on_error=skip", "text/csv", file + "nonsense,2026-08,1\n", "", "upload.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var report upload.Report
			a := aide.post(t, "/uploads?dry_run=true&city=riverton"+c.query, c.kind, c.body)
			a.json(t, &report)
			if a.StatusCode != http.StatusOK || report.File != c.fileName {
				t.Fatalf("%s: %s", report.File, a)
			}
			if sheets := strings.Join(report.Sheets, ", "); c.kind == xlsx && (report.Sheet != "numbers" || sheets != "Sheet1, numbers") {
				t.Errorf("%q is read of %s", report.Sheet, sheets)
			}
			got := report.Counts
			got.Rows, got.Rejected = got.Rows-got.Rejected, 0
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.content == "" {
				c.content = c.body
			}
			back := aide.get(t, fmt.Sprintf("/uploads/%d/file", report.Upload))
			if string(back.body) != c.content || !strings.Contains(back.Header.Get("Content-Disposition"), c.fileName) {
				t.Errorf("the file comes back as %s\n%q", back.Header, back.body)
			}
		})
	}
}

// Where rows with errors are left out and no other is there, the file is refused.
func TestNoRowIsLeft(t *testing.T) {
	aide := install(t).as(t, "aide")
	for _, dry := range []string{"", "&dry_run=true"} {
		var report upload.Report
		a := aide.post(t, "/uploads?city=riverton&on_error=skip"+dry, "text/csv", "indicator,period,value\nthefts,2026-09,many\nthefts,2026-08,\n")
		a.json(t, &report)
		if a.StatusCode != http.StatusUnprocessableEntity || report.Applied || report.Token != "" || report.Counts.Rejected != 1 {
			t.Errorf("%s: %s", dry, a)
		}
	}
}

// A dry run answers what the import then does; each with the import's JSON.
func TestDryRunAndCommit(t *testing.T) {
	i := install(t)
	aide := i.as(t, "aide")
	var shown, done upload.Report
	a := aide.post(t, "/uploads?city=riverton&dry_run=true", "text/csv", file)
	a.json(t, &shown)
	if a.StatusCode != http.StatusOK || shown.Applied || shown.Token == "" || len(shown.Changes) != 2 {
		t.Fatal(a)
	}
	if got := len(i.exported(t, "observations", store.Filter{})); got != 85 {
		t.Errorf("a dry run left %d lines", got)
	}
	commit := fmt.Sprintf(`{"token": %q}`, shown.Token)
	if a := i.as(t, "admin").post(t, "/uploads/commit", "application/json", commit); a.problem(t) != "no-preview" {
		t.Errorf("somebody else's token: %s", a)
	}
	a = aide.post(t, "/uploads/commit", "application/json", commit)
	a.json(t, &done)
	if a.StatusCode != http.StatusCreated || !done.Applied || a.Header.Get("Location") != fmt.Sprintf("/api/v1/uploads/%d", shown.Upload) {
		t.Fatal(a)
	}
	shown.Applied, shown.Token = true, ""
	if diff := cmp.Diff(text(t, shown), text(t, done)); diff != "" {
		t.Errorf("(-shown +done):\n%s", diff)
	}
	if a := aide.post(t, "/uploads/commit", "application/json", commit); a.problem(t) != "no-preview" {
		t.Errorf("a second time: %s", a)
	}

	// What was shown does not come to pass when the data moved.
	aide.post(t, "/uploads?city=riverton&dry_run=true", "text/csv", "indicator,period,value\nthefts,2026-09,50\n").json(t, &shown)
	i.take(t, "both@example.org", upload.Scope{riverton}, "indicator,period,value\nthefts,2026-09,60\n")
	if a := aide.post(t, "/uploads/commit", "application/json", fmt.Sprintf(`{"token": %q}`, shown.Token)); a.problem(t) != "conflict" {
		t.Errorf("after a change: %s", a)
	}
	// Nor is what was overtaken reverted.
	if a := aide.do(t, http.MethodPost, fmt.Sprintf("/uploads/%d/revert", done.Upload), "", nil); a.problem(t) != "later-revisions" {
		t.Errorf("reverted: %s", a)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	written, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

// Sent again with the same key, also at the same time, a file is taken in once,
// and answered alike.
func TestIdempotency(t *testing.T) {
	i := install(t)
	var group sync.WaitGroup
	answers := make([]answer, 6)
	for n := range answers {
		aide := i.as(t, "aide")
		aide.header.Set("Idempotency-Key", `"june"`)
		group.Go(func() { answers[n] = aide.post(t, "/uploads?city=riverton", "text/csv", file) })
	}
	group.Wait()
	for _, a := range answers {
		if a.StatusCode != http.StatusCreated || !bytes.Equal(a.body, answers[0].body) {
			t.Errorf("%s\nbut the first was %s", a, answers[0])
		}
	}
	var page struct{ Items []upload.Record }
	i.as(t, "aide").get(t, "/uploads").json(t, &page)
	if len(page.Items) != 1 {
		t.Errorf("%d uploads", len(page.Items))
	}
	aide := i.as(t, "aide")
	aide.header.Set("Idempotency-Key", `"june"`)
	if a := aide.post(t, "/uploads?city=riverton", "text/csv", file+"thefts,2026-07,1\n"); a.problem(t) != "key-reused" {
		t.Errorf("another file: %s", a)
	}
	if a := aide.post(t, "/uploads?city=riverton&decimal=comma", "text/csv", file); a.problem(t) != "key-reused" {
		t.Errorf("read in another way: %s", a)
	}
}

// endless is a body that would never end.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = 'x'
	}
	e.read.Add(int64(len(p)))
	return len(p), nil
}

// A file that is too large is refused while it comes: no more of it is read
// than may be taken.
func TestTooLarge(t *testing.T) {
	i := install(t, func(o *api.Options) { o.Limits = intake.Limits{Bytes: 1 << 20, WorkbookBytes: 1 << 10} })
	kind, _ := form(t, "", "")
	_, boundary, _ := strings.Cut(kind, "boundary=")
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"june.csv\"\r\n\r\n"
	for _, c := range []struct{ name, kind, begins string }{
		{"csv", "text/csv", ""},
		{"a workbook", "text/csv", "PK\x03\x04"},
		{"a form", kind, head},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest := &endless{}
			a := i.as(t, "aide").do(t, http.MethodPost, "/uploads?city=riverton", c.kind, io.MultiReader(strings.NewReader(c.begins), rest))
			if a.StatusCode != http.StatusRequestEntityTooLarge || a.problem(t) != "too-large" {
				t.Error(a)
			}
			if n := rest.read.Load(); n > 16<<20 { // what the connection holds is sent, too
				t.Errorf("%d bytes were read", n)
			}
		})
	}
	whole := strings.Repeat("x", 2<<20) // says its size beforehand
	if a := i.as(t, "aide").post(t, "/uploads?city=riverton", "text/csv", whole); a.problem(t) != "too-large" {
		t.Error(a)
	}
	var report upload.Report
	a := i.as(t, "aide").post(t, "/uploads?city=riverton", "text/csv", "indicator,period,value\nthefts,2026-09,"+strings.Repeat("1", 1<<19)+"\n")
	if a.json(t, &report); a.StatusCode != http.StatusUnprocessableEntity {
		t.Error(a)
	}
}

// The report's JSON is that of the command line, field by field.
func TestReportIsTheImports(t *testing.T) {
	i := install(t)
	a := i.as(t, "aide").post(t, "/uploads?city=riverton", "text/csv", file)
	var number struct{ Upload int64 }
	a.json(t, &number)
	_, report, err := i.store.Upload(t.Context(), nil, number.Upload)
	if err != nil {
		t.Fatal(err)
	}
	var got upload.Report
	a.json(t, &got)
	if diff := cmp.Diff(text(t, report), text(t, got)); diff != "" {
		t.Errorf("(-kept +answered):\n%s", diff)
	}
}

// The uploads of a city are those that speak of it, also where they speak of
// others, as far as one may see them.
func TestUploadsOfACity(t *testing.T) {
	i := install(t)
	var sent upload.Report
	i.as(t, "admin").post(t, "/uploads", "text/csv", "city,indicator,period,value\nriverton,thefts,2026-09,101\nlakeside,thefts,2026-09,102\n").json(t, &sent)
	for _, c := range []struct {
		who, city string
		listed    bool
	}{
		{"admin", riverton, true}, {"admin", lakeside, true}, {"faculty", lakeside, true}, {"both", riverton, true}, {"aide", riverton, false}, {"other", lakeside, false},
	} {
		var list struct{ Items []upload.Record }
		i.as(t, c.who).get(t, "/uploads?city="+c.city).json(t, &list)
		listed := slices.ContainsFunc(list.Items, func(r upload.Record) bool { return r.Number == sent.Upload })
		if listed != c.listed {
			t.Errorf("of %s, %s is listed it: %v, want %v", c.city, c.who, listed, c.listed)
		}
	}
}
