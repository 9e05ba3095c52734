package programme_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestNearest(t *testing.T) {
	known := []string{"homicides", "robberies", "burglaries", "lens", "Period"}
	for _, c := range []struct{ name, want string }{
		{"homicide", "homicides"},
		{"homcides", "homicides"},
		{"Robberiez", "robberies"},
		{"robbberies", "robberies"},
		{" period ", "Period"},
		{"len", "lens"},
		{"unit", ""},
		{"thefts", ""},
		{"", ""},
	} {
		if got := programme.Nearest(c.name, known); got != c.want {
			t.Errorf("the name nearest to %q is %q, want %q", c.name, got, c.want)
		}
	}
}
