package main

import (
	"net/http"
	"testing"
)

const (
	faultDays = 1000
	faultRows = longCities * longIndicators * faultDays
)

// Postgres goes in the middle of an import, in one way or another, and comes
// back.
func TestFaultPostgresRestarts(t *testing.T) {
	t.Parallel()
	o := newOwnPostgres(t, enterable(t))
	programme, file := days(t, faultDays)
	o.runs(t, exitDone, "apply", programme)
	serving := o.serve(t)
	for _, c := range []struct {
		name string
		down func(*testing.T)
	}{{"stopped", o.stop}, {"killed", o.kill}} {
		o.Slow(slowly)
		importing := start(t, nil, "import", o.flag, file)
		o.awaitCopy(t, importing)
		c.down(t)
		o.ends(t, importing, exitEnvironment)
		importing.says(t, "the database", "run the command again; nothing is taken in twice")
		serving.await(t, http.StatusServiceUnavailable)
		serving.awaitShown(t, "citygauge_database_up 0")
		hold := o.server
		o.start(t)
		if err := hold.Close(); err != nil {
			t.Error(err)
		}
		serving.await(t, http.StatusOK)
		o.nothing(t)
		if t.Failed() {
			t.Fatalf("%s:\n%s", c.name, &serving.talk)
		}
	}
	o.Slow(0)
	o.runs(t, exitDone, "import", file)
	o.whole(t, faultRows, faultRows)
	serving.awaitShown(t, `citygauge_indicator_value{city="city-00",indicator="indicator-0"} 22`)
	serving.says(t, "following the database failed", "the metrics shown agree with the database")
	// Nothing is taken in twice.
	if again := o.runs(t, exitDone, "import", file); !t.Failed() {
		again.says(t, "0 new")
	}
	o.whole(t, faultRows, faultRows)
}
