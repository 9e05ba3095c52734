package exposition

import (
	"math"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/progress"
)

func TestSamples(t *testing.T) {
	city := appendLabels(nil, false, "city", "riverton")
	for _, c := range []struct {
		name   string
		labels []byte
		value  progress.Figure
		more   []string
		want   string
	}{
		{"labels of the series", city, progress.Known(833), nil, "m{city=\"riverton\"} 833\n"},
		{"more labels", city, progress.Known(1), []string{"a", "x", "b", "y"}, "m{city=\"riverton\",a=\"x\",b=\"y\"} 1\n"},
		{"empty label is none", city, progress.Known(1), []string{"a", "", "b", "y"}, "m{city=\"riverton\",b=\"y\"} 1\n"},
		{"first label", nil, progress.Known(1), []string{"a", "", "b", "y"}, "m{b=\"y\"} 1\n"},
		{"all digits", city, progress.Known(2.0 / 3), nil, "m{city=\"riverton\"} 0.6666666666666666\n"},
		{"large", city, progress.Known(-1e15), nil, "m{city=\"riverton\"} -1e+15\n"},
		{"zero is known", city, progress.Known(0), nil, "m{city=\"riverton\"} 0\n"},
		{"unknown", city, progress.Unknown, nil, ""},
		{"not a number", city, progress.Figure{Number: math.NaN(), Known: true}, nil, ""},
		{"infinite", city, progress.Figure{Number: math.Inf(-1), Known: true}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := samples{family: "m"}
			s.add(c.labels, c.value, c.more...)
			if got := string(s.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever somebody called a city, Prometheus must read the same name.
func FuzzLabelValue(f *testing.F) {
	for _, seed := range []string{"Riverton", `"`, `\`, `\n`, "a\nb", "\r\n", "\x00", "\xff", "Aldea del Río", `{city="x"} 1`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s := samples{family: "m"}
		s.add(nil, yes, "name", value)
		want := strings.ToValidUTF8(value, "\uFFFD")
		got := ""
		for _, l := range parse(t, string(s.text))["m"].GetMetric()[0].GetLabel() {
			got = l.GetValue()
		}
		if got != want {
			t.Errorf("%q came back as %q", value, got)
		}
	})
}
