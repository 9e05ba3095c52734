package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// TestCells has what each kind of cell is read as: its row, or its problem.
func TestCells(t *testing.T) {
	const march = `<c r="C2" t="inlineStr"><is><t>2025-03</t></is></c>`
	one := func(c string) string { return row("rate", march, c) }
	cases := map[string]struct {
		book book
		want string
	}{
		"a number":                       {newBook(one(`<c r="D2"><v>1.234</v></c>`)), "2025-03 1.234"},
		"a number in full":               {newBook(one(`<c r="D2"><v>0.30000000000000004</v></c>`)), "2025-03 0.30000000000000004"},
		"a number with 17 digits":        {newBook(one(`<c r="D2"><v>1.1000000000000001</v></c>`)), "2025-03 1.1"},
		"a small number":                 {newBook(one(`<c r="D2"><v>1.5E-9</v></c>`)), "2025-03 1.5e-09"},
		"a per cent":                     {newBook(one(`<c r="D2" s="3"><v>7.0000000000000007E-2</v></c>`)), "2025-03 7"},
		"a per cent with a fraction":     {newBook(one(`<c r="D2" s="3"><v>0.12345</v></c>`)), "2025-03 12.345"},
		"a per cent as text":             {newBook(one(text("D2", "12 %"))), "2025-03 12"},
		"a number as text":               {newBook(one(text("D2", "12.5"))), "2025-03 12.5"},
		"a number as text, of two kinds": {newBook(one(text("D2", "1.234"))), "ambiguous-number 2 D/value 1.234"},
		"a formula's number":             {newBook(one(`<c r="D2"><f>SUM(A1:A9)</f><v>12</v></c>`)), "2025-03 12"},
		"a formula's text":               {newBook(one(`<c r="D2" t="str"><f>"&lt;5"</f><v>&lt;5</v></c>`)), "2025-03 suppressed"},
		"a formula without result":       {newBook(one(`<c r="D2"><f>SUM(A1:A9)</f></c>`)), "bad-formula 2 D/value =SUM(A1:A9)"},
		"a formula with an empty result": {newBook(one(`<c r="D2"><f>SUM(A1:A9)</f><v></v></c>`)), "bad-formula 2 D/value =SUM(A1:A9)"},
		"a formula's empty text":         {newBook(one(`<c r="D2" t="str"><f>""</f><v></v></c>`)), "skipped"},
		"a formula to be calculated anew": {newBook(one(`<c r="D2"><f>A1</f><v>0</v></c>`)).
			edit("xl/workbook.xml", "</workbook>", `<calcPr fullCalcOnLoad="1"/></workbook>`), "bad-formula 2 D/value =A1"},
		"a formula's error":           {newBook(one(`<c r="D2" t="e"><f>A1/0</f><v>#DIV/0!</v></c>`)), "bad-formula 2 D/value #DIV/0!"},
		"an error in a note":          {newBook(one(`<c r="D2"><v>1</v></c><c r="E2" t="e"><v>#N/A</v></c>`)), "bad-formula 2 E/note #N/A"},
		"an error as indicator":       {newBook(tidyRows(text("A2", "boston") + `<c r="B2" t="e"><v>#REF!</v></c>` + march + `<c r="D2"><v>1</v></c>`)), "bad-formula 2 B/indicator #REF!"},
		"a footnote's mark":           {newBook(one(`<c r="D2" t="inlineStr"><is><r><t>1 234</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c>`)), "bad-number 2 D/value 1 234^1"},
		"a footnote's mark, shared":   {newBook(one(`<c r="D2" t="s"><v>0</v></c>`)).with("xl/sharedStrings.xml", `<sst><si><r><rPr><strike/></rPr><t>12</t></r><r><rPr/><t xml:space="preserve"> 345</t></r></si></sst>`), "bad-number 2 D/value 12^ 345"},
		"a footnote's letter":         {newBook(one(`<c r="D2" t="inlineStr"><is><r><t>1234</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>a</t></r></is></c>`)), "bad-number 2 D/value 1234a"},
		"a number in two colours":     {newBook(one(`<c r="D2" t="inlineStr"><is><r><t>12</t></r><r><rPr><color rgb="FF0000"/><vertAlign val="baseline"/></rPr><t>34</t></r></is></c>`)), "2025-03 1234"},
		"a time of day":               {newBook(one(`<c r="D2" s="1"><v>0.3125</v></c>`)).edit("xl/styles.xml", `<xf numFmtId="14"/>`, `<xf numFmtId="20"/>`), "bad-number 2 D/value 7:30:00"},
		"a span of time":              {newBook(one(`<c r="D2" s="1"><v>1.5</v></c>`)).edit("xl/styles.xml", `<xf numFmtId="14"/>`, `<xf numFmtId="46"/>`), "bad-number 2 D/value 36:00:00"},
		"a negative span of time":     {newBook(one(`<c r="D2" s="1"><v>-0.0001</v></c>`)).edit("xl/styles.xml", `<xf numFmtId="14"/>`, `<xf numFmtId="45"/>`), "bad-number 2 D/value -0:00:09"},
		"a count as calculated":       {newBook(row("homicides", march, `<c r="D2"><v>434.99999999999994</v></c>`)), "2025-03 435"},
		"a quantity as calculated":    {newBook(one(`<c r="D2"><v>434.99999999999994</v></c>`)), "2025-03 434.99999999999994"},
		"no count as calculated":      {newBook(row("homicides", march, `<c r="D2"><v>434.999999999</v></c>`)), "not-a-count 2 D/value 434.999999999"},
		"a truth":                     {newBook(one(`<c r="D2" t="b"><v>1</v></c>`)), "bad-number 2 D/value TRUE"},
		"a date as value":             {newBook(one(`<c r="D2" s="1"><v>45717</v></c>`)), "bad-number 2 D/value 2025-03-01"},
		"nothing":                     {newBook(one(`<c r="D2" s="3"/>`)), "skipped"},
		"a shared text":               {newBook(one(`<c r="D2" t="s"><v>0</v></c>`)), "bad-number 2 D/value shared"},
		"a rich text":                 {newBook(one(`<c r="D2" t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r><rPh><t>x</t></rPh></is></c>`)), "2025-03 12"},
		"a text that is not there":    {newBook(one(`<c r="D2" t="s"><v>1</v></c>`)), "damaged-file 0"},
		"escaped characters":          {newBook(one(text("D2", "1_x0032__x000D_"))), "2025-03 12"},
		"a month's first day":         {newBook(row("rate", `<c r="C2" s="1"><v>45717</v></c>`, `<c r="D2"><v>1</v></c>`)), "2025-03 1"},
		"a month's last day":          {newBook(row("rate", `<c r="C2" s="1"><v>45747</v></c>`, `<c r="D2"><v>1</v></c>`)), "2025-03 1"},
		"a day within a month":        {newBook(row("rate", `<c r="C2" s="1"><v>45733</v></c>`, `<c r="D2"><v>1</v></c>`)), "wrong-frequency 2 C/period 2025-03-17"},
		"a date shown as its month":   {newBook(row("rate", `<c r="C2" s="2"><v>45733</v></c>`, `<c r="D2"><v>1</v></c>`)), "2025-03 1"},
		"a date in ISO 8601":          {newBook(row("rate", `<c r="C2" t="d"><v>2025-03-01T00:00:00</v></c>`, `<c r="D2"><v>1</v></c>`)), "2025-03 1"},
		"a date of 1904":              {newBook(row("rate", `<c r="C2" s="1"><v>44255</v></c>`, `<c r="D2"><v>1</v></c>`)).edit("xl/workbook.xml", "<sheets>", `<workbookPr date1904="true"/><sheets>`), "2025-03 1"},
		"a week's Monday":             {newBook(row("shelter", `<c r="C2" s="1"><v>45719</v></c>`, `<c r="D2"><v>1</v></c>`)), "2025-W10 1"},
		"a week's Sunday":             {newBook(row("shelter", `<c r="C2" s="1"><v>45718</v></c>`, `<c r="D2"><v>1</v></c>`)), "wrong-frequency 2 C/period 2025-03-02"},
		"a day that never was":        {newBook(row("rate", `<c r="C2" s="1"><v>60</v></c>`, `<c r="D2"><v>1</v></c>`)), "bad-period 2 C/period 60"},
		"a date that lost its format": {newBook(row("rate", `<c r="C2"><v>45717</v></c>`, `<c r="D2"><v>1</v></c>`)), "bad-period 2 C/period 45717"},
		"cells without places":        {newBook(strings.NewReplacer(` r="A2"`, "", ` r="B2"`, "", ` r="C2"`, "", ` r="D2"`, "", ` r="2"`, "").Replace(one(`<c r="D2"><v>1</v></c>`))), "2025-03 1"},
		"tags with a prefix":          {newBook("").with("xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="a"><x:sheetData>`+strings.NewReplacer("</", "</x:", "<", "<x:").Replace(one(`<c r="D2"><v>1</v></c>`))+`</x:sheetData></x:worksheet>`), "2025-03 1"},
		"a cell twice":                {newBook(one(`<c r="D2"><v>1</v></c><c r="D2"><v>2</v></c>`)), "damaged-file 0"},
		"rows out of order":           {newBook(one(`<c r="D2"><v>1</v></c>`) + `<row r="2"/>`), "damaged-file 0"},
		"a column beyond the last":    {newBook(one(`<c r="D2"><v>1</v></c><c r="XFE2"><v>1</v></c>`)), "damaged-file 0"},
		"a sheet that is cut off":     {newBook("").with("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+one(`<c r="D2"><v>1</v></c>`)), "damaged-file 0"},
		"a sheet that is not there":   {newBook("").edit("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet2.xml"), "damaged-file 0"},
		"a text without end":          {newBook(one(`<c r="D2"><v>` + digits(2<<20) + `</v></c>`)), "damaged-file 0"},
		"a tag without end":           {newBook(one(`<c r="D2" x="` + strings.ReplaceAll(digits(2<<20), "9", ">"))), "damaged-file 0"},
		"a document type":             {newBook("").with("xl/worksheets/sheet1.xml", `<!DOCTYPE worksheet [<!ENTITY a "&a;&a;">]><worksheet><sheetData/></worksheet>`), "damaged-file 0"},
		"text in another encoding":    {newBook(one(text("D2", "\xe9"))), "damaged-file 0"},
		"references":                  {newBook(one(`<c r='D2' x='>"' t='str'><v>&#49;<![CDATA[2]]><!-- <v> -->&#x2E;5</v></c>`)), "2025-03 12.5"},
		"a reference to nothing":      {newBook(one(text("D2", "&nbsp;"))), "damaged-file 0"},
		"a cell too long":             {newBook(one(text("D2", strings.Repeat("1", 40_000)))), "cell-too-long 2 D/value " + strings.Repeat("1", 79) + "…"},
		"in another charset":          {newBook("").with("xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="UTF-16"?><worksheet/>`), "damaged-file 0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f, sum := check(t, c.book.file(), options())
			var got []string
			for i := range f.rows {
				value := fmt.Sprint(f.rows[i].Value)
				if f.rows[i].Status != "" {
					value = string(f.rows[i].Status)
				}
				got = append(got, f.rows[i].Period.String()+" "+value)
			}
			for _, p := range f.problems {
				if p.Code == intake.DamagedFile {
					got = nil // rows before the damage are not taken
				}
				got = append(got, place(p))
				if p.Message == "" || p.Hint == "" {
					t.Errorf("incomplete: %+v", p)
				}
			}
			if sum.Skipped > 0 {
				got = append(got, "skipped")
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", f.problems, diff)
			}
		})
	}
}

// digits are so many that no archive packs to nothing.
func digits(n int) string {
	var all strings.Builder
	for i := 0; all.Len() < n; i++ {
		fmt.Fprint(&all, i*i)
	}
	return all.String()
}

// TestSheets says which sheet is read, and what is said of the others.
func TestSheets(t *testing.T) {
	rows := func(value int) map[string]any {
		return table([]any{"city", "indicator", "period", "value"}, []any{"boston", "rate", "2025-03", value})
	}
	two := func(hidden bool) func(*excelize.File) {
		return func(f *excelize.File) {
			if _, err := f.NewSheet("June"); err != nil {
				t.Fatal(err)
			}
			for at, v := range rows(2) {
				if err := f.SetCellValue("June", at, v); err != nil {
					t.Fatal(err)
				}
			}
			f.SetActiveSheet(1)
			if err := f.SetSheetVisible("Sheet1", !hidden); err != nil {
				t.Fatal(err)
			}
		}
	}
	cases := map[string]struct {
		hidden bool
		sheet  string
		value  float64
		want   []string
		read   string
		choice []string
	}{
		"the first":            {false, "", 1, []string{"other-sheets 0 Sheet1"}, "Sheet1", []string{"Sheet1", "June"}},
		"the first by name":    {false, "sheet1", 1, nil, "Sheet1", []string{"Sheet1", "June"}},
		"the second by name":   {false, "JUNE", 2, nil, "June", []string{"Sheet1", "June"}},
		"the first is hidden":  {true, "", 2, nil, "June", []string{"June"}},
		"a hidden one by name": {true, "Sheet1", 1, nil, "Sheet1", []string{"Sheet1", "June"}},
		"none":                 {false, "October", 0, []string{"unknown-sheet 0 October"}, "", []string{"Sheet1", "June"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Sheet = c.sheet
			f, _ := check(t, excel(t, rows(1), nil, two(c.hidden)), o)
			var got []string
			for _, p := range f.problems {
				got = append(got, place(p))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.choice, f.about.Sheets); diff != "" || f.about.Sheet != c.read {
				t.Errorf("%q is read of (-want +got):\n%s", f.about.Sheet, diff)
			}
			if !f.about.Elsewhere {
				t.Error("the other sheet may speak of any city")
			}
			if c.value == 0 && len(f.rows) != 0 || c.value != 0 && (len(f.rows) != 1 || f.rows[0].Value != c.value) {
				t.Errorf("rows %+v, want the value %v", f.rows, c.value)
			}
		})
	}
}

// A sheet by itself speaks of the cities that it names, and none speaks of
// others where there are none.
func TestSheetsOfNobodyElse(t *testing.T) {
	rows := table([]any{"city", "indicator", "period", "value"}, []any{"boston", "rate", "2025-03", 1})
	second := func(f *excelize.File) {
		if _, err := f.NewSheet("June"); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		only   []string
		change func(*excelize.File)
		want   bool
	}{
		"one sheet":                {nil, func(*excelize.File) {}, false},
		"two sheets":               {nil, second, true},
		"two sheets of one's city": {[]string{"boston"}, second, false},
	} {
		o := options()
		if c.only != nil {
			o.Catalogue = o.Catalogue.Only(c.only...)
		}
		if f, _ := check(t, excel(t, rows, nil, c.change), o); f.about.Elsewhere != c.want || len(f.rows) != 1 {
			t.Errorf("%s: %+v", name, f.about)
		}
	}
}

// TestManySheets holds that what says that there are others names some of them.
func TestManySheets(t *testing.T) {
	content := excel(t, table([]any{"About this workbook"}), nil, func(f *excelize.File) {
		for n := range 12 {
			if _, err := f.NewSheet(fmt.Sprintf("M%02d", n+1)); err != nil {
				t.Fatal(err)
			}
		}
	})
	const some = "M01, M02, M03, M04, M05, M06, M07, M08 and 4 more"
	o := options()
	f, _ := check(t, content, o)
	if got, want := f.problems[0].Hint, "name another one with the upload, if this is not it: "+some; got != want {
		t.Errorf("the hint is %q, want %q", got, want)
	}
	o.Sheet = "Numbers of this year"
	f, _ = check(t, content, o)
	if got, want := f.problems[0].Hint, "write one of Sheet1, M01, M02, M03, M04, M05, M06, M07 and 5 more"; got != want {
		t.Errorf("the hint is %q, want %q", got, want)
	}
}

// TestPlaces holds that a problem is told where a spreadsheet shows it: below
// titles, blank rows and hidden ones.
func TestPlaces(t *testing.T) {
	content := excel(t, table(
		[]any{"Police report"}, nil, []any{nil, "as of", "June"},
		[]any{nil, "City", "Indicator", "Period", nil, "Value"}, nil,
		[]any{nil, "boston", "rate", "2025-01", nil, 1}, []any{nil, "boston", "rate", "2025-02", nil, "x"},
	), nil, func(f *excelize.File) {
		if err := f.MergeCell("Sheet1", "A1", "F1"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetRowVisible("Sheet1", 6, false); err != nil {
			t.Fatal(err)
		}
	})
	f, sum := check(t, content, options())
	got := []string{}
	for _, p := range f.problems {
		got = append(got, place(p))
	}
	if diff := cmp.Diff([]string{"hidden-cells 6", "bad-number 7 F/Value x"}, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if sum.Rows != 1 || f.rows[0].Line != 6 {
		t.Errorf("summary %+v, rows %+v", sum, f.rows)
	}
}

// TestHiddenColumns are read, too.
func TestHiddenColumns(t *testing.T) {
	f, sum := check(t, excel(t, table([]any{"city", "indicator", "2025-01", "2025-02"}, []any{"boston", "rate", 1, 2}), nil, func(f *excelize.File) {
		if err := f.SetColVisible("Sheet1", "C", false); err != nil {
			t.Fatal(err)
		}
	}), options())
	if sum.Rows != 2 || len(f.problems) != 1 || place(f.problems[0]) != "hidden-cells 1 C/2025-01" {
		t.Errorf("summary %+v, problems %+v", sum, f.problems)
	}
}

// TestCivilDates compares the days of both date systems with another reader's.
func TestCivilDates(t *testing.T) {
	o := options()
	o.Catalogue = intake.NewCatalogue(programme.Programme{
		Cities: []programme.City{{ID: "boston"}}, Indicators: []programme.Indicator{{City: "boston", ID: "day", Frequency: programme.Daily}},
	})
	o.Today = func(programme.City) programme.Date { return programme.NewDate(9999, 12, 31) }
	for _, system := range []struct {
		from1904    bool
		first, last int // 29 February 1900 never was
	}{{false, 61, 2_958_465}, {true, 1, 2_957_003}} {
		var want []string
		var rows strings.Builder
		rows.WriteString(`<row>` + text("A1", "period") + text("B1", "value") + `</row>`)
		for day := system.first; day <= system.last; day += 331 {
			at, err := excelize.ExcelDateToTime(float64(day), system.from1904)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, at.Format("2006-01-02"))
			fmt.Fprintf(&rows, `<row><c s="1"><v>%d.75</v></c><c><v>1</v></c></row>`, day)
		}
		b := newBook(rows.String()).edit("xl/workbook.xml", "<sheets>", fmt.Sprintf(`<workbookPr date1904="%v"/><sheets>`, system.from1904))
		o.Indicator = "day"
		f, _ := check(t, b.file(), o)
		var got []string
		for _, r := range f.rows {
			got = append(got, r.Period.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("from 1904: %v, %+v (-want +got):\n%s", system.from1904, f.problems, diff)
		}
	}
}
