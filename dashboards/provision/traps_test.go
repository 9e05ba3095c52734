package provision_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/dashboards/provision"
	"github.com/citygauge/citygauge/internal/programme"
)

// Without the header, Grafana takes the organisation that the user looked at
// last; numbers of data sources are gone in Grafana 13; and what is in a path
// is not escaped.
func TestRequestsAreUnambiguous(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	b.desired.Cities = b.desired.Cities[:1]
	b.opts.Prune = true
	b.apply(t)
	plain := regexp.MustCompile(`^/[A-Za-z0-9/_-]+$`)
	for _, r := range b.Requests() {
		if r.Org == "" {
			t.Errorf("%s %s names no organisation", r.Method, r.Path)
		}
		if !plain.MatchString(r.Path) || regexp.MustCompile(`^/api/datasources/\d`).MatchString(r.Path) {
			t.Errorf("the path of %s %s may be misread", r.Method, r.Path)
		}
	}
	b.desired.Cities = append(b.desired.Cities, programme.City{ID: "x/../../admin"})
	if _, err := provision.Prepare(t.Context(), b.server(), b.desired, b.opts); err == nil || !strings.Contains(err.Error(), "no slug") {
		t.Errorf("a city that is no slug: %v", err)
	}
	if r := b.Requests(); len(r) != 0 {
		t.Errorf("it was asked for: %v", r)
	}
}

// Grafana gives everybody who is made in an organisation the role it is
// configured with.
func TestViewersAreViewersWhateverGrafanaGives(t *testing.T) {
	b := newBench(t)
	b.AutoAssignRole = "Editor"
	b.apply(t)
	if got := b.list(t, "api/orgs/"+number(b.org(t, "citygauge-aldermoor"))+"/users", 1, "login", "role"); !slices.Equal(got, []string{"admin Admin", "citygauge-1 Viewer", "citygauge-2 Viewer"}) {
		t.Errorf("members are %q", got)
	}
	b.matches(t)
}

// Whoever makes an organisation is its administrator, and nobody else.
func TestApplyJoinsOrganisations(t *testing.T) {
	b := newBench(t)
	b.Organisation("citygauge-aldermoor")
	p := b.prepare(t)
	if !slices.ContainsFunc(p.Changes, func(c provision.Change) bool { return c.String() == "+ citygauge-aldermoor: member admin" }) || len(p.Warnings) != 1 {
		t.Errorf("the plan is %v, %v", p.Changes, p.Warnings)
	}
	b.apply(t)
	b.matches(t)
}

// The client asks for the first page of organisations alone.
func TestPruneSeesEveryPage(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	for n := range 230 {
		b.Organisation(fmt.Sprintf("somebody else's %d", n))
	}
	b.Organisation("citygauge-gone")
	b.opts.Prune = true
	b.apply(t)
	if status, _ := b.Do(t, "GET", "api/orgs/name/citygauge-gone", 1, nil); status != http.StatusNotFound {
		t.Error("an organisation on the third page was not seen")
	}
}

func (b *bench) count(method, path string) (n int) {
	for _, r := range b.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

// The client would send a request again whatever it did.
func TestRepeatsOnlyWhatMayBe(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		status             int
		again              bool
	}{
		{"reading, while Grafana starts", "GET", "/api/orgs", http.StatusServiceUnavailable, true},
		{"reading, while its database is locked", "GET", "/api/users", http.StatusInternalServerError, true},
		{"reading, without the right", "GET", "/api/users", http.StatusForbidden, false},
		{"making, without the right", "POST", "/api/orgs", http.StatusForbidden, false},
		{"making, that was not done", "POST", "/api/orgs", http.StatusTooManyRequests, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.desired.Cities, b.desired.Accounts = nil, nil
			failures := 2
			b.Fail(func(r *http.Request) int {
				if r.Method == c.method && r.URL.Path == c.path && failures > 0 {
					failures--
					return c.status
				}
				return 0
			})
			p, err := provision.Prepare(t.Context(), b.server(), b.desired, b.opts)
			if err == nil {
				err = p.Apply(t.Context())
			}
			if c.again != (err == nil) {
				t.Errorf("the error is %v", err)
			}
			if e, ok := errors.AsType[*provision.StatusError](err); !c.again && (!ok || e.Status != c.status) {
				t.Errorf("the error is %v, without the status", err)
			}
			if n := b.count(c.method, c.path); !c.again && n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}

// The first data source that is made must not become the one that an
// organisation asks unless it is told which: that is somebody's choice.
func TestTheDefaultIsSomebodysChoice(t *testing.T) {
	b := newBench(t)
	org := int64(b.Must(t, "POST", "api/orgs", 1, map[string]any{"name": "citygauge-aldermoor"})["orgId"].(float64))
	b.Must(t, "POST", "api/datasources", org, map[string]any{"uid": "theirs", "name": "theirs", "type": "loki", "isDefault": true})
	b.apply(t)
	if got := b.list(t, "api/datasources", org, "name", "isDefault"); !slices.Equal(got, []string{"citygauge false", "theirs true"}) {
		t.Errorf("data sources are %q", got)
	}
}

// A redirect would have a POST become a GET.
func TestErrorsSayWhatToDo(t *testing.T) {
	away := httptest.NewServer(http.RedirectHandler("https://elsewhere.example/grafana/", http.StatusMovedPermanently))
	defer away.Close()
	for _, c := range []struct {
		name   string
		change func(*provision.Server)
		want   string
	}{
		{"a wrong password", func(s *provision.Server) { s.Password = "no" }, "Grafana answered GET /grafana/api/orgs with 401: invalid username or password: make sure of --grafana-user"},
		{"not there", func(s *provision.Server) { s.URL = "http://127.0.0.1:1/" }, "make sure that it runs, and that --grafana-url is right"},
		{"elsewhere", func(s *provision.Server) { s.URL = away.URL }, "redirects to https://elsewhere.example/grafana/: give the address"},
		{"without its path", func(s *provision.Server) { s.URL = strings.TrimSuffix(s.URL, "grafana/") }, "with 404"},
		{"a password in the address", func(s *provision.Server) { s.URL = "http://a:geheim@127.0.0.1/" }, "must not have a user or password in it"},
		{"no address", func(s *provision.Server) { s.URL = "grafana" }, "must be a URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			s := b.server()
			c.change(&s)
			_, err := provision.Prepare(t.Context(), s, b.desired, b.opts)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "secret") {
				t.Errorf("the error is %v, want %s", err, c.want)
			}
			// After five, Grafana lets nobody of that name in for five minutes.
			if n := len(b.Requests()); n > 1 {
				t.Errorf("it was asked %d times", n)
			}
		})
	}
}

