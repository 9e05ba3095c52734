package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// seriesID is an indicator's internal name.
type seriesID struct {
	city      int32
	indicator int64
}

// targetID is a target's internal name.
type targetID struct {
	seriesID
	cohort int32
}

// declared is the programme as it stands, with the internal ids of its things
// in the order of the programme's slices.
type declared struct {
	programme.Programme
	asOf         time.Time // zero is now
	cohortIDs    []int32
	cityIDs      []int32
	indicatorIDs []seriesID
	targets      []standingTarget

	index       programme.Index
	frequencies map[int32]map[int64]programme.Frequency // by city and indicator
	byKey       map[programme.IndicatorKey]seriesID
	cohorts     map[string]int32
}

// series is the id of an indicator that is declared.
func (d *declared) series(city, indicator string) seriesID {
	return d.byKey[programme.IndicatorKey{City: city, Indicator: indicator}]
}

// ids are those of a city's indicators that are declared, in order.
func (d *declared) ids(city string, indicators []string) []int64 {
	var ids []int64
	for _, slug := range indicators {
		if id := d.series(city, slug).indicator; id != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// indicatorsByID are the indicators by their internal ids.
func (d *declared) indicatorsByID() map[seriesID]programme.Indicator {
	byID := make(map[seriesID]programme.Indicator, len(d.indicatorIDs))
	for n, id := range d.indicatorIDs {
		byID[id] = d.Indicators[n]
	}
	return byID
}

func (d *declared) makeIndex() {
	d.index = d.Programme.Index()
	d.byKey = make(map[programme.IndicatorKey]seriesID, len(d.Indicators))
	d.frequencies = map[int32]map[int64]programme.Frequency{}
	for n, i := range d.Indicators {
		id := d.indicatorIDs[n]
		d.byKey[i.Key()] = id
		if d.frequencies[id.city] == nil {
			d.frequencies[id.city] = map[int64]programme.Frequency{}
		}
		d.frequencies[id.city][id.indicator] = i.Frequency
	}
	d.cohorts = make(map[string]int32, len(d.Cohorts))
	for n, c := range d.Cohorts {
		d.cohorts[c.ID] = d.cohortIDs[n]
	}
}

func (t targetID) compare(o targetID) int {
	return cmp.Or(cmp.Compare(t.city, o.city), cmp.Compare(t.indicator, o.indicator), cmp.Compare(t.cohort, o.cohort))
}

// standingTarget is a target with what the store knows of it beyond its
// declaration.
type standingTarget struct {
	id       targetID
	version  int
	resolved progress.Resolved
}

// Programme is the programme as it stands, everything in it in the order of
// slugs.
func (s *Store) Programme(ctx context.Context) (programme.Programme, error) {
	var p programme.Programme
	err := s.System(ctx, func(tx *Tx) error {
		d, err := tx.declared(ctx)
		if err == nil {
			p = d.Programme
		}
		return err
	})
	return p, err
}
