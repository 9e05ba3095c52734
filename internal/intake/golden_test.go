package intake_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/citygauge/citygauge/internal/testgolden"
)

// TestReport holds the words of a whole report.
func TestReport(t *testing.T) {
	content, err := os.ReadFile("testdata/bad.csv")
	if err != nil {
		t.Fatal(err)
	}
	f, sum := check(t, string(content), options())
	var got bytes.Buffer
	out := json.NewEncoder(&got)
	out.SetEscapeHTML(false)
	for _, p := range f.problems {
		if err := out.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Encode(sum); err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/bad.golden.jsonl", got.String())
}
