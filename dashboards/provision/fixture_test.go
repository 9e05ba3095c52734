package provision_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/cenkalti/backoff/v5"
	"go.uber.org/goleak"

	"github.com/citygauge/citygauge/dashboards/provision"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testgrafana"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a Grafana, a Postgres of which only the logins are, and what is
// wanted of both.
type bench struct {
	*testgrafana.Grafana
	desired provision.Desired
	opts    provision.Options

	mu     sync.Mutex
	given  map[string]string // passwords by city
	refuse bool
}

// newBench is a programme of two cities with a mayor, an aide of both, faculty
// and an admin.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{Grafana: testgrafana.New(t), given: map[string]string{}}
	b.desired = provision.Desired{
		Names: "citygauge",
		Cities: []programme.City{
			{ID: "aldermoor", Name: "Aldermoor / Über", Timezone: "Europe/London"},
			{ID: "brightwater", Name: "Brightwater"},
		},
		Accounts: []account.Account{
			{ID: 1, Name: "max@example.org", Role: account.Mayor, Cities: []string{"aldermoor"}},
			{ID: 2, Name: "ana@example.org", Title: "Ana B.", Role: account.Aide, Cities: []string{"aldermoor", "brightwater"}},
			{ID: 3, Name: "fay@example.org", Role: account.Faculty},
			{ID: 4, Name: "ada@example.org", Role: account.Admin},
		},
		Faculty:    provision.Login{Role: "citygauge_faculty", Database: "citygauge", Connections: -1},
		Logins:     map[string]provision.Login{},
		Database:   provision.Database{Host: "db:5432", SSLMode: "require"},
		Prometheus: "http://prometheus:9090",
		Dashboards: fstest.MapFS{},
	}
	for _, name := range []string{"city", "cohort", "indicator", "health", "operations"} {
		text := fmt.Sprintf(`{"uid": "citygauge-%s", "title": "%s", "panels": [{"title": "One", "span": 3}]}`, name, name)
		b.desired.Dashboards.(fstest.MapFS)[name+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range b.desired.Cities {
		b.desired.Logins[c.ID] = provision.Login{Role: "citygauge_city_" + c.ID, Database: "citygauge", Connections: 10}
	}
	b.opts = provision.Options{Concurrency: 3, Passwords: b.passwords}
	return b
}

// passwords gives a login a password, as Postgres does; its fingerprint is
// known from then on.
func (b *bench) passwords(_ context.Context, city, password string) (provision.Login, error) {
	if !b.mu.TryLock() {
		return provision.Login{}, errors.New("tuple concurrently updated")
	}
	defer b.mu.Unlock()
	for range 1000 { // as long as another one could come in between
		runtime.Gosched()
	}
	if b.refuse {
		return provision.Login{}, errors.New("the database is away")
	}
	b.given[city] = password
	l := b.desired.Faculty
	if city != "" {
		l = b.desired.Logins[city]
	}
	l.Fingerprint = "of " + password
	if city == "" {
		b.desired.Faculty = l
	} else {
		b.desired.Logins[city] = l
	}
	return l, nil
}

func (b *bench) server() provision.Server {
	return provision.Server{URL: b.URL, User: testgrafana.User, Password: testgrafana.Password, Wait: func() backoff.BackOff { return &backoff.ZeroBackOff{} }}
}

func (b *bench) prepare(t *testing.T) *provision.Prepared {
	t.Helper()
	desired := b.desired
	desired.Logins = maps.Clone(desired.Logins)
	p, err := provision.Prepare(t.Context(), b.server(), desired, b.opts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// apply applies what is wanted, and gives the plan.
func (b *bench) apply(t *testing.T) provision.Plan {
	t.Helper()
	p := b.prepare(t)
	if err := p.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p.Plan
}

// matches makes sure that there is nothing left to do.
func (b *bench) matches(t *testing.T) {
	t.Helper()
	if p := b.prepare(t); !p.Empty() {
		t.Errorf("there is still to do: %v", p.Changes)
	}
}

// org is an organisation's number.
func (b *bench) org(t *testing.T, name string) int64 {
	t.Helper()
	return int64(b.Must(t, "GET", "api/orgs/name/"+name, 1, nil)["id"].(float64))
}
