package exposition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// follow runs a view of the source until the test ends. It is called in a
// bubble, whose clock stands still while anything can still happen.
func follow(t *testing.T, source Source, log *slog.Logger) *View {
	t.Helper()
	v := New(source, prometheus.NewRegistry(), Options{Log: log})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- v.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	synctest.Wait()
	return v
}

// pass lets time pass in the bubble, and all happen that is due until then.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func mustShow(t *testing.T, v *View, line string) {
	t.Helper()
	if body := get(t, v, "/metrics"); !strings.Contains(body, line) {
		t.Errorf("%q is not shown in\n%s", line, body)
	}
}

func mustNotShow(t *testing.T, v *View, line string) {
	t.Helper()
	if body := get(t, v, "/metrics"); strings.Contains(body, line) {
		t.Errorf("%q is shown in\n%s", line, body)
	}
}

func robberies(city string, value float64) string {
	return fmt.Sprintf("citygauge_indicator_value{city=%q,indicator=\"robberies\"} %v\n", city, value)
}

func TestChangeAfterQuietTimeIsShownAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		v := follow(t, source, nil)
		mustShow(t, v, robberies("riverton", 61))
		pass(7 * time.Second)
		source.put(simple("riverton", 62))
		synctest.Wait()
		mustShow(t, v, robberies("riverton", 62))
	})
}

func TestChangesInARowAreRenderedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 0))
		v := follow(t, source, nil)
		pass(7 * time.Second)
		const changes, apart = 100, 100 * time.Millisecond
		for n := range changes {
			source.put(simple("riverton", float64(n)))
			pass(apart)
		}
		pass(time.Second)
		mustShow(t, v, robberies("riverton", changes-1))
		// Ten seconds of changes, both ends included, and the first load.
		if got, want := len(source.loaded), 12; got != want {
			t.Errorf("loaded %d times for ten busy seconds, want %d", got, want)
		}
	})
}

func TestChangeInABusySecondIsShownWithinTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		v := follow(t, source, nil)
		pass(7 * time.Second)
		source.put(simple("riverton", 62))
		pass(time.Millisecond)
		source.put(simple("riverton", 63))
		pass(time.Second - time.Millisecond)
		mustShow(t, v, robberies("riverton", 63))
	})
}

func TestOnlyChangedCitiesAreLoaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("aldea", 1), simple("newcomer", 2), simple("riverton", 3))
		v := follow(t, source, nil)
		pass(time.Second)
		source.put(simple("riverton", 4))
		pass(time.Second)
		want := [][]string{{"aldea", "newcomer", "riverton"}, {"riverton"}}
		if !slices.EqualFunc(source.loaded, want, slices.Equal) {
			t.Errorf("loaded %v, want %v", source.loaded, want)
		}
		for city, value := range map[string]float64{"aldea": 1, "newcomer": 2, "riverton": 4} {
			mustShow(t, v, robberies(city, value))
		}
	})
}

func TestManyCitiesAreLoadedInBatches(t *testing.T) {
	source := newSource()
	for n := range 2*batch + 1 {
		source.set(simple(fmt.Sprintf("city-%d", n), float64(n)))
	}
	v := newView(source)
	if err := v.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(source.loaded); got != 3 {
		t.Errorf("%d cities were loaded in %d batches, want 3", 2*batch+1, got)
	}
	mustShow(t, v, robberies("city-0", 0))
	mustShow(t, v, robberies(fmt.Sprintf("city-%d", 2*batch), 2*batch))
}

func TestNewAndDeletedCities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("aldea", 1), simple("riverton", 3))
		v := follow(t, source, nil)
		pass(time.Second)
		source.put(simple("newcomer", 2))
		source.change(func() { delete(source.generations, "aldea") })
		pass(time.Second)
		mustShow(t, v, robberies("newcomer", 2))
		mustShow(t, v, robberies("riverton", 3))
		mustNotShow(t, v, "aldea")
		// One that is deleted between the comparison and the load.
		source.change(func() {
			delete(source.standings, "riverton")
			source.generations["riverton"]++
		})
		pass(time.Second)
		mustNotShow(t, v, "riverton")
		mustShow(t, v, robberies("newcomer", 2))
	})
}

