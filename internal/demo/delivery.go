package demo

import "github.com/citygauge/citygauge/internal/programme"

// privacyLimit is the number of people below which a city withholds a count.
const privacyLimit = 5

// delivered is what of a series the city has sent by today.
func (s *sample) delivered(p place, a archetype, series []programme.Observation) []programme.Observation {
	newest := programme.LastEndedBy(a.frequency, s.today.AddDays(-a.delivers))
	overdue := programme.LastEndedBy(a.frequency, s.today.AddDays(-a.due-1))
	year := programme.Ending(a.frequency, s.current.Starts-1, s.current.Ends)
	switch p.delivery {
	case silent:
		return nil
	case late:
		newest = overdue.Plus(-1)
	case stopped:
		newest = overdue.Plus(-3)
	}
	// A rolling year with a hole would not be judged for twelve months.
	holed := p.delivery == gap && a.measure != programme.Rolling && a.measure != programme.RollingMean
	sent := make([]programme.Observation, 0, len(series))
	for _, o := range series {
		n, within := year.Index(o.Period)
		if o.Period.Compare(newest) > 0 || holed && n == 1 {
			continue
		}
		switch {
		case p.delivery == withheld && a.kind == programme.Count && a.goal == programme.Absolute && o.Value < privacyLimit:
			o.Value, o.Status, o.Note = 0, programme.Suppressed, "fewer than five, withheld for privacy"
		case p.delivery == estimated && a.sensors && within && n < 10:
			o.Status, o.Note = programme.Estimated, "a station was out of order: estimated from its neighbours"
		case s.today.Sub(o.Period.Last()) < a.settles:
			o.Status = programme.Provisional
		}
		sent = append(sent, o)
	}
	return sent
}
