package programme_test

import (
	"math"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestIsSlug(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"a word", "boston", true},
		{"digits and hyphens", "boston-ma-2", true},
		{"a digit first", "2025", true},
		{"as long as may be", strings.Repeat("a", 40), true},
		{"longer", strings.Repeat("a", 41), false},
		{"nothing", "", false},
		{"a capital", "Boston", false},
		{"a blank", "new york", false},
		{"an underscore", "new_york", false},
		{"a letter with an accent", "bogotá", false},
		{"a way out of a path", "../etc", false},
		{"a line break", "boston\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := programme.IsSlug(c.text); got != c.want {
				t.Errorf("a slug: %v", got)
			}
		})
	}
}

func TestBoundsHold(t *testing.T) {
	low, high := -1.0, 5.0
	for _, c := range []struct {
		name   string
		bounds programme.Bounds
		value  float64
		want   bool
	}{
		{"none", programme.Bounds{}, 1e15, true},
		{"at the least", programme.Bounds{Min: &low}, -1, true},
		{"below the least", programme.Bounds{Min: &low}, -1.1, false},
		{"at the greatest", programme.Bounds{Min: &low, Max: &high}, 5, true},
		{"above the greatest", programme.Bounds{Max: &high}, 5.1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.bounds.Hold(c.value); got != c.want {
				t.Errorf("%v holds: %v", c.value, got)
			}
		})
	}
}

func TestFinite(t *testing.T) {
	for v, want := range map[float64]bool{0: true, -1e15: true, 1e15: true, 1.1e15: false, math.Inf(1): false, math.Inf(-1): false, math.NaN(): false} {
		if got := programme.Finite(v); got != want {
			t.Errorf("%v is finite: %v", v, got)
		}
	}
}

func TestZone(t *testing.T) {
	for _, c := range []struct{ name, timezone, want string }{
		{"none", "", "UTC"},
		{"declared", "America/Bogota", "America/Bogota"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := programme.City{ID: "riverton", Timezone: c.timezone}.Zone()
			if err != nil || zone.String() != c.want {
				t.Errorf("zone is %v, %v", zone, err)
			}
		})
	}
	_, err := programme.City{ID: "riverton", Timezone: "Mars/Olympus"}.Zone()
	wantError(t, err, "timezone of city riverton: unknown time zone Mars/Olympus")
}