func TestWithoutNotificationsItComparesEvery30Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		v := follow(t, source, nil)
		began := v.now.Load().agreed
		source.set(simple("riverton", 62))
		pass(compareEvery - time.Millisecond)
		mustShow(t, v, robberies("riverton", 61))
		pass(time.Millisecond)
		mustShow(t, v, robberies("riverton", 62))
		if got := v.now.Load().agreed.Sub(began); got != compareEvery {
			t.Errorf("the snapshot's timestamp moved by %v, want %v", got, compareEvery)
		}
	})
}

func TestNothingIsRenderedWhereNothingChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		v := follow(t, source, nil)
		before := v.now.Load()
		pass(compareEvery)
		after := v.now.Load()
		if after.shown != before.shown || !after.agreed.After(before.agreed) {
			t.Errorf("after a comparison without a change: same snapshot %v, agreed %v, then %v",
				after.shown == before.shown, before.agreed, after.agreed)
		}
	})
}

func TestFailingSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		var log bytes.Buffer
		v := follow(t, source, slog.New(slog.NewTextHandler(&log, nil)))
		pass(time.Second)
		agreed := v.now.Load().agreed
		source.change(func() { source.failure = errors.New("connection refused") })
		pass(time.Minute)
		mustShow(t, v, robberies("riverton", 61))
		mustShow(t, v, "citygauge_database_up 0\n")
		if got := v.now.Load().agreed; !got.Equal(agreed) {
			t.Errorf("the snapshot's timestamp moved from %v to %v while the database failed", agreed, got)
		}
		// At 0, 1, 3, 7, 15, 25, 35, 45 and 55 seconds, and the first load.
		if want := 10; source.asked != want {
			t.Errorf("asked %d times in a minute, want %d", source.asked, want)
		}
		if !strings.Contains(log.String(), "connection refused") {
			t.Errorf("the log does not give the reason:\n%s", log.String())
		}
		source.change(func() { source.failure = nil })
		source.put(simple("riverton", 62))
		pass(longestRetry)
		mustShow(t, v, robberies("riverton", 62))
		mustShow(t, v, "citygauge_database_up 1\n")
	})
}

// Such as behind a pooler that does not pass notifications on.
func TestSourceThatCannotListenIsAskedNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := newSource(simple("riverton", 61))
		source.deaf = errors.New("LISTEN is not supported")
		v := follow(t, source, nil)
		pass(time.Minute)
		source.put(simple("riverton", 62))
		pass(longestRetry)
		mustShow(t, v, robberies("riverton", 62))
		mustShow(t, v, "citygauge_database_up 1\n")
		if most := 12; source.asked > most {
			t.Errorf("asked %d times in 70 seconds, want at most %d", source.asked, most)
		}
	})
}

// hanging answers nothing until its context ends.
type hanging struct{ *fakeSource }

func (hanging) Generations(ctx context.Context) (map[string]int64, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestDatabaseThatHangsIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newLoadedView(t, simple("riverton", 61))
		v.source = hanging{newSource()}
		if err := v.refresh(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("refresh: %v, want a deadline exceeded", err)
		}
		mustShow(t, v, "citygauge_database_up 0\n")
	})
}

func TestShutdownDoesNotCallTheDatabaseDown(t *testing.T) {
	v := newLoadedView(t, simple("riverton", 61))
	v.source = hanging{newSource()}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("refresh: %v, want canceled", err)
	}
	mustShow(t, v, "citygauge_database_up 1\n")
}

func TestUnknownTimezoneIsLoggedAndUTC(t *testing.T) {
	lost := simple("riverton", 61)
	lost.City.Timezone = "Nowhere/At_All"
	var log bytes.Buffer
	v := newView(newSource(lost))
	v.options.Log = slog.New(slog.NewTextHandler(&log, nil))
	if err := v.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	// 1 October 2025, 00:00 UTC.
	mustShow(t, v, `citygauge_indicator_observation_timestamp_seconds{city="riverton",indicator="robberies"} 1.7592768e+09`)
	if !strings.Contains(log.String(), "Nowhere/At_All") {
		t.Errorf("the log does not name the time zone:\n%s", log.String())
	}
}
