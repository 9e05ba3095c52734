package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// book is a workbook that a test makes by hand, part by part.
type book map[string]string

const spreadsheetML = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// newBook is a workbook with one sheet of some rows of XML.
func newBook(rows string) book {
	const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return book{
		"[Content_Types].xml": `<Types/>`,
		"_rels/.rels":         relations + `<Relationship Id="rId1" Type="` + kind + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook ` + spreadsheetML +
			` xmlns:r="` + kind[:len(kind)-1] + `"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relations + `<Relationship Id="rId1" Type="` + kind + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + kind + `styles" Target="/xl/styles.xml"/><Relationship Id="rId3" Type="` + kind + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]mmm\-yy;@"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst><si><t>shared</t></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet ` + spreadsheetML + `><sheetData>` + rows + `</sheetData></worksheet>`,
	}
}

func (b book) with(part, content string) book {
	b[part] = content
	return b
}

func (b book) edit(part, from, to string) book {
	if !strings.Contains(b[part], from) {
		panic(part + " has no " + from)
	}
	return b.with(part, strings.Replace(b[part], from, to, 1))
}

// file is the workbook's bytes.
func (b book) file() string {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for name, content := range b {
		part, err := archive.Create(name)
		if err != nil {
			panic(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			panic(err)
		}
	}
	if err := archive.Close(); err != nil {
		panic(err)
	}
	return file.String()
}

// text is a cell of text.
func text(ref, content string) string {
	return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, content)
}

// tidyRows are the rows of a tidy sheet with some cells in its second row.
func tidyRows(cells string) string {
	return `<row r="1">` + text("A1", "city") + text("B1", "indicator") + text("C1", "period") + text("D1", "value") + text("E1", "note") + `</row>` +
		`<row r="2">` + cells + `</row>`
}

// row is the second row of a tidy sheet.
func row(indicator, period, value string) string {
	return tidyRows(text("A2", "boston") + text("B2", indicator) + period + value)
}

// excel is a workbook as another program writes it: cells by their places, and
// number formats of some of them.
func excel(t testing.TB, cells map[string]any, formats map[string]string, change func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for at, v := range cells {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	for at, format := range formats {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", at, at, id); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// table is cells by their places, row by row from A1 on.
func table(rows ...[]any) map[string]any {
	cells := map[string]any{}
	for y, row := range rows {
		for x, v := range row {
			if v != nil {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					panic(err)
				}
				cells[at] = v
			}
		}
	}
	return cells
}
