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
	"github.com/citygauge/citygauge/internal/upload"
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
		if kept, err := i.Finish(t.Context(), source.Ended{Claim: j.Claim, Run: run}); err != nil || !kept[0] {
			t.Fatalf("kept: %v, %v", kept, err)
		}
		if kept, err := i.Finish(t.Context(), source.Ended{Claim: j.Claim, Run: run}); err != nil || kept[0] {
			t.Errorf("ended twice: %v, %v", kept, err)
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
	seen = nil
	if err := db.Select(&seen, `select city || '/' || source || ' ' || up || ' ' || outcome || ' ' || message from report.source where succeeded_at is null`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aldermoor/police false failed of aldermoor"}, seen); diff != "" {
		t.Errorf("of its sources it sees (-want +got):\n%s", diff)
	}
	for _, secret := range []string{`select declared from citygauge.source`, `select server from citygauge.source_run`, `select * from citygauge.source_state`} {
		_, err := db.Exec(secret)
		if e, ok := errors.AsType[*pq.Error](err); !ok || string(e.Code) != "42501" {
			t.Errorf("%s ends with %v", secret, err)
		}
	}
}

// Each source has its newest runs, however often others ran, for those whose
// city it is.
func TestSourcesOfACity(t *testing.T) {
	i := install(t)
	p := withSources()
	p.Sources = append(p.Sources, p.Sources[0])
	p.Sources[2].ID = "clinic"
	i.apply(t, p)
	run := func(name string, outcome source.Outcome) {
		t.Helper()
		jobs, err := i.Claim(t.Context(), "server:1", time.Minute, 1, []programme.SourceKey{{City: "aldermoor", Source: name}})
		if err != nil || len(jobs) != 1 {
			t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		ended := source.Ended{Claim: jobs[0].Claim, Run: source.Run{Key: jobs[0].Claim.Key, Started: time.Unix(0, 0), Ended: time.Unix(60, 0), Outcome: outcome}}
		if kept, err := i.Finish(t.Context(), ended); err != nil || !kept[0] {
			t.Fatalf("kept: %v, %v", kept, err)
		}
	}
	run("clinic", source.Applied)
	for range 3 {
		run("police", source.Failed)
	}
	for _, c := range []struct {
		name         string
		scope        upload.Scope
		city         string
		states, runs []string
	}{
		{"its own", upload.Scope{"aldermoor"}, "aldermoor", []string{"clinic up", "police down"}, []string{"police failed", "police failed", "clinic applied"}},
		{"all", nil, "aldermoor", []string{"clinic up", "police down"}, []string{"police failed", "police failed", "clinic applied"}},
		{"not pulled yet", nil, "brightwater", []string{"police new"}, nil},
		{"another's", upload.Scope{"brightwater"}, "aldermoor", nil, nil},
		{"no city", nil, "nowhere", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			states, err := i.SourceStatesFor(t.Context(), c.scope, c.city)
			if err != nil {
				t.Fatal(err)
			}
			var stand []string
			for _, s := range states {
				switch {
				case s.Up == nil:
					stand = append(stand, s.Key.Source+" new")
				case *s.Up && s.Succeeded.Equal(time.Unix(60, 0)):
					stand = append(stand, s.Key.Source+" up")
				case !*s.Up && s.Succeeded.IsZero():
					stand = append(stand, s.Key.Source+" down")
				}
			}
			if diff := cmp.Diff(c.states, stand); diff != "" {
				t.Errorf("sources (-want +got):\n%s", diff)
			}
			newest, err := i.SourceRuns(t.Context(), c.scope, c.city, 2)
			if err != nil {
				t.Fatal(err)
			}
			var runs []string
			for _, r := range newest {
				runs = append(runs, r.Key.Source+" "+string(r.Outcome))
			}
			if diff := cmp.Diff(c.runs, runs); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
		})
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
