package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
)

// withSources is the programme of two cities with a source each.
func withSources() programme.Programme {
	p := twoCities()
	for _, city := range []string{"aldermoor", "brightwater"} {
		p.Sources = append(p.Sources, programme.Source{
			City: city, ID: "police", Kind: "csv", URL: "https://data." + city + ".example/thefts.csv", Indicator: "thefts",
			Fields: programme.SourceFields{Date: "occurred"}, Aggregate: "count", Schedule: "0 6 * * *", Token: "${env:TOKEN}",
		})
	}
	return p
}

func TestSourcesStandAsTheyAreDeclared(t *testing.T) {
	i := install(t)
	want := withSources()
	i.apply(t, want)
	i.apply(t, want)
	got, err := i.Programme(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Sources, got.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	want.Sources = want.Sources[:1]
	err = i.Apply(t.Context(), want, store.ApplyOptions{Today: onToday, Prune: true, Agree: func(store.Prospect) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	if got, err = i.Programme(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Sources, got.Sources); diff != "" {
		t.Errorf("sources after pruning (-want +got):\n%s", diff)
	}
}
