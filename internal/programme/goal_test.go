package programme_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestParseGoal(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       programme.Goal
		of200      float64
	}{
		{"a value", "750", programme.Goal{Value: 750, Form: programme.Absolute}, 750},
		{"a decimal", "12.5", programme.Goal{Value: 12.5, Form: programme.Absolute}, 12.5},
		{"a negative value", "-10", programme.Goal{Value: -10, Form: programme.Absolute}, -10},
		{"zero", "0", programme.Goal{Form: programme.Absolute}, 0},
		{"the largest", "1e15", programme.Goal{Value: 1e15, Form: programme.Absolute}, 1e15},
		{"per cent less", "-10%", programme.Goal{Value: -10, Form: programme.Percent}, 180},
		{"per cent more", "+10%", programme.Goal{Value: 10, Form: programme.Percent}, 220},
		{"no change", "+0%", programme.Goal{Form: programme.Percent}, 200},
		{"a blank before the sign", "-2.5 %", programme.Goal{Value: -2.5, Form: programme.Percent}, 195},
		{"points less", "-10pp", programme.Goal{Value: -10, Form: programme.Points}, 190},
		{"points more", "+0.5 pp", programme.Goal{Value: 0.5, Form: programme.Points}, 200.5},
		{"blanks around", " -10% ", programme.Goal{Value: -10, Form: programme.Percent}, 180},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := programme.ParseGoal(c.text)
			if err != nil || got != c.want {
				t.Errorf("goal is %+v, %v", got, err)
			}
			if v := got.Of(200); math.Abs(v-c.of200) > 1e-12 {
				t.Errorf("of 200 it is %v, want %v", v, c.of200)
			}
			if got.Relative() != (c.want.Form != programme.Absolute) {
				t.Errorf("relative is %v", got.Relative())
			}
		})
	}
}

func TestParseGoalRefuses(t *testing.T) {
	const hint = " is not a target: write a value such as 750, or a change such as -10% or -10pp"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", `""` + hint},
		{"a sign alone", "-%", `"-%"` + hint},
		{"per cent alone", "%", `"%"` + hint},
		{"points alone", "pp", `"pp"` + hint},
		{"words", "half", `"half"` + hint},
		{"a decimal comma", "12,5", `"12,5"` + hint},
		{"infinity", "inf", `"inf"` + hint},
		{"no number", "NaN", `"NaN"` + hint},
		{"hexadecimal", "0x10", `"0x10"` + hint},
		{"underscores", "1_000", `"1_000"` + hint},
		{"a blank after the sign", "- 10%", `"- 10%"` + hint},
		{"per cent twice", "-10%%", `"-10%%"` + hint},
		{"a share of something", "45%", `"45%" could be a value or a change: write 45 for a value, +45% or -45% for a change from the baseline`},
		{"a share with blanks", " 45 % ", `"45 %" could be a value or a change: write 45 for a value, +45% or -45% for a change from the baseline`},
		{"points without a sign", "3pp", `"3pp" could be a value or a change: write 3 for a value, +3pp or -3pp for a change from the baseline`},
		{"beyond 1e15", "1000000000000001", `"1000000000000001" is beyond 1e15: count in a larger unit`},
		{"beyond float64", "-1e999%", `"-1e999%" is beyond 1e15: count in a larger unit`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := programme.ParseGoal(c.text)
			wantError(t, err, c.want)
		})
	}
}

func TestGoalsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := programme.Goal{
			Value: rapid.Float64Range(-programme.Largest, programme.Largest).Draw(t, "value"),
			Form:  rapid.SampledFrom([]programme.GoalForm{programme.Absolute, programme.Percent, programme.Points}).Draw(t, "form"),
		}
		if got, err := programme.ParseGoal(g.String()); err != nil || got != g {
			t.Fatalf("%s is read as %+v, %v", g, got, err)
		}
	})
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 0, "1234.5": 1234.5, "-0.25": -0.25, "+7": 7, ".5": 0.5, "5.": 5, "1e15": 1e15, "-1E15": -1e15, "1e-7": 1e-7, "1e-999": 0,
	} {
		t.Run(text, func(t *testing.T) {
			if got, err := programme.ParseNumber(text); err != nil || got != want {
				t.Errorf("number is %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestParseNumberRefuses(t *testing.T) {
	const none = " is not a number: write it with a decimal point and without separators, such as 1234.5"
	const large = " is beyond 1e15: count in a larger unit"
	for text, want := range map[string]string{
		"": none, "-": none, ".": none, "e5": none, "1e": none, "ten": none, "1,5": none, "1 000": none, " 1": none, "10%": none,
		"inf": none, "-Infinity": none, "nan": none, "0x1p4": none, "1_000": none, "١": none,
		"1e16": large, "-1000000000000001": large, "1e999": large,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := programme.ParseNumber(text)
			wantError(t, err, `"`+text+`"`+want)
		})
	}
}
