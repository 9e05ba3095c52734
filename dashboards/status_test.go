package dashboards

import (
	"fmt"
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/progress"
)

func TestStatusColours(t *testing.T) {
	taken := map[string]progress.Status{}
	for _, s := range progress.Statuses() {
		t.Run(string(s), func(t *testing.T) {
			colour := s.Colour()
			if other, ok := taken[colour]; ok {
				t.Errorf("it has the colour of %s", other)
			}
			taken[colour] = s
			for _, drawn := range []string{actualColour, expectedColour, targetColour, baselineColour, eventColour} {
				if colour == drawn {
					t.Errorf("charts draw with its colour %s", drawn)
				}
			}
			if c := contrast(t, colour); c < 4.5 {
				t.Errorf("letters on %s have a contrast of %.1f; WCAG AA wants 4.5", colour, c)
			}
		})
	}
}

func TestStatusMappingSaysTheWords(t *testing.T) {
	for s, shown := range statusMapping().ValueMap.Options {
		if *shown.Text != progress.Status(s).Words() || *shown.Color != progress.Status(s).Colour() {
			t.Errorf("%s is shown as %q in %s", s, *shown.Text, *shown.Color)
		}
	}
}

// contrast is that of WCAG 2 between a background and the letters that Grafana
// writes on it: dark ones where its brightness is over 180, else light ones.
func contrast(t *testing.T, background string) float64 {
	t.Helper()
	var rgb [3]float64
	var r, g, b uint8
	if _, err := fmt.Sscanf(background, "#%02X%02X%02X", &r, &g, &b); err != nil {
		t.Fatalf("colour %q: %v", background, err)
	}
	rgb = [3]float64{float64(r), float64(g), float64(b)}
	letters := [3]float64{247, 248, 250}
	if (rgb[0]*299+rgb[1]*587+rgb[2]*114)/1000 > 180 {
		letters = [3]float64{32, 34, 38}
	}
	light, dark := luminance(rgb), luminance(letters)
	return (math.Max(light, dark) + 0.05) / (math.Min(light, dark) + 0.05)
}

func luminance(rgb [3]float64) float64 {
	sum := 0.0
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		c := rgb[i] / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
