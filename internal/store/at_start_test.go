package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// What is taken back of the time to come, as another clock has it, changes no
// status of today.
func TestAChangeOfWhatIsStillToCome(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 21, func(m int) string { return strconv.Itoa(100 - m/4) }))
	moved := twoCities()
	moved.Targets[0].Goal.Value = -1
	i.apply(t, moved)
	before := i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment
	report := i.on(t, programme.NewDate(2025, time.June, 30)).take(t, upload.Request{}, header+"\naldermoor,thefts,2025-09,delete\n")
	if report.Counts.Withdrawn != 1 || len(report.StatusChanges) > 0 {
		t.Errorf("it reports %+v", report)
	}
	if diff := cmp.Diff(before, i.standing(t, "aldermoor").Indicators[0].Targets[0].Assessment); diff != "" {
		t.Errorf("another standing (-before +after):\n%s", diff)
	}
	if n, err := i.Daily(t.Context()); n != 1 || err != nil {
		t.Errorf("%d cities were judged again (%v), want the one whose day was another", n, err)
	}
}
