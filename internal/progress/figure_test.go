package progress_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/progress"
)

func TestFigure(t *testing.T) {
	for _, c := range []struct {
		name       string
		figure     progress.Figure
		text, json string
		column     any
	}{
		{"a number", progress.Known(0.1), "0.1", "0.1", 0.1},
		{"zero", progress.Known(0), "0", "0", 0.0},
		{"zero from below", progress.Known(math.Copysign(0, -1)), "0", "0", 0.0},
		{"unknown", progress.Unknown, "", "null", nil},
		{"infinite", progress.Known(math.Inf(1)), "", "null", nil},
		{"not a number", progress.Known(math.NaN()), "", "null", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.figure.String(); got != c.text {
				t.Errorf("text is %q, want %q", got, c.text)
			}
			if got, err := json.Marshal(c.figure); string(got) != c.json || err != nil {
				t.Errorf("JSON is %s (%v), want %s", got, err, c.json)
			}
			column, err := c.figure.Value()
			if column != c.column || err != nil {
				t.Errorf("column is %v (%v), want %v", column, err, c.column)
			}
			back := progress.Known(-1)
			if err := back.Scan(column); back != c.figure || err != nil {
				t.Errorf("read back as %v (%v)", back, err)
			}
		})
	}
	var f progress.Figure
	if err := f.Scan("1"); err == nil {
		t.Error("a text was taken for a figure")
	}
}

func TestStatusWords(t *testing.T) {
	for status, want := range map[progress.Status]string{
		progress.TooClose: "too close to call", progress.Slipping: "slipping", "unheard": "unheard",
	} {
		if got := status.Words(); got != want {
			t.Errorf("%s is said as %q, want %q", status, got, want)
		}
	}
}
