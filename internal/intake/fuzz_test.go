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
		kept, lines, keys := 0, map[int]bool{}, map[intake.Key]bool{}
		for _, r := range got.rows {
			if lines[r.Line] {
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
			if lines[p.Line] && p.Severity == intake.Error && p.Code != intake.DuplicateRow {
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
				if strings.ContainsFunc(line, func(c rune) bool { return !unicode.IsSpace(c) && !strings.ContainsRune(",;|", c) }) {
					least++
				}
			}
			if counted < least || counted > most {
				t.Errorf("%d records are counted, the file has from %d to %d", counted, least, most)
			}
		}
		if (sum.Rejected > 0 || sum.Refused) && sum.Errors == 0 {
			t.Errorf("rejected without a problem: %+v", sum)
		}
	})
}