// Asked to overwrite, Grafana writes over the dashboard that has the title,
// whoever made it.
func TestNeverWritesOverAnothersDashboard(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-aldermoor")
	b.Must(t, "DELETE", "api/dashboards/uid/citygauge-city", org, nil)
	b.Must(t, "POST", "api/dashboards/db", org, map[string]any{"dashboard": map[string]any{"uid": "theirs", "title": "city", "panels": []any{}}, "folderUid": "citygauge"})
	err := b.prepare(t).Apply(t.Context())
	if err == nil || !strings.Contains(err.Error(), "did not make is in the folder citygauge and is called city") || !strings.Contains(err.Error(), "rename or move it") {
		t.Errorf("the error is %v", err)
	}
	d := b.Must(t, "GET", "api/dashboards/uid/theirs", org, nil)["dashboard"].(map[string]any)
	if len(d["panels"].([]any)) != 0 {
		t.Errorf("the other's dashboard is %v", d)
	}
}

// By an e-mail address, Grafana's auth proxy takes the user who has it for the
// same person, the server administrator too, and renames them.
func TestNobodyIsTakenForTheAdministrator(t *testing.T) {
	b := newBench(t)
	b.desired.Accounts[0].Name = "admin@localhost"
	b.apply(t)
	for _, u := range b.list(t, "api/users", 1, "login", "email") {
		login, email, _ := strings.Cut(u, " ")
		if login != "admin" && (strings.Contains(login, "@") || strings.Contains(email, "@")) {
			t.Errorf("somebody is known by an address: %s", u)
		}
	}
}

// To Grafana, an address is taken that looks like none.
func TestALoginThatIsAnothersAddress(t *testing.T) {
	b := newBench(t)
	b.Must(t, "POST", "api/admin/users", 1, map[string]any{"login": "olga", "email": "citygauge-1", "password": "long enough"})
	if err := b.prepare(t).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "citygauge-1 could not be made: perhaps somebody else's has this as e-mail address") {
		t.Errorf("the error is %v", err)
	}
	for _, name := range []string{"citygauge-aldermoor", "citygauge-brightwater"} {
		if got := b.list(t, "api/orgs/"+number(b.org(t, name))+"/users", 1, "login"); slices.Contains(got, "olga") {
			t.Errorf("members of %s are %q", name, got)
		}
	}
}

// One who cannot be let in keeps nobody else in, and nothing from being made.
func TestWhoCannotJoinIsInNobodysWay(t *testing.T) {
	b := newBench(t)
	mayor := b.desired.Accounts[0]
	b.desired.Accounts = b.desired.Accounts[1:]
	b.apply(t)
	b.Must(t, "POST", "api/admin/users", 1, map[string]any{"login": "olga", "email": "citygauge-1", "password": "long enough"})
	org := b.org(t, "citygauge-aldermoor")
	b.Must(t, "DELETE", "api/datasources/name/citygauge", org, nil)
	b.desired.Accounts[0].Cities = []string{"brightwater"}
	b.desired.Accounts = append(b.desired.Accounts, mayor)
	if err := b.prepare(t).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "citygauge-1 could not be made") {
		t.Errorf("the error is %v", err)
	}
	if got := b.list(t, "api/orgs/"+number(org)+"/users", 1, "login"); !slices.Equal(got, []string{"admin"}) {
		t.Errorf("members are %q", got)
	}
	if got := b.list(t, "api/datasources", org, "name"); !slices.Equal(got, []string{"citygauge"}) {
		t.Errorf("data sources are %q", got)
	}
}
