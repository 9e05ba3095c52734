package progress

import "github.com/citygauge/citygauge/internal/programme"

// Signal says whether something has changed, beyond what an indicator varies by
// of itself: the verdict of its XmR chart on the newest point.
type Signal string

// The signals. They have a direction, except for an indicator to maintain: any
// change of it is a concern.
const (
	Improvement Signal = "improvement"
	Concern     Signal = "concern"
	NoSignal    Signal = "none"
	TooShort    Signal = "too-short" // under 12 points
)

// Signals lists every signal.
func Signals() []Signal { return []Signal{Improvement, Concern, NoSignal, TooShort} }

// Words is the signal as it is said to people, such as "a change for the
// better".
func (s Signal) Words() string {
	switch s {
	case Improvement:
		return "a change for the better"
	case Concern:
		return "a change that gives cause for concern"
	case NoSignal:
		return "no sign of a change"
	case TooShort:
		return "too few values to tell a change from chance"
	}
	return string(s)
}

// Rule is what the newest point of an XmR chart breaks.
type Rule string

// The rules, in the order of their precedence; each asks the newest point and,
// but for the first, those before it (NHS England, "Making data count").
const (
	OutsideLimits Rule = "outside-limits" // beyond a limit
	Trend         Rule = "trend"          // seven in a row, each above the one before, or each below
	NearLimit     Rule = "near-limit"     // three in a row on one side, two of them from two thirds of the way to the limit on and within it
	OneSide       Rule = "one-side"       // seven in a row on one side of the centre
)

// Words is the rule as it is said to people, for a signal up or down, such as
// "the newest seven rise without a break".
func (r Rule) Words(up bool) string {
	side, limit, verb := "below", "lower", "fall"
	if up {
		side, limit, verb = "above", "upper", "rise"
	}
	switch r {
	case OutsideLimits:
		return "the newest is " + side + " the " + limit + " limit"
	case Trend:
		return "the newest seven " + verb + " without a break"
	case NearLimit:
		return "two of the newest three are close to the " + limit + " limit"
	case OneSide:
		return "the newest seven are all " + side + " the centre"
	}
	return ""
}

// SignalOf is the signal of [XmR] without its chart: it allocates nothing for
// series of the usual length.
func SignalOf(i programme.Indicator, r Resolved, series []Observed, day programme.Date) Signal {
	var room pointRoom
	signal, _, _ := xmrOf(&i, series, min(day, r.End), r.BaselineEnd, &room).signal(i.Direction)
	return signal
}

// ChartLimits are what an XmR chart draws beside its points, and what its newest
// point breaks.
type ChartLimits struct {
	Centre, Lower, Upper Figure // unknown under two points
	Seasonal             bool   // points are differences from one year before
	Rule                 Rule   // empty where it breaks none
	Up                   bool
}

// ChartLimitsOf is the limits of [XmR] without its points.
func ChartLimitsOf(i programme.Indicator, r Resolved, series []Observed, day programme.Date) ChartLimits {
	var room pointRoom
	x := xmrOf(&i, series, min(day, r.End), r.BaselineEnd, &room)
	l := ChartLimits{Seasonal: x.seasonal}
	_, l.Rule, l.Up = x.signal(i.Direction)
	l.Centre, l.Lower, l.Upper = x.limits()
	return l
}
