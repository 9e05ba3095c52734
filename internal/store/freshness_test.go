package store_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// A number of a month that has not ended tells nobody that those before it came.
func TestARunningPeriodIsNotDelivered(t *testing.T) {
	i := install(t)
	p := twoCities()
	p.Indicators[0].JudgeProvisional = true
	i.apply(t, p)
	i.take(t, upload.Request{}, months("aldermoor", 17, rising)) // to May
	i.take(t, upload.Request{}, header+",status\naldermoor,thefts,2025-10,3,provisional\nbrightwater,thefts,2025-08,3,final\nbrightwater,thefts,2025-09,3,provisional\n")
	due := programme.NewDate(2025, time.July, 30)
	s := i.standing(t, "aldermoor").Indicators[0]
	if a := s.Targets[0].Assessment; s.Freshness != progress.Missing || s.Due != due || a.Freshness != s.Freshness || a.Due != due {
		t.Errorf("the indicator is %s, due on %s, its target %s, due on %s", s.Freshness, s.Due, a.Freshness, a.Due)
	}
	for city, want := range map[string]programme.Date{"aldermoor": programme.NewDate(2025, time.May, 31), "brightwater": programme.NewDate(2025, time.August, 31)} {
		got, err := i.NewestPeriods(t.Context(), city)
		if diff := cmp.Diff(map[string]programme.Date{"thefts": want}, got); diff != "" || err != nil {
			t.Errorf("a source of %s is told (%v, -want +got):\n%s", city, err, diff)
		}
	}
}

// Whether a period has ended is a matter of each city's own clock.
func TestAPeriodEndsByTheClockOfItsCity(t *testing.T) {
	i := install(t)
	p := twoCities()
	for n := range p.Indicators {
		p.Indicators[n].JudgeProvisional = true
	}
	i.apply(t, p)
	i.take(t, upload.Request{}, header+",status\naldermoor,thefts,2025-09,3,final\naldermoor,thefts,2025-10,1,provisional\nbrightwater,thefts,2025-09,3,final\nbrightwater,thefts,2025-10,1,provisional\n")
	days := map[string]programme.Date{"aldermoor": programme.NewDate(2025, time.October, 30), "brightwater": programme.NewDate(2025, time.October, 31)}
	s, err := store.Open(t.Context(), i.db.URL, func(c programme.City) programme.Date { return days[c.ID] }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Standings(t.Context(), nil)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d cities stand (%v)", len(all), err)
	}
	for n, want := range []programme.Date{programme.NewDate(2025, time.November, 30), programme.NewDate(2025, time.December, 30)} {
		if got := all[n].Indicators[0].Due; got != want {
			t.Errorf("the next value of %s is due on %s, want %s", all[n].City.ID, got, want)
		}
	}
}

// Once a year is over and all of its values are there, none is due any more.
func TestNobodyWaitsForMoreOfAYearThatIsOver(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	later := i.on(t, programme.NewDate(2026, time.March, 20))
	later.take(t, upload.Request{}, months("aldermoor", 24, rising))
	later.take(t, upload.Request{}, months("brightwater", 23, rising))
	for city, want := range map[string]progress.IndicatorStanding{
		"aldermoor":   {Freshness: progress.Fresh},
		"brightwater": {Freshness: progress.Missing, Due: programme.NewDate(2026, time.January, 30)},
	} {
		s := later.standing(t, city).Indicators[0]
		if a := s.Targets[0].Assessment; s.Freshness != want.Freshness || s.Due != want.Due || a.Freshness != s.Freshness || a.Due != s.Due {
			t.Errorf("%s is %s, due on %s, its target %s, due on %s", city, s.Freshness, s.Due, a.Freshness, a.Due)
		}
	}
}
