package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/store"
)

func TestDoctorOfTheServer(t *testing.T) {
	now := time.Date(2025, time.October, 10, 12, 0, 0, 0, time.UTC)
	const here, elsewhere = "0c7f4b1e-3a52-4f6e-9d0a-1f2e3d4c5b6a", "5b6a0c7f-4f6e-3a52-9d0a-1f2e3d4c5b6a"
	metrics := func(of string, up int, age time.Duration) string {
		return fmt.Sprintf(`# TYPE citygauge_database_up gauge
# TYPE citygauge_snapshot_timestamp_seconds gauge
# TYPE citygauge_installation_info gauge
citygauge_database_up %d
citygauge_snapshot_timestamp_seconds %d
citygauge_installation_info{installation=%q} 1
`, up, now.Add(-age).Unix(), of)
	}
	for _, c := range []struct {
		name, answer, here string
		state              state
		says               string
	}{
		{"well", metrics(here, 1, 30*time.Second), here, well, "agree with this database"},
		{"well, beside a database that was not looked at", metrics(elsewhere, 1, 30*time.Second), "", well, "agree with its database, be it this one or another"},
		{"another installation's", metrics(elsewhere, 1, 30*time.Second), here, attention, "is another installation's"},
		{"without its database", metrics(here, 0, 0), here, wrong, "does not reach its database"},
		{"stale", metrics(here, 1, 6*time.Minute), here, wrong, "last agreed with the database 6m0s ago"},
		{"something else", "up 1\n", here, wrong, "is not citygauge"},
		{"no metrics", "<html>\n", here, wrong, "is not citygauge"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, map[string]string{"/metrics/process": c.answer}[r.URL.Path])
			}))
			defer server.Close()
			var f findings
			(&doctorCommand{Metrics: server.URL + "/metrics"}).examineServer(t.Context(), func() time.Time { return now }, c.here, &f)
			f.hold(t, c.state, c.says)
		})
	}
}

