package provision_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/citygauge/citygauge/dashboards/provision"
)

// What could not be done is done by the next run, and one organisation's
// failure is no other's.
func TestApplyGoesOn(t *testing.T) {
	b := newBench(t)
	at := number(b.Organisation("citygauge-aldermoor")) // so that its number is known
	b.Fail(func(r *http.Request) int {
		if r.URL.Path == "/api/dashboards/db" && r.Header.Get("X-Grafana-Org-Id") == at {
			return http.StatusInternalServerError
		}
		return 0
	})
	err := b.prepare(t).Apply(t.Context())
	if e, ok := errors.AsType[*provision.StatusError](err); !ok || e.Status != http.StatusInternalServerError || !strings.Contains(err.Error(), "organisation citygauge-aldermoor: ") {
		t.Fatalf("the error is %v", err)
	}
	b.Fail(nil)
	plan := b.prepare(t).Plan
	for _, c := range plan.Changes {
		if c.Organisation != "citygauge-aldermoor" || c.Kind == provision.DataSource {
			t.Errorf("after the failure there is still: %s", c)
		}
	}
	if plan.Empty() {
		t.Error("after the failure there is nothing to do")
	}
	b.apply(t)
	b.matches(t)
}

// lossy loses the answer to the first request that makes something at a path.
type lossy struct {
	path *regexp.Regexp
	lost atomic.Bool
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && r.Method == http.MethodPost && l.path.MatchString(r.URL.Path) && l.lost.CompareAndSwap(false, true) {
		response.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return response, err
}

// What was done although its answer was lost is not done twice, and the run goes
// on.
func TestApplyGoesOnWhereAnAnswerIsLost(t *testing.T) {
	for _, path := range []string{"/api/orgs$", "/api/admin/users$", "/api/orgs/[0-9]+/users$", "/api/datasources$", "/api/folders$", "/api/dashboards/db$"} {
		t.Run(path, func(t *testing.T) {
			b := newBench(t)
			s, line := b.server(), &lossy{path: regexp.MustCompile(path)}
			s.Transport = line
			p, err := provision.Prepare(t.Context(), s, b.desired, b.opts)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Apply(t.Context()); err != nil || !line.lost.Load() {
				t.Errorf("an answer was lost: %t; the error is %v", line.lost.Load(), err)
			}
			b.matches(t)
			b.inStep(t)
		})
	}
}

// What is interrupted says so once, not of each thing that was not done then.
func TestEndsWithItsContext(t *testing.T) {
	asked := errors.New("asked to end")
	for _, c := range []struct{ name, path string }{
		{"before anything is known", "/api/orgs"},
		{"while it reads", "/api/datasources"},
		{"while it reads users", "/api/users"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.apply(t)
			b.Requests()
			ctx, cancel := context.WithCancelCause(t.Context())
			b.Fail(func(r *http.Request) int {
				if r.URL.Path != c.path {
					return 0
				}
				cancel(asked)
				return http.StatusServiceUnavailable
			})
			if _, err := provision.Prepare(ctx, b.server(), b.desired, b.opts); err != asked { //nolint:errorlint // nothing but that
				t.Errorf("the error is %v", err)
			}
			if n := b.count(http.MethodGet, c.path); n > b.opts.Concurrency {
				t.Errorf("after its end it was asked for %d more", n-1)
			}
		})
	}
	t.Run("while it makes", func(t *testing.T) {
		b := newBench(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		b.Fail(func(r *http.Request) int {
			if r.Method == http.MethodPost {
				cancel(asked)
			}
			return 0
		})
		if err := b.prepare(t).Apply(ctx); err != asked { //nolint:errorlint // nothing but that
			t.Errorf("the error is %v", err)
		}
	})
}

// The client knows no context: what is under way must end with it, too.
func TestRequestsUnderWayEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	away := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		close(ended)
	}))
	defer away.Close()
	b := newBench(t)
	b.desired.Cities, b.desired.Accounts = nil, nil
	s := b.server()
	s.URL = away.URL
	if _, err := provision.Prepare(ctx, s, b.desired, b.opts); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	<-ended
}
