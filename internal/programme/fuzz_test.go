package programme_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
)

func FuzzParsePeriod(f *testing.F) {
	for _, text := range []string{"2026", "2026-Q1", "2026-03", "2026-W53", "2024-02-29", "0001-W01", "9999-W52", "0000", "2026-q1", "", "\xff\xff\xff\xff-W01"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := programme.ParsePeriod(text)
		if err != nil {
			if !errors.Is(err, programme.ErrPeriod) || !p.IsZero() {
				t.Fatalf("%q is %s, %v", text, p, err)
			}
			return
		}
		if p.String() != text {
			t.Fatalf("%q is written as %s", text, p)
		}
		if p.First() < programme.MinDate || p.Last() > programme.MaxDate || p.First() > p.Last() {
			t.Fatalf("%s goes from %s to %s", p, p.First(), p.Last())
		}
	})
}

func FuzzParseRange(f *testing.F) {
	for _, text := range []string{"2024", "2024-07/2025-06", "2020-W53/2021-W01", "2024/2024", "2025/2024", "2024-01/2024", "/", "2024//2025"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := programme.ParseRange(text)
		if err != nil {
			if !r.IsZero() {
				t.Fatalf("%q is %s, %v", text, r, err)
			}
			return
		}
		if got, err := programme.ParseRange(r.String()); err != nil || got != r {
			t.Fatalf("%s is read as %s, %v", r, got, err)
		}
		if r.IsZero() || r.From.Frequency() != r.To.Frequency() || r.First() > r.Last() {
			t.Fatalf("%q goes from %s to %s", text, r.First(), r.Last())
		}
	})
}

func FuzzParseGoal(f *testing.F) {
	for _, text := range []string{"750", "-10%", "+10 %", "45%", "-10pp", "-0", "1e15", "1e16", "0x1p4", "1_0", "nan", "%pp", "-1e-300%", "\u00a0+5pp\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := programme.ParseGoal(text)
		if err != nil {
			if g != (programme.Goal{}) {
				t.Fatalf("%q is %s, %v", text, g, err)
			}
			return
		}
		if !programme.Finite(g.Value) {
			t.Fatalf("%q is %v", text, g.Value)
		}
		if g.Relative() && !strings.ContainsAny(text, "+-") {
			t.Fatalf("%q has no sign, but is a change of %s", text, g)
		}
		if got, err := programme.ParseGoal(g.String()); err != nil || got != g {
			t.Fatalf("%s is read as %s, %v", g, got, err)
		}
	})
}