func TestDoctorOfPrometheus(t *testing.T) {
	for _, c := range []struct {
		name, result string
		state        state
		says         string
	}{
		{"scraping", `{"value":[0,"4.2"]}`, well, "it scraped citygauge 4s ago"},
		{"long ago", `{"value":[0,"301"]}`, wrong, "it last scraped citygauge 5m1s ago"},
		{"never", ``, wrong, "has not scraped citygauge"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[%s]}}`, c.result)
			}))
			defer server.Close()
			var f findings
			(&doctorCommand{Prometheus: server.URL}).examinePrometheus(t.Context(), &f)
			f.hold(t, c.state, c.says)
		})
	}
}

func TestDoctorOfTheDatabase(t *testing.T) {
	now := time.Date(2025, time.October, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		of    func(*store.Examination)
		state state
		says  string
	}{
		{"well", func(*store.Examination) {}, well, ""},
		{"an old Postgres", func(e *store.Examination) { e.Number = 140010 }, wrong, "is too old"},
		{"another encoding", func(e *store.Examination) { e.Encoding = "LATIN1" }, wrong, "encoded in LATIN1"},
		{"a clock behind", func(e *store.Examination) { e.Clock = now.Add(-2 * time.Minute) }, wrong, "2m0s apart"},
		{"a crowd", func(e *store.Examination) { e.Connections = 95 }, attention, "95 of at most 100 connections"},
		{"an older schema", func(e *store.Examination) { e.Schema = 3 }, wrong, "run citygauge migrate"},
		{"missing roles", func(e *store.Examination) { e.Missing = []string{"citygauge_app"} }, wrong, "cannot enter the roles citygauge_app"},
		{"missing roles on a Citus", func(e *store.Examination) {
			e.Missing, e.Citus = []string{"citygauge_app"}, store.Citus{Extension: "13.2-1", Fits: true}
		}, wrong, "cannot enter the roles citygauge_app"},
		{"powerful roles", func(e *store.Examination) { e.Powerful = []string{"citygauge_faculty"} }, wrong, "does not hold for citygauge_faculty"},
		{"a superuser", func(e *store.Examination) { e.Superuser = true }, attention, "a superuser"},
		{"open to all", func(e *store.Examination) { e.Open = true }, wrong, "every login of the Postgres may enter"},
		{"failing sources", func(e *store.Examination) { e.Failing = 2 }, attention, "some sources failed: 2"},
		{"waiting sources", func(e *store.Examination) { e.Waiting = 3 }, wrong, "that nobody pulls from: 3"},
		{"a Citus that is made no use of", func(e *store.Examination) { e.Citus = store.Citus{Extension: "13.2-1", Fits: true} }, attention, "run citygauge migrate --citus, if"},
		{"a Citus", func(e *store.Examination) { e.Citus = spreadBy("13.2-1") }, well, "all of 1 are active and answer"},
		{"another Citus", func(e *store.Examination) { e.Citus = spreadBy("14.0-1"); e.Fits = false }, wrong, "needs Citus 13"},
		{"a worker's database", func(e *store.Examination) { e.Schema, e.OfWorker = 0, true }, wrong, "name the coordinator's"},
		{"an inactive worker", func(e *store.Examination) { e.Citus = spreadBy("13.2-1"); e.Workers[0].Active = false }, wrong, "10.0.0.2:5432 is not active"},
		{"a silent worker", func(e *store.Examination) {
			e.Citus = spreadBy("13.2-1")
			e.Workers[0].Answers, e.Workers[0].Result = false, "failed to connect"
		}, wrong, "10.0.0.2:5432 does not answer: failed to connect"},
		{"an older worker", func(e *store.Examination) { e.Citus = spreadBy("13.2-1"); e.Workers[0].Result = "13.0-1" }, wrong, "10.0.0.2:5432 has Citus 13.0-1"},
		{"a table behind", func(e *store.Examination) { e.Citus = spreadBy("13.2-1"); e.Unspread = []string{"target"} }, wrong, "not spread over the workers: target"},
		{"a table astray", func(e *store.Examination) { e.Citus = spreadBy("13.2-1"); e.Astray = []string{"job"} }, wrong, "in another way than this program's: job"},
		{"previews", func(e *store.Examination) { e.Previews = 7 }, attention, "7 previews"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := store.Examination{Server: "15.4", Number: 150004, Encoding: "UTF8", Clock: now.Add(time.Second), Connections: 9, Most: 100, Schema: 10, Wanted: 10}
			c.of(&e)
			var f findings
			judgeServer(e, now, &f)
			if judgeSchema(e, &f) {
				judgeAccess(e, &f)
				judgeCluster(e, &f)
				judgeWork(e, &f)
				judgeSources(e, &f)
			}
			f.hold(t, c.state, c.says)
			for _, one := range f {
				if len(e.Missing) > 0 && slices.Contains([]string{"daily work", "Citus"}, one.Check) {
					t.Errorf("what could not be looked at is %+v", one)
				}
			}
		})
	}
}

// spreadBy is a Citus with a worker, and nothing to be said against it.
func spreadBy(version string) store.Citus {
	return store.Citus{Extension: version, Fits: true, Spread: true, Workers: []store.Worker{{Host: "10.0.0.2", Port: 5432, Active: true, Answers: true, Result: version}}}
}

// hold makes sure of the worst state, that it is said, and that all that is not
// well says what to do.
func (f findings) hold(t *testing.T, worst state, says string) {
	t.Helper()
	var told strings.Builder
	if err := f.write(&told, false); err != nil {
		t.Fatal(err)
	}
	if f.worst() != worst || !strings.Contains(told.String(), says) {
		t.Errorf("the worst is %s, want %s, and %q to be said:\n%s", f.worst(), worst, says, &told)
	}
	for _, one := range f {
		if (one.State == well) != (one.Do == "") {
			t.Errorf("what to do is wrong with %+v", one)
		}
	}
}
