package progress

import (
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
)

// FreshnessOf says whether an indicator's values come when they are due, and
// the day on which the next one is due: its period's last day plus the
// indicator's due days. Values are late from the day after that on, for on the
// day itself they may still come; they are missing from the day after the value
// of one more period was due.
//
// Next is the period after the newest delivered one, or first where none is
// delivered. Where neither is given, freshness is empty and the day none.
//
// A suppressed value counts as delivered: nobody waits for it. A provisional
// one counts only where it is judged, since the final one is still to come.
func FreshnessOf(i programme.Indicator, newest, first programme.Period, day programme.Date) (Freshness, programme.Date) {
	next := first
	if !newest.IsZero() {
		next = newest.Next()
	}
	if next.IsZero() {
		return "", 0
	}
	due := next.Last().AddDays(i.DueDays)
	switch {
	case day > next.Next().Last().AddDays(i.DueDays):
		return Missing, due
	case day > due:
		return Late, due
	}
	return Fresh, due
}

// NewestDelivered is the newest period of a series that ended by a day and was
// delivered as [FreshnessOf] understands it; none where there is none.
func NewestDelivered(i programme.Indicator, series []Observed, day programme.Date) programme.Period {
	ended := until(series, programme.LastEndedBy(i.Frequency, day))
	for _, e := range slices.Backward(ended) {
		if o := e; judged(&i, o) || o.Status == programme.Suppressed {
			return o.Period
		}
	}
	return programme.Period{}
}

// freshness is that of the target: once its last period is delivered, nothing
// more is due and it stays fresh.
func (y *year) freshness(day programme.Date) (Freshness, programme.Date) {
	if y.delivered == y.run.Last() {
		return Fresh, 0
	}
	return FreshnessOf(*y.i, y.delivered, y.run.First, day)
}
