package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

// Targets are read in the order of bytes, from a place on, also where cities
// without any lie in between, more of them than are looked through at once.
func TestEachTargetFrom(t *testing.T) {
	i := install(t)
	p := besideProgramme(130, 2)
	p.Targets = slices.DeleteFunc(p.Targets, func(target programme.Target) bool {
		return target.City != "city-1" && target.City != "city-97" && target.City != "city-99"
	})
	i.apply(t, p)
	for _, c := range []struct {
		name string
		store.Filter
		from programme.Place
		want []string
	}{
		{name: "all", want: []string{"city-1 i0", "city-1 i1", "city-97 i0", "city-97 i1", "city-99 i0", "city-99 i1"}},
		{name: "from a target on", from: programme.Place{City: "city-97", Indicator: "i1", Cohort: "2025"}, want: []string{"city-97 i1", "city-99 i0", "city-99 i1"}},
		{name: "from behind a city", from: programme.Place{City: "city-97", Indicator: "i2"}, want: []string{"city-99 i0", "city-99 i1"}},
		{name: "from between cities", from: programme.Place{City: "city-98"}, want: []string{"city-99 i0", "city-99 i1"}},
		{name: "of an indicator", Filter: store.Filter{Indicators: []string{"i1"}}, want: []string{"city-1 i1", "city-97 i1", "city-99 i1"}},
		{name: "of cities", Filter: store.Filter{Cities: []string{"city-99", "city-1", "city-2"}}, want: []string{"city-1 i0", "city-1 i1", "city-99 i0", "city-99 i1"}},
		{name: "of another cohort", Filter: store.Filter{Cohorts: []string{"2026"}}},
		{name: "for nobody", Filter: store.Filter{Scope: []string{"city-5"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			if err := i.EachTargetFrom(t.Context(), c.Filter, c.from, func(j store.Judgeable) error {
				got = append(got, j.City.ID+" "+j.Indicator.ID)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	enough, read := errors.New("enough"), 0
	err := i.EachTargetFrom(t.Context(), store.Filter{}, programme.Place{}, func(store.Judgeable) error {
		read++
		return enough
	})
	if !errors.Is(err, enough) || read != 1 {
		t.Errorf("after %d targets: %v, want the error of the first", read, err)
	}
}
