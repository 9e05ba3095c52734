package intake_test

import (
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/citygauge/citygauge/internal/intake"
)

// FuzzCheck holds that nothing is lost and nothing is both taken and refused,
// whatever the file.
func FuzzCheck(f *testing.F) {
	bad, err := os.ReadFile("testdata/bad.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(bad))
	f.Add(tidy + "boston,homicides,2025-01,3\nboston,homicides,2025-01,\nboston,homicides,2025-01,delete\n")
	f.Add("city;period;indicator;value;note\nlima;2025-01;homicides;1.234;\"a\nb\"\nlima;2025-02;homicides;1.234,0;\n")
	f.Add("city,indicator,2025-01,2025-02\nboston,rate,1.5,x\n,,,\nboston,rate,1,2,3\n")
	f.Add("period;city;rate;homicides\n2025-01;boston;1,5;<5\n")
	f.Add("Report\n\nas of,June\ncity,indicator,2025-01\nboston,rate,1\n")
	f.Add(utf16le(tidy + "boston,homicides,2025-01,3\n"))
	f.Add("city,indicator,period,value,note\nboston,homicides,2025-01,3,\xe9t\xe9\nboston,homicides,2025-02,3,été\n")
	f.Add("city,indicator,period,value,status,revision,recorded_at\r\nboston,shelter,2025-W05,1.234,final,1,x\r\n")
	f.Fuzz(func(t *testing.T, content string) {
		o := options()
		o.Limits.RecordBytes = 1 << 10
		got, sum := check(t, content, o)

		retracted := map[intake.Key]bool{}
		for _, k := range got.retracted {
			retracted[k] = true
		}
		each := 1         // records of a line
		const titles = 20 // lines at most that may stand above the header
		above := titles
		for line := range strings.SplitSeq(strings.TrimPrefix(content, "\uFEFF"), "\n") {
			if !blank(line) {
				each = max(each, cellsOf(line))
				if above--; each == 1 || above < 0 {
					break
				}
			}
		}
		kept, lines, keys := 0, map[int]bool{}, map[intake.Key]bool{}
		for _, r := range got.rows {
			if lines[r.Line] && each == 1 {
				t.Errorf("line %d is taken twice", r.Line)
			}
			lines[r.Line] = true
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
		for _, p := range got.problems {
			if each == 1 && lines[p.Line] && p.Severity == intake.Error && p.Code != intake.DuplicateRow {
				t.Errorf("line %d is taken in spite of %s", p.Line, p.Code)
			}
		}
		if sum.Errors+sum.Warnings != len(got.problems) {
			t.Errorf("%d problems, the summary has %d", len(got.problems), sum.Errors)
		}
		if counted := sum.Rows + sum.Skipped + sum.Rejected; !sum.Refused && !strings.ContainsAny(content, "\"\r\x00") && utf8.ValidString(content) {
			least, most := -1, -1 // the header
			for line := range strings.SplitSeq(strings.TrimPrefix(content, "\uFEFF"), "\n") {
				if strings.TrimSpace(line) == "" {
					continue
				}
				most++
				if !blank(line) {
					least++
				}
			}
			if counted < least-titles || counted > most*each {
				t.Errorf("%d records are counted, the file has from %d to %d", counted, least, most*each)
			}
		}
		if (sum.Rejected > 0 || sum.Refused) && sum.Errors == 0 {
			t.Errorf("rejected without a problem: %+v", sum)
		}
	})
}

func blank(line string) bool {
	return !strings.ContainsFunc(line, func(c rune) bool { return !unicode.IsSpace(c) && !strings.ContainsRune(",;|", c) })
}

// cellsOf is how many records a line may count as, by the header: one where the
// file is tidy, and of a table each cell and what is beyond its columns.
func cellsOf(header string) int {
	kinds, delimiters := 0, 0
	for _, d := range []string{",", ";", "|", "\t"} {
		if n := strings.Count(header, d); n > 0 {
			kinds, delimiters = kinds+1, delimiters+n
		}
	}
	if strings.ContainsAny(strings.TrimRight(header, "\r"), "\"\r\x00") {
		return len(header) + 2
	}
	for cell := range strings.FieldsFuncSeq(header, func(c rune) bool { return strings.ContainsRune(",;|\t", c) }) {
		if kinds == 1 && strings.EqualFold(strings.TrimSpace(cell), "value") {
			return 1
		}
	}
	return delimiters + 2
}
