package web

import "github.com/citygauge/citygauge/internal/progress"

// apart tells things of one name from each other: it puts their ids behind. Of
// each thing it is told among which others its name should be one of a kind.
func apart[T any](things []T, of func(*T) (among, id string, name *string)) {
	type shared struct{ among, name string }
	ids := map[shared]map[string]bool{}
	for n := range things {
		among, id, name := of(&things[n])
		key := shared{among, *name}
		if ids[key] == nil {
			ids[key] = map[string]bool{}
		}
		ids[key][id] = true
	}
	for n := range things {
		among, id, name := of(&things[n])
		if len(ids[shared{among, *name}]) > 1 {
			*name += " (" + id + ")"
		}
	}
}

// titlesApart tells a city's indicators of one title apart.
func titlesApart(s progress.Standing) {
	apart(s.Indicators, func(i *progress.IndicatorStanding) (among, id string, name *string) {
		return "", i.Indicator.ID, &i.Indicator.Title
	})
}
