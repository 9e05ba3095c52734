package collector

import (
	"maps"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// Check is what is wrong with the sources of a programme, beyond what
// [programme.Programme.Check] finds: whether each can be pulled as it is
// declared.
func Check(p programme.Programme) []programme.Fault {
	var faults []programme.Fault
	cities := p.Index().Cities
	indicators := map[string][]programme.Indicator{}
	for _, i := range p.Indicators {
		indicators[i.City] = append(indicators[i.City], i)
	}
	for n, s := range p.Sources {
		for _, l := range lacks(s, cities[s.City], indicators[s.City]) {
			faults = append(faults, programme.Fault{Noun: programme.SourceNoun, Index: n, Field: l.Field, Message: l.Message, Hint: l.Hint})
		}
	}
	return faults
}

func lacks(s programme.Source, city programme.City, indicators []programme.Indicator) []Lack {
	kind, ok := kinds[s.Kind]
	if !ok {
		known := slices.Sorted(maps.Keys(kinds))
		hint := "write one of " + strings.Join(known, ", ")
		if near := programme.Nearest(s.Kind, known); near != "" {
			hint = "did you mean " + near + "?"
		}
		return []Lack{{"kind", "no kind of source is called " + s.Kind, hint}}
	}
	_, all := newPlan(s, city, indicators)
	all = append(kind.Check(s), all...)
	if _, err := parseSchedule(s.Schedule); err != nil {
		all = append(all, Lack{"schedule", err.Error(), `write a cron expression such as "15 6 * * *" in the city's time, or after-due`})
	}
	return all
}
