package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// A server that was away for longer than its lease may claim a source again while
// its former run goes on: that one is lost, beside the one that is held.
func TestFormerClaimIsLostBesideTheNewOne(t *testing.T) {
	i := install(t)
	i.apply(t, withSources())
	key := programme.SourceKey{City: "aldermoor", Source: "police"}
	var claims []source.Claim
	for _, lease := range []time.Duration{-time.Second, time.Minute} {
		jobs, err := i.Claim(t.Context(), "server:1", lease, 1, []programme.SourceKey{key})
		if err != nil || len(jobs) != 1 {
			t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		claims = append(claims, jobs[0].Claim)
	}
	lost, err := i.Renew(t.Context(), time.Minute, claims)
	if err != nil || !slices.Equal(lost, claims[:1]) {
		t.Errorf("lost: %v, %v; want the former of %v", lost, err, claims)
	}
	var ended []source.Ended
	for n, c := range claims {
		run := source.Run{Key: key, Started: time.Unix(0, 0), Ended: time.Unix(60, 0), Outcome: source.Applied, Records: int64(n)}
		ended = append(ended, source.Ended{Claim: c, Run: run})
	}
	kept, err := i.Finish(t.Context(), ended...)
	if err != nil || !slices.Equal(kept, []bool{false, true}) {
		t.Errorf("kept: %v, %v; want the newer alone", kept, err)
	}
	if n := i.count(t, `select max(records) from citygauge.source_run having count(*) = 1`); n != 1 {
		t.Errorf("the run of claim %d is kept", n)
	}
}
