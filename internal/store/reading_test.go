package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// A reader sees the cities of a scope, and of another's not even what it asks
// for by name.
func TestReadersSeeTheirCities(t *testing.T) {
	i := install(t)
	p := twoCities()
	for _, c := range p.Cities {
		p.Interventions = append(p.Interventions, programme.Intervention{City: c.ID, Title: "Street lights", Start: today})
	}
	i.apply(t, p)
	for _, city := range []string{"aldermoor", "brightwater"} {
		i.take(t, upload.Request{}, months(city, 21, func(int) string { return "7" }))
	}
	both := []string{"aldermoor", "brightwater"}
	for _, c := range []struct {
		name  string
		scope upload.Scope
		ask   []string
		want  []string
	}{
		{"everything", nil, nil, both},
		{"one of all", nil, both[:1], both[:1]},
		{"all of one's own", both[:1], nil, both[:1]},
		{"another's", both[:1], both[1:], nil},
		{"one's own and another's", both[1:], both, both[1:]},
		{"nobody's", upload.Scope{}, nil, nil},
		{"one that is not there", upload.Scope{"nowhere"}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			standings, err := i.StandingsFor(ctx, c.scope, c.ask)
			if err != nil {
				t.Fatal(err)
			}
			targets, err := i.Targets(ctx, c.scope, c.ask)
			if err != nil {
				t.Fatal(err)
			}
			var observed []string
			if err := i.EachObservation(ctx, store.Filter{Scope: c.scope, Cities: c.ask}, func(r store.Recorded) error {
				if len(observed) == 0 || observed[len(observed)-1] != r.City {
					observed = append(observed, r.City)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for what, got := range map[string][]string{
				"standings":    names(standings, func(s progress.Standing) string { return s.City.ID }),
				"targets":      names(targets, func(j progress.Judgeable) string { return j.City.ID }),
				"observations": observed,
			} {
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			for _, city := range both {
				tried, err := i.Interventions(ctx, c.scope, city)
				if sees := c.scope == nil || len(c.scope) == 1 && c.scope[0] == city; err != nil || (len(tried) == 1) != sees {
					t.Errorf("of %s it sees %v (%v)", city, tried, err)
				}
			}
			for n, s := range standings {
				if len(s.Indicators) != 1 || len(s.Indicators[0].Targets) != 1 || len(targets[n].Series) != 21 {
					t.Errorf("%s is not whole: %+v", s.City.ID, s)
				}
			}
		})
	}
}

func names[T any](things []T, name func(T) string) (all []string) {
	for _, thing := range things {
		all = append(all, name(thing))
	}
	return all
}
