package progress_test

import (
	"math"
	"testing"

	"github.com/citygauge/citygauge/internal/progress"
)

func TestSpell(t *testing.T) {
	for _, c := range []struct {
		name     string
		v        float64
		decimals int
		want     string
	}{
		{"zero", 0, 0, "0"},
		{"zero with decimals", 0, 2, "0.00"},
		{"no thousands", 999, 0, "999"},
		{"thousands", 1000, 0, "1,000"},
		{"millions and decimals", 1234567.891, 2, "1,234,567.89"},
		{"decimals are not grouped", 0.12345, 5, "0.12345"},
		{"negative", -123, 0, "-123"},
		{"negative thousands", -123456, 1, "-123,456.0"},
		{"rounded up to thousands", 999.96, 1, "1,000.0"},
		{"negative, but rounded to zero", -0.04, 1, "0.0"},
		{"negative zero", math.Copysign(0, -1), 0, "0"},
		{"the largest", 1e15, 0, "1,000,000,000,000,000"},
		{"a half", 2.5, 0, "3"},
		{"a negative half", -10.25, 1, "-10.3"},
		{"what was written as a half", 0.145, 2, "0.15"},
		{"what was computed as a half", 20.224999999999991, 2, "20.23"},
		{"a little below a half", 0.14499, 2, "0.14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := progress.Spell(c.v, c.decimals); got != c.want {
				t.Errorf("%v is spelt %s, want %s", c.v, got, c.want)
			}
		})
	}
}
