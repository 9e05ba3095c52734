package intake

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestApostrophes(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"a=1":                     "a=1",
		"2026-03-15":              "2026-03-15",
		"-5.5":                    "-5.5",
		"+5":                      "+5",
		"-1e-09":                  "-1e-09",
		"-10%":                    "'-10%",
		"=1+1":                    "'=1+1",
		"=cmd|' /C calc'!A0":      "'=cmd|' /C calc'!A0",
		"+1+cmd":                  "'+1+cmd",
		"@SUM(A1)":                "'@SUM(A1)",
		" =1":                     "' =1",
		"\t=1":                    "\t'=1",
		"\r=1":                    "\r'=1",
		"＝1":                      "'＝1",
		"'=1":                     "''=1",
		"'tis":                    "'tis",
		"a;=cmd|x|-3;b":           "a;'=cmd|x|'-3;b",
		"two lines\n=1\n- a list": "two lines\n'=1\n'- a list",
	} {
		if got := withApostrophe(text); got != want {
			t.Errorf("%q goes out as %q, want %q", text, got, want)
		}
		if got := string(withoutApostrophe([]byte(want))); got != text {
			t.Errorf("%q comes back as %q, want %q", want, got, text)
		}
	}
}

// TestTextGoesOutAndComesBack holds that text stays what it is, and that no
// spreadsheet sees a formula in what goes out, whatever delimiter it expects.
func TestTextGoesOutAndComesBack(t *testing.T) {
	cell := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@＝ a1,;|\"\t\n\u00a0é")))
	rapid.Check(t, func(t *rapid.T) {
		cells := []string{"a", cell.Draw(t, "cell"), cell.Draw(t, "another")}
		var out strings.Builder
		w := NewWriter(&out)
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		back, err := csv.NewReader(strings.NewReader(out.String())).Read()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range back {
			if i > 0 && withApostrophe(cells[i]) != c {
				t.Fatalf("%q is written as %q", cells[i], c)
			}
			if got := string(withoutApostrophe([]byte(c))); got != cells[i] {
				t.Fatalf("%q comes back as %q", cells[i], got)
			}
			harmless(t, c)
		}
		for _, delimiter := range delimiters {
			for part := range strings.FieldsFuncSeq(out.String(), func(c rune) bool { return c == delimiter || c == '\n' }) {
				harmless(t, strings.TrimLeft(part, `"`))
			}
		}
	})
}

func harmless(t *rapid.T, cell string) {
	t.Helper()
	bare := strings.TrimLeft(cell, " \u00a0")
	if c, _ := utf8.DecodeRuneInString(bare); startsFormula(c) && !isNumber(strings.Trim(bare, `"`)) {
		t.Fatalf("a spreadsheet takes %q for a formula", cell)
	}
}
