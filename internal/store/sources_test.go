package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
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

// A city sees the runs of its own sources, and of them neither the declaration
// nor the server.
func TestRunsAreACitysOwn(t *testing.T) {
	i := install(t)
	i.apply(t, withSources())
	jobs, err := i.Claim(t.Context(), "server:1", time.Minute, 10, nil)
	if err != nil || len(jobs) != 2 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	for _, j := range jobs {
		run := source.Run{Key: j.Claim.Key, Server: "server:1", Started: time.Now(), Ended: time.Now(), Outcome: source.Failed, Reason: "busy", Message: "of " + j.City.ID}
		if kept, err := i.Finish(t.Context(), j.Claim, source.Ended{Run: run}); err != nil || !kept {
			t.Fatalf("kept: %t, %v", kept, err)
		}
		if kept, err := i.Finish(t.Context(), j.Claim, source.Ended{Run: run}); err != nil || kept {
			t.Errorf("ended twice: %t, %v", kept, err)
		}
	}
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	db := i.as(t, login)
	var seen []string
	if err := db.Select(&seen, `select city || '/' || source || ' ' || kind || ' ' || outcome || ' ' || message from report.source_run`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aldermoor/police csv failed of aldermoor"}, seen); diff != "" {
		t.Errorf("a city's login sees (-want +got):\n%s", diff)
	}
	for _, secret := range []string{`select declared from citygauge.source`, `select server from citygauge.source_run`, `select * from citygauge.source_state`} {
		_, err := db.Exec(secret)
		if e, ok := errors.AsType[*pq.Error](err); !ok || string(e.Code) != "42501" {
			t.Errorf("%s ends with %v", secret, err)
		}
	}
}

// A claim of a dead server is taken over, and the dead one's right is at an end.
func TestClaims(t *testing.T) {
	i := install(t)
	i.apply(t, withSources())
	first, err := i.Claim(t.Context(), "dead", time.Hour, 1, nil)
	if err != nil || len(first) != 1 || len(first[0].Indicators) != 1 || first[0].City.Name == "" {
		t.Fatalf("claimed %+v, %v", first, err)
	}
	second, err := i.Claim(t.Context(), "other", time.Hour, 10, nil)
	if err != nil || len(second) != 1 || second[0].Claim.Key == first[0].Claim.Key {
		t.Fatalf("the other claimed %+v, %v", second, err)
	}
	claims := []source.Claim{first[0].Claim, second[0].Claim}
	if lost, err := i.Renew(t.Context(), -time.Second, claims); err != nil || len(lost) != 0 {
		t.Fatalf("lost %v, %v", lost, err)
	}
	again, err := i.Claim(t.Context(), "heir", time.Hour, 10, nil)
	if err != nil || len(again) != 2 {
		t.Fatalf("the heir claimed %+v, %v", again, err)
	}
	if lost, err := i.Renew(t.Context(), time.Hour, claims); err != nil || len(lost) != 2 {
		t.Errorf("the dead lost %v, %v", lost, err)
	}
	if err := i.Release(t.Context(), claims); err != nil {
		t.Fatal(err)
	}
	if none, err := i.Claim(t.Context(), "third", time.Hour, 10, nil); err != nil || len(none) != 0 {
		t.Errorf("the dead gave back what was the heir's: %v, %v", none, err)
	}
}
