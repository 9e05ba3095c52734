package programme

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// GoalForm says what a goal's number is relative to.
type GoalForm string

// The forms of a goal.
const (
	Absolute GoalForm = "absolute" // a value of the indicator
	Percent  GoalForm = "percent"  // a change in per cent of the baseline
	Points   GoalForm = "points"   // a change in percentage points
)

// Goal is the value to reach, as somebody wrote it: 750, -10% or -10pp. The
// zero value is no goal.
type Goal struct {
	Value float64
	Form  GoalForm
}

// ParseGoal reads a goal. A change must carry its sign, so that 45% of
// something is never taken for 45 % more.
func ParseGoal(text string) (Goal, error) {
	text = strings.TrimSpace(text)
	number, form, unit := text, Absolute, ""
	for _, change := range [...]struct {
		unit string
		form GoalForm
	}{{"pp", Points}, {"%", Percent}} {
		if n, ok := strings.CutSuffix(text, change.unit); ok {
			number, form, unit = strings.TrimSpace(n), change.form, change.unit
		}
	}
	value, ok := plainNumber(number)
	switch {
	case !ok:
		return Goal{}, fmt.Errorf("%q is not a target: write a value such as 750, or a change such as -10%% or -10pp", text)
	case !Finite(value):
		return Goal{}, tooLarge(text)
	case form != Absolute && !strings.ContainsAny(number[:1], "+-"):
		return Goal{}, fmt.Errorf("%q could be a value or a change: write %s for a value, +%s%s or -%s%s for a change from the baseline",
			text, number, number, unit, number, unit)
	}
	return Goal{value, form}, nil
}

// ParseNumber reads a finite number with a decimal point, as programmes and
// baselines write it.
func ParseNumber(text string) (float64, error) {
	value, ok := plainNumber(text)
	switch {
	case !ok:
		return 0, fmt.Errorf("%q is not a number: write it with a decimal point and without separators, such as 1234.5", text)
	case !Finite(value):
		return 0, tooLarge(text)
	}
	return value, nil
}

// plainNumber leaves out what strconv accepts and people do not write:
// hexadecimal, underscores, Inf and NaN. Beyond float64 it is infinite.
func plainNumber(text string) (value float64, ok bool) {
	value, err := strconv.ParseFloat(text, 64)
	return value, (err == nil || errors.Is(err, strconv.ErrRange)) && strings.Trim(text, "+-.0123456789eE") == ""
}

func tooLarge(text string) error {
	return fmt.Errorf("%q is beyond 1e15: count in a larger unit", text)
}

// Of is the value that the goal means for a baseline.
func (g Goal) Of(baseline float64) float64 {
	switch g.Form {
	case Percent:
		return baseline * (1 + g.Value/100)
	case Points:
		return baseline + g.Value
	}
	return g.Value
}

// Relative reports whether the goal is a change from the baseline.
func (g Goal) Relative() bool { return g.Form == Percent || g.Form == Points }

// String is the goal as [ParseGoal] reads it.
func (g Goal) String() string {
	number := strconv.FormatFloat(g.Value, 'f', -1, 64)
	if g.Relative() && g.Value >= 0 && !strings.HasPrefix(number, "-") {
		number = "+" + number
	}
	switch g.Form {
	case Percent:
		return number + "%"
	case Points:
		return number + "pp"
	}
	return number
}

// MarshalText writes the goal as [Goal.String] does.
func (g Goal) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads a goal with [ParseGoal].
func (g *Goal) UnmarshalText(text []byte) error {
	parsed, err := ParseGoal(string(text))
	if err != nil {
		return err
	}
	*g = parsed
	return nil
}
