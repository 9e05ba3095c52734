package upload_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// badWorkbooks are damaged, dangerous and bloated ones.
func badWorkbooks() []badKind {
	bombs := []bomb{
		newBomb("<row/>", 1<<20), newBomb(`<row><c r="XFD1"/></row>`, 1<<16), newBomb("<a>", 1<<19), newBomb("x", 8<<20),
		newBomb("<c>", 1<<18), newBomb(`<si><t/></si>`, 1<<18), newBomb(" ", 1<<30),
	}
	heavy := newBomb(`<si><t>`+strings.Repeat("a name ", 20)+`</t></si>`, 1<<20)
	return []badKind{
		{"workbook cut off", func(r *rand.Rand) []byte { b := packed(r, parts(badSheet)); return b[:r.IntN(len(b))] }},
		{"workbook with bytes changed", func(r *rand.Rand) []byte {
			b := packed(r, parts(badSheet))
			for range 1 + r.IntN(10) {
				b[4+r.IntN(len(b)-4)] = byte(r.IntN(256))
			}
			return b
		}},
		{"workbook with a part changed", badPart},
		{"workbook with bad cells", badCells},
		{"workbook that is a bomb", func(r *rand.Rand) []byte {
			if r.IntN(100) == 0 {
				return heavy.workbook(r)
			}
			return bombs[r.IntN(len(bombs))].workbook(r)
		}},
	}
}

const (
	sheetPart = "xl/worksheets/sheet1.xml"
	ns        = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	kindOf    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// parts are those of a workbook with a sheet of some rows.
func parts(rows string) map[string]string {
	return map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                relations + `<Relationship Id="a" Type="` + kindOf + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + ns + ` xmlns:r="` + kindOf + `"><sheets><sheet name="Data" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": relations + `<Relationship Id="a" Type="` + kindOf + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="` + kindOf + `/styles" Target="styles.xml"/><Relationship Id="c" Type="` + kindOf + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet ` + ns + `><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst ` + ns + `><si><t>aldermoor</t></si></sst>`,
		sheetPart:                    `<worksheet ` + ns + `><sheetData>` + rows + `</sheetData></worksheet>`,
	}
}

func cells(texts ...string) string {
	var row strings.Builder
	row.WriteString("<row>")
	for _, text := range texts {
		if strings.HasPrefix(text, "<") {
			row.WriteString(text)
		} else {
			row.WriteString(`<c t="inlineStr"><is><t>` + text + `</t></is></c>`)
		}
	}
	return row.String() + "</row>"
}

var (
	header   = cells("city", "indicator", "period", "value")
	badSheet = header + cells("atlantis", "thefts", "2025-01", "<c><v>1</v></c>") + cells("aldermoor", "thefts", "2025-01", "<c><v>1</v></c>")
)

func packed(r *rand.Rand, parts map[string]string) []byte {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		method := zip.Deflate
		if r.IntN(2) == 0 {
			method = zip.Store
		}
		part, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			panic(err)
		}
		if _, err := io.WriteString(part, parts[name]); err != nil {
			panic(err)
		}
	}
	if err := archive.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// badPart drops, empties, breaks or swaps the parts of a workbook.
func badPart(r *rand.Rand) []byte {
	all := parts(badSheet)
	names := slices.Sorted(maps.Keys(all))
	name := names[r.IntN(len(names))]
	switch r.IntN(8) {
	case 0:
		delete(all, name)
	case 1:
		all[name] = ""
	case 2:
		all[name] = all[name][:r.IntN(len(all[name]))]
	case 3:
		all[name] = all[names[r.IntN(len(names))]]
	case 4:
		all[name] = string(noise(r, 200))
	case 5: // a billion laughs
		all[name] = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>` + all[name]
	case 6:
		all[name] = strings.NewReplacer("sheet1", pick(r, "sheet2", "../workbook", "/etc/passwd", "http://example.com/x"), `Id="a"`, `Id=""`).Replace(all[name])
	case 7:
		all[name] = strings.Repeat(pick(r, "<a>", "<a b=\"", "<!--", "<![CDATA[", "&amp;", "</a>"), 10_000) + all[name]
	}
	return packed(r, all)
}

// badCells have what no row may have.
func badCells(r *rand.Rand) []byte {
	bad := pick(r, "<c><f>1+1</f></c>", `<c t="e"><v>#REF!</v></c>`, `<c t="b"><v>1</v></c>`, `<c s="1"><v>45658</v></c>`, `<c><v>1e400</v></c>`, `<c><v>NaN</v></c>`, `<c t="s"><v>7</v></c>`,
		`<c t="s"><v>-1</v></c>`, `<c r="A1"><v>1</v></c>`, `<c r="ZZZZ1"><v>1</v></c>`, `<c t="x"><v>x</v></c>`, "<c><v>"+strings.Repeat("9", 500)+"</v></c>", "&#0;", "=cmd|' /C calc'!A0", badNumber(r))
	if strings.ContainsAny(bad, "\x00\x1b") {
		bad = "x"
	}
	row := []string{"aldermoor", "thefts", "2025-01", bad}
	if r.IntN(3) == 0 {
		row[r.IntN(3)] = pick(r, `<c t="e"><v>#N/A</v></c>`, `<c><v>-1</v></c>`, `<c s="1"><v>99999999</v></c>`, `<c s="1"><v>60</v></c>`, `<c s="2"><v>0.5</v></c>`, `<c><f>A1</f></c>`)
	}
	rows := header + cells(row...)
	if r.IntN(4) == 0 {
		rows = strings.Replace(rows, "<row>", fmt.Sprintf(`<row r="%d" hidden="1">`, r.IntN(2_000_000)-10), 1+r.IntN(2))
	}
	return packed(r, parts(rows))
}

// bomb is a text many times over, packed by repeating what one of its pieces
// packs to.
type bomb struct {
	text   string
	packed []byte
	size   uint64
	sum    uint32
}

func newBomb(text string, times int) bomb {
	const piece = 1 << 12
	b := bomb{text: text}
	var once bytes.Buffer
	w, err := flate.NewWriter(&once, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	for _, step := range []error{write(w, strings.Repeat(text, piece)), w.Flush()} {
		if step != nil {
			panic(step)
		}
	}
	n := max(1, times/piece)
	b.packed = append(bytes.Repeat(once.Bytes(), n), 1, 0, 0, 0xFF, 0xFF) // an empty last block
	b.size = uint64(n * piece * len(text))
	b.sum = crc32.ChecksumIEEE([]byte(text)) // wrong, which nobody gets to see
	return b
}

func write(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

// workbook is one that has the bomb as one of its parts.
func (b bomb) workbook(r *rand.Rand) []byte {
	all := parts(badSheet)
	part := pick(r, sheetPart, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels")
	delete(all, part)
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	raw, err := archive.CreateRaw(&zip.FileHeader{
		Name: part, Method: zip.Deflate, CRC32: b.sum, CompressedSize64: uint64(len(b.packed)), UncompressedSize64: b.size,
	})
	if err != nil {
		panic(err)
	}
	steps := []error{write(raw, string(b.packed))}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		part, err := archive.Create(name)
		if err != nil {
			panic(err)
		}
		steps = append(steps, write(part, all[name]))
	}
	for _, step := range append(steps, archive.Close()) {
		if step != nil {
			panic(step)
		}
	}
	return file.Bytes()
}
