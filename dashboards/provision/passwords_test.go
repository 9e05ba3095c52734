package provision_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/dashboards/provision"
)

// kept is the password and its fingerprint, as Grafana has them.
func (b *bench) kept(t *testing.T, name string) (password, fingerprint string) {
	t.Helper()
	org := b.org(t, name)
	for _, s := range b.list(t, "api/datasources", org, "name", "jsonData") {
		if strings.HasPrefix(s, "citygauge ") {
			_, after, _ := strings.Cut(s, "citygaugePassword:")
			fingerprint, _, _ = strings.Cut(after, " connMaxLifetime:")
		}
	}
	return b.Secret(org, "citygauge-postgres", "password"), fingerprint
}

// inStep makes sure that Grafana has the passwords that Postgres has.
func (b *bench) inStep(t *testing.T) {
	t.Helper()
	for city, name := range map[string]string{"aldermoor": "citygauge-aldermoor", "brightwater": "citygauge-brightwater", "": "citygauge_faculty"} {
		password, fingerprint := b.kept(t, name)
		if password == "" || password != b.given[city] || fingerprint != "of "+password {
			t.Errorf("%s has the password %q and the fingerprint %q, Postgres %q", name, password, fingerprint, b.given[city])
		}
	}
}

func TestPasswordsAreInStep(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	b.inStep(t)
	before, _ := b.kept(t, "citygauge-aldermoor")

	// Somebody else gave the login another password.
	if _, err := b.passwords(t.Context(), "aldermoor", "another"); err != nil {
		t.Fatal(err)
	}
	plan := b.apply(t)
	if len(plan.Changes) != 1 || plan.Changes[0].String() != "~ citygauge-aldermoor: data source citygauge  password: the one so far -> a new one" {
		t.Errorf("the plan is %v", plan.Changes)
	}
	b.inStep(t)
	if now, _ := b.kept(t, "citygauge-aldermoor"); now == before || now == "another" || len(now) < 20 {
		t.Errorf("the new password is %q, before %q", now, before)
	}
	b.matches(t)
}

// A login may give itself another password, as may whoever is in the city's
// organisation: Postgres lets them, and citygauge knows nothing of it.
func TestPasswordThatItsLoginChanged(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	before, _ := b.kept(t, "citygauge-aldermoor")
	b.Health = func(user, password string) string {
		if user == "citygauge_city_aldermoor" && password == before {
			return `pq: password authentication failed for user "citygauge_city_aldermoor"`
		}
		return ""
	}
	plan := b.apply(t)
	if len(plan.Changes) != 1 || plan.Changes[0].String() != "~ citygauge-aldermoor: data source citygauge  password: the one so far -> a new one" || len(plan.Warnings) > 0 {
		t.Errorf("the plan is %v, %v", plan.Changes, plan.Warnings)
	}
	b.inStep(t)
	b.matches(t)
}

// Data sources that reach nothing are told of, when they are made too.
func TestDataSourcesThatReachNothing(t *testing.T) {
	b := newBench(t)
	b.Health = func(user, _ string) string {
		if user != "citygauge_city_aldermoor" { // as Grafana says it from 12 on
			return "failed to connect to `user=" + user + " database=citygauge`:\n\tdb:5432: refused"
		}
		return ""
	}
	const want = "citygauge-brightwater and 1 more: Grafana cannot ask the database: failed to connect to `user=… database=citygauge`: db:5432: refused: make sure that it runs"
	p := b.prepare(t)
	if err := p.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*provision.Prepared{p, b.prepare(t)} {
		if len(p.Warnings) != 1 || !strings.HasPrefix(p.Warnings[0], want) {
			t.Errorf("the warnings are %q", p.Warnings)
		}
	}
	b.matches(t)
}

func TestRotate(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	before, _ := b.kept(t, "citygauge_faculty")
	b.opts.Rotate = true
	if plan := b.apply(t); len(plan.Changes) != 3 {
		t.Errorf("the plan is %v", plan.Changes)
	}
	b.inStep(t)
	if now, _ := b.kept(t, "citygauge_faculty"); now == before {
		t.Error("the password is the old one")
	}
	b.opts.Rotate = false
	b.matches(t)
}

// A run that ends between Postgres and Grafana leaves a login whose password
// Grafana does not have.
func TestPasswordsAreInStepAfterAFailure(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	b.opts.Rotate = true
	b.Fail(func(r *http.Request) int {
		if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/api/datasources/") {
			return http.StatusBadRequest
		}
		return 0
	})
	if err := b.prepare(t).Apply(t.Context()); err == nil {
		t.Fatal("there is no error")
	}
	b.Fail(nil)
	b.opts.Rotate = false
	if plan := b.apply(t); len(plan.Changes) != 3 {
		t.Errorf("the plan is %v", plan.Changes)
	}
	b.inStep(t)
	b.matches(t)

	b.opts.Rotate, b.refuse = true, true
	if err := b.prepare(t).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "the database is away") {
		t.Errorf("the error is %v", err)
	}
	b.inStep(t)
}

// A role that may have ten connections must not be asked for more by the panels
// of a page, nor while the connections of a new password replace the old ones.
func TestFewerConnectionsThanTheRoleMayHave(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	for name, want := range map[string]string{"citygauge-aldermoor": "maxOpenConns:5 ", "citygauge_faculty": "maxOpenConns:20 "} {
		if got := b.list(t, "api/datasources", b.org(t, name), "jsonData")[0]; !strings.Contains(got, want) {
			t.Errorf("%s has %s", name, got)
		}
	}
}

// After a restart of Postgres, the connections that Grafana kept fail first.
func TestConnectionsOfBeforeARestart(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	kept := map[string]int{}
	b.Health = func(user, _ string) string {
		if kept[user]++; kept[user] <= 2 {
			return "driver: bad connection"
		}
		return ""
	}
	if p := b.prepare(t); len(p.Warnings) != 0 {
		t.Errorf("the warnings are %q", p.Warnings)
	}
}

// When everybody looks at once, the site must still have its connections.
func TestTellsWhereTheDatabaseTakesTooFewConnections(t *testing.T) {
	b := newBench(t)
	b.desired.Database.Connections = 59 // two cities with 5, faculty with 20, and what the site needs
	if p := b.prepare(t); len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "may open 30 connections to the database, which takes 59 in all") || !strings.Contains(p.Warnings[0], "max_connections to 60") {
		t.Errorf("the warnings are %q", p.Warnings)
	}
	b.desired.Database.Connections++
	if p := b.prepare(t); len(p.Warnings) != 0 {
		t.Errorf("the warnings are %q", p.Warnings)
	}
}

// From 10.3 on, Grafana calls its Postgres by another name.
func TestTheOtherNameOfPostgresIsTheSame(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-aldermoor")
	b.Rename(org, "citygauge-postgres", "grafana-postgresql-datasource")
	b.matches(t)
}

// What a file provisions is not written by the API.
func TestFilesAreNotOverwritten(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-aldermoor")
	b.Must(t, "PUT", "api/datasources/uid/citygauge-postgres", org, map[string]any{"uid": "citygauge-postgres", "name": "citygauge", "type": "postgres", "readOnly": true})
	if err := b.prepare(t).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "Cannot update read-only data source") {
		t.Errorf("the error is %v", err)
	}
}
