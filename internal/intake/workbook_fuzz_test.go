package intake_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
)

// accounted holds that a check's summary is that of what it handed out.
func accounted(t *testing.T, f *found, sum intake.Summary) {
	t.Helper()
	retracted := map[intake.Key]bool{}
	for _, k := range f.retracted {
		retracted[k] = true
	}
	kept, keys := 0, map[intake.Key]bool{}
	for _, r := range f.rows {
		if keys[r.Key] {
			t.Errorf("line %d has the key of another row", r.Line)
		}
		keys[r.Key] = true
		if !retracted[r.Key] {
			kept++
		}
	}
	if kept != sum.Rows {
		t.Errorf("%d rows are kept, the summary has %d", kept, sum.Rows)
	}
	if sum.Errors+sum.Warnings != len(f.problems) {
		t.Errorf("%d problems, the summary has %+v", len(f.problems), sum)
	}
	if (sum.Rejected > 0 || sum.Refused) && sum.Errors == 0 {
		t.Errorf("rejected without a problem: %+v", sum)
	}
	for _, p := range f.problems {
		if p.Code == "" || p.Message == "" || p.Hint == "" {
			t.Errorf("incomplete: %+v", p)
		}
	}
}

// FuzzFiles holds that any bytes are read or refused in words.
func FuzzFiles(f *testing.F) {
	good := newBook(row("rate", text("C2", "2025-03"), `<c r="D2"><v>1</v></c>`)).file()
	f.Add([]byte(good))
	f.Add([]byte(good[:len(good)/2]))
	f.Add([]byte(strings.Replace(good, "inlineStr", "inlineSt\xff", 1)))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("%PDF-1.7"))
	f.Add([]byte("<!DOCTYPE html>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		o := options()
		o.Limits = intake.WebLimits
		found, sum := check(t, string(content), o)
		accounted(t, found, sum)
	})
}

// FuzzSheetXML holds the same of whatever a workbook's parts say.
func FuzzSheetXML(f *testing.F) {
	plain := newBook("")
	f.Add(tidyRows(text("A2", "boston")+text("B2", "rate")+`<c r="C2" s="1"><v>45717</v></c><c r="D2"><f>A1</f><v>1</v></c>`), plain["xl/styles.xml"], plain["xl/sharedStrings.xml"], plain["xl/workbook.xml"])
	f.Add(`<row r="3" hidden="1"><c r="XFD3" t="s"><v>0</v></c></row><row><c t="e"><v>#REF!</v></c><c t="b"/></row>`, `<styleSheet><cellXfs><xf/></cellXfs></styleSheet>`, `<sst><si><r><t>_x0041_</t></r></si><si/></sst>`, plain["xl/workbook.xml"])
	f.Add(`<!DOCTYPE x [<!ENTITY a "b">]><row><c><v>&a;</v></c></row>`, "", "<sst>", `<workbook><workbookPr date1904="1"/></workbook>`)
	f.Fuzz(func(t *testing.T, rows, styles, texts, workbook string) {
		b := newBook(rows).with("xl/styles.xml", styles).with("xl/sharedStrings.xml", texts).with("xl/workbook.xml", workbook)
		found, sum := check(t, b.file(), options())
		accounted(t, found, sum)
	})
}

// FuzzSheets holds that a workbook whose cells are text says what the CSV of
// these cells says.
func FuzzSheets(f *testing.F) {
	f.Add("boston", "rate", "2025-03", "1,5", "a note")
	f.Add("Lima", "HOMICIDIOS", "2025-3", "<5", "'=1")
	f.Add("bostn", "", "", "1.234", "")
	f.Add("boston", "rate", "2025-03", "#REF!", "=1+1")
	f.Fuzz(func(t *testing.T, city, indicator, period, value, note string) {
		cells := []string{city, indicator, period, value, note}
		var written bytes.Buffer
		table := csv.NewWriter(&written)
		header := []string{"city", "indicator", "period", "value", "note"}
		if err := table.WriteAll([][]string{header, cells}); err != nil {
			t.Fatal(err)
		}
		var xmlRow strings.Builder
		for i, cell := range cells {
			if strings.ContainsFunc(cell, unicode.IsControl) || strings.Contains(cell, "_x") || strings.ToValidUTF8(cell, "") != cell || strings.ContainsAny(cell, "\uFFFD\uFFFE\uFFFF") {
				return // one or the other cannot have it, or not as it is
			}
			var escaped bytes.Buffer
			if err := xml.EscapeText(&escaped, []byte(cell)); err != nil {
				t.Fatal(err)
			}
			xmlRow.WriteString(text(string(rune('A'+i))+"2", escaped.String()))
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			return
		}
		want, wantSum := check(t, written.String(), options())
		got, gotSum := check(t, newBook(tidyRows(xmlRow.String())).file(), options())
		if gotSum != wantSum {
			t.Errorf("the workbook gives %+v, the CSV %+v", gotSum, wantSum)
		}
		want.about.Sheet, want.about.Sheets = "Data", []string{"Data"}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(found{}), cmp.Comparer(func(a, b intake.Key) bool { return a == b })); diff != "" {
			t.Errorf("found (-CSV +workbook):\n%s", diff)
		}
	})
}
