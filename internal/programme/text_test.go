package programme_test

import (
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestTextThatCannotBeShown(t *testing.T) {
	for _, c := range []struct {
		name, title string
		refused     bool
	}{
		{"letters of any script", "Ασφάλεια 安全 Sécurité", false},
		{"line ends and tabs", "Two\nlines\tof it", false},
		{"a NUL", "A\x00B", true},
		{"an escape", "\x1b[31mred", true},
		{"bytes that are no UTF-8", "caf\xe9", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := programme.Programme{Interventions: []programme.Intervention{{City: "a", Title: c.title, Start: 1}}}
			refused := false
			for _, f := range p.Check() {
				refused = refused || f.Field == "title"
			}
			if refused != c.refused {
				t.Errorf("refused: %v, want %v", refused, c.refused)
			}
		})
	}
}
