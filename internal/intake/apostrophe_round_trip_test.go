package intake_test

import (
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/intake"
)

// A note that goes out and comes back in is the note that stands.
func TestNotesComeBack(t *testing.T) {
	for _, note := range []string{"=cmd|' /C calc'!A0", "'=1", "@home", "a;-b", "5 - 3", "it's", "-5", "line\n+1", "''-"} {
		var file strings.Builder
		w := intake.NewWriter(&file)
		for _, record := range [][]string{{"city", "indicator", "period", "value", "note"}, {"boston", "rate", "2025-03", "1", note}} {
			if err := w.Write(record); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		f, _ := check(t, file.String(), options())
		if len(f.rows) != 1 || string(f.rows[0].Note) != note {
			t.Errorf("%q came back as %+v, %+v", note, f.rows, f.problems)
		}
	}
}
