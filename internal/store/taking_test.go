package store_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

func TestTakingIn(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	file := months("aldermoor", 21, func(m int) string { return strconv.Itoa(100 + m) })

	first := i.take(t, upload.Request{}, file)
	if want := (upload.Counts{Rows: 21, New: 21}); first.Counts != want {
		t.Errorf("first time %+v, want %+v", first.Counts, want)
	}
	want := []upload.StatusChange{{City: "aldermoor", Indicator: "thefts", Cohort: "2025", Old: progress.NoData, New: progress.MovingAway}}
	if diff := cmp.Diff(want, first.StatusChanges); diff != "" {
		t.Errorf("statuses that changed (-want +got):\n%s", diff)
	}
	again := i.take(t, upload.Request{}, file)
	if want := (upload.Counts{Rows: 21, Unchanged: 21}); again.Counts != want || len(again.Changes) != 0 {
		t.Errorf("second time %+v with changes %v, want %+v and none", again.Counts, again.Changes, want)
	}
}
