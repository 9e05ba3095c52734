package provision_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/dashboards/provision"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/declare"
	"github.com/citygauge/citygauge/internal/testgolden"
)

func TestApplyTwiceIsApplyOnce(t *testing.T) {
	b := newBench(t)
	plan := b.apply(t)
	var text bytes.Buffer
	if err := plan.Write(&text); err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/plan_new.golden.txt", text.String())
	b.Requests()
	again := b.apply(t)
	if !again.Empty() || len(again.Changes) != 0 || len(again.Warnings) != 0 {
		t.Errorf("the second plan has %v, %v", again.Changes, again.Warnings)
	}
	if again.State != plan.State || !strings.HasPrefix(plan.State, "sha256:") {
		t.Errorf("the same is wanted as %s and then as %s", plan.State, again.State)
	}
	for _, r := range b.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("the second run asked for %s %s", r.Method, r.Path)
		}
	}
}

// What people see: each organisation has its own data source, and nobody is in
// one of a city that is not theirs.
func TestAccessIsByOrganisation(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	for _, c := range []struct {
		name, home, timezone string
		sources, users       []string
		dashboards           []string
	}{
		{
			"citygauge-aldermoor", "citygauge-city", "Europe/London",
			[]string{"citygauge citygauge_city_aldermoor"},
			[]string{"admin Admin", "citygauge-1 Viewer", "citygauge-2 Viewer"},
			[]string{"citygauge-city", "citygauge-health", "citygauge-indicator"},
		},
		{
			"citygauge-brightwater", "citygauge-city", "utc",
			[]string{"citygauge citygauge_city_brightwater"},
			[]string{"admin Admin", "citygauge-2 Viewer"},
			[]string{"citygauge-city", "citygauge-health", "citygauge-indicator"},
		},
		{
			"citygauge_faculty", "citygauge-cohort", "utc",
			[]string{"citygauge citygauge_faculty", "citygauge-prometheus "},
			[]string{"admin Admin", "citygauge-3 Viewer", "citygauge-4 Editor"},
			[]string{"citygauge-city", "citygauge-cohort", "citygauge-health", "citygauge-indicator", "citygauge-operations"},
		},
		{"Main%20Org.", "", "", nil, []string{"admin Admin"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := b.org(t, c.name)
			p := b.Must(t, "GET", "api/org/preferences", id, nil)
			if home, _ := p["homeDashboardUID"].(string); home != c.home || p["timezone"] != c.timezone {
				t.Errorf("the home is %s, the timezone %s", home, p["timezone"])
			}
			if got := b.list(t, "api/datasources", id, "name", "user"); !slices.Equal(got, c.sources) {
				t.Errorf("data sources are %q", got)
			}
			if got := b.list(t, "api/search", id, "uid"); !slices.Equal(got, c.dashboards) {
				t.Errorf("dashboards are %q", got)
			}
			if got := b.list(t, "api/orgs/"+number(id)+"/users", 1, "login", "role"); !slices.Equal(got, c.users) {
				t.Errorf("members are %q", got)
			}
		})
	}
}

// Whatever somebody did to our things is put back.
func TestApplyPutsBack(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, b *bench, org int64)
		want string // how a change begins
	}{
		{"a deleted dashboard", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "DELETE", "api/dashboards/uid/citygauge-health", org, nil)
		}, "+ citygauge-aldermoor: dashboard citygauge-health"},
		{"the deleted home, which Grafana knows by a number", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "DELETE", "api/dashboards/uid/citygauge-city", org, nil)
		}, "+ citygauge-aldermoor: dashboard citygauge-city"},
		{"an edited dashboard", func(t *testing.T, b *bench, org int64) {
			d := b.Must(t, "GET", "api/dashboards/uid/citygauge-city", org, nil)["dashboard"].(map[string]any)
			d["panels"].([]any)[0].(map[string]any)["title"] = "Two"
			b.Must(t, "POST", "api/dashboards/db", org, map[string]any{"dashboard": d, "folderUid": "citygauge"})
		}, "~ citygauge-aldermoor: dashboard citygauge-city  panels.0.title: Two -> One"},
		{"a dashboard with a panel more", func(t *testing.T, b *bench, org int64) {
			d := b.Must(t, "GET", "api/dashboards/uid/citygauge-city", org, nil)["dashboard"].(map[string]any)
			d["panels"] = append(d["panels"].([]any), map[string]any{"title": "More"})
			b.Must(t, "POST", "api/dashboards/db", org, map[string]any{"dashboard": d, "folderUid": "citygauge"})
		}, "~ citygauge-aldermoor: dashboard citygauge-city  panels: 2 entries -> 1 entries"},
		{"a moved dashboard", func(t *testing.T, b *bench, org int64) {
			d := b.Must(t, "GET", "api/dashboards/uid/citygauge-city", org, nil)["dashboard"]
			b.Must(t, "POST", "api/dashboards/db", org, map[string]any{"dashboard": d})
		}, "~ citygauge-aldermoor: dashboard citygauge-city  folder: none -> citygauge"},
		{"a renamed folder", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "PUT", "api/folders/citygauge", org, map[string]any{"title": "Mine", "overwrite": true})
		}, "~ citygauge-aldermoor: folder citygauge  title: Mine -> citygauge"},
		{"a data source of another city", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "PUT", "api/datasources/uid/citygauge-postgres", org, map[string]any{
				"uid": "citygauge-postgres", "name": "citygauge", "type": "postgres", "access": "proxy", "user": "citygauge_city_brightwater", "url": "db:5432",
			})
		}, "~ citygauge-aldermoor: data source citygauge  database: none -> citygauge, password: the one so far -> a new one, "},
		{"a deleted data source", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "DELETE", "api/datasources/name/citygauge", org, nil)
		}, "+ citygauge-aldermoor: data source citygauge"},
		{"preferences", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "PATCH", "api/org/preferences", org, map[string]any{"timezone": "browser"})
		}, "~ citygauge-aldermoor: preferences of the organisation  timezone: browser -> Europe/London"},
		{"a viewer who became an editor", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "PATCH", "api/orgs/"+number(org)+"/users/"+b.userID(t, "citygauge-1"), 1, map[string]any{"role": "Editor"})
		}, "~ citygauge-aldermoor: member citygauge-1  role: Editor -> Viewer"},
		{"a member who left", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "DELETE", "api/orgs/"+number(org)+"/users/"+b.userID(t, "citygauge-1"), 1, nil)
		}, "+ citygauge-aldermoor: member citygauge-1"},
		{"a user who became the server's administrator", func(t *testing.T, b *bench, _ int64) {
			b.Must(t, "PUT", "api/admin/users/"+b.userID(t, "citygauge-1")+"/permissions", 1, map[string]any{"isGrafanaAdmin": true})
		}, "~ user citygauge-1  server administrator: true -> false"},
		{"a deleted organisation", func(t *testing.T, b *bench, org int64) {
			b.Must(t, "DELETE", "api/orgs/"+number(org), 1, nil)
		}, "+ organisation citygauge-aldermoor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.apply(t)
			c.do(t, b, b.org(t, "citygauge-aldermoor"))
			plan := b.apply(t)
			if !slices.ContainsFunc(plan.Changes, func(change provision.Change) bool { return strings.HasPrefix(change.String(), c.want) }) {
				t.Errorf("the plan is %v, want %s", plan.Changes, c.want)
			}
			b.matches(t)
		})
	}
}

// What somebody else made is as it was.
func TestApplyLeavesOthersAlone(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-aldermoor")
	b.Must(t, "POST", "api/folders", org, map[string]any{"uid": "theirs", "title": "Theirs"})
	for _, d := range []map[string]any{
		{"dashboard": map[string]any{"uid": "theirs", "title": "city"}, "folderUid": "theirs"},
		{"dashboard": map[string]any{"uid": "inours", "title": "Mine"}, "folderUid": "citygauge"},
		{"dashboard": map[string]any{"uid": "atroot", "title": "city"}},
		{"dashboard": map[string]any{"uid": "citygauge-theirs", "title": "Like ours"}, "folderUid": "theirs"},
	} {
		b.Must(t, "POST", "api/dashboards/db", org, d)
	}
	b.Must(t, "POST", "api/datasources", org, map[string]any{"uid": "theirs", "name": "theirs", "type": "loki", "isDefault": true})
	b.Must(t, "POST", "api/admin/users", 1, map[string]any{"login": "olga", "password": "long enough", "orgId": org})
	b.Must(t, "PATCH", "api/org/preferences", org, map[string]any{"theme": "light", "navbar": map[string]any{"savedItems": []any{map[string]any{"id": "x"}}}})
	// So that there is something to do.
	b.Must(t, "DELETE", "api/dashboards/uid/citygauge-city", org, nil)
	b.desired.Database.Host = "db2:5432"
	b.opts.Prune = true
	plan := b.apply(t)
	if got := b.list(t, "api/search", org, "uid"); !slices.Contains(got, "theirs") || !slices.Contains(got, "inours") || !slices.Contains(got, "atroot") || !slices.Contains(got, "citygauge-theirs") {
		t.Errorf("dashboards are %q", got)
	}
	if got := b.list(t, "api/datasources", org, "name", "isDefault"); !slices.Equal(got, []string{"citygauge false", "theirs true"}) {
		t.Errorf("data sources are %q", got)
	}
	if got := b.list(t, "api/orgs/"+number(org)+"/users", 1, "login", "role"); !slices.Contains(got, "olga Viewer") {
		t.Errorf("members are %q", got)
	}
	p := b.Must(t, "GET", "api/org/preferences", org, nil)
	if items := p["navbar"].(map[string]any)["savedItems"]; p["theme"] != "light" || items == nil {
		t.Errorf("preferences are %v", p)
	}
	warnings := strings.Join(plan.Warnings, "\n")
	for _, want := range []string{`did not make the data source "theirs"`, "olga is in it"} {
		if !strings.Contains(warnings, want) {
			t.Errorf("the warnings are %q, without %q", warnings, want)
		}
	}
}

// An account that may no longer see a city is out at once; without --prune,
// nothing else goes.
func TestAccessEndsAtOnce(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	b.desired.Accounts[0].Disabled = true
	b.desired.Accounts[1].Cities = []string{"brightwater"}
	b.desired.Accounts[3].Role = account.Faculty
	plan := b.apply(t)
	if got := b.list(t, "api/orgs/"+number(b.org(t, "citygauge-aldermoor"))+"/users", 1, "login"); !slices.Equal(got, []string{"admin"}) {
		t.Errorf("members are %q", got)
	}
	if got := b.list(t, "api/orgs/"+number(b.org(t, "citygauge_faculty"))+"/users", 1, "login", "role"); !slices.Contains(got, "citygauge-4 Viewer") {
		t.Errorf("members are %q", got)
	}
	if !slices.ContainsFunc(plan.Changes, func(c provision.Change) bool {
		return c.Kind == provision.User && c.Name == "citygauge-1" && c.Action == declare.Keep
	}) {
		t.Errorf("the plan is %v", plan.Changes)
	}
	b.userID(t, "citygauge-1")
	b.matches(t)
}

// Somebody else's things that are in the way keep nobody in who may not see the
// city.
func TestAccessEndsWhateverIsInTheWay(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-aldermoor")
	b.Must(t, "DELETE", "api/datasources/name/citygauge", org, nil)
	b.Must(t, "POST", "api/datasources", org, map[string]any{"uid": "theirs", "name": "citygauge", "type": "loki"})
	b.desired.Accounts[1].Cities = []string{"brightwater"}
	if err := b.prepare(t).Apply(t.Context()); err == nil || !strings.Contains(err.Error(), "rename or move it") {
		t.Errorf("the error is %v", err)
	}
	if got := b.list(t, "api/orgs/"+number(org)+"/users", 1, "login"); !slices.Equal(got, []string{"admin", "citygauge-1"}) {
		t.Errorf("members are %q", got)
	}
}

func TestPrune(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	faculty := b.org(t, "citygauge_faculty")
	b.Must(t, "POST", "api/orgs", 1, map[string]any{"name": "citygauge-notours_"}) // no slug
	b.desired.Cities, b.desired.Prometheus = b.desired.Cities[:1], ""
	b.desired.Accounts[1].Cities = []string{"aldermoor"}
	b.desired.Accounts[3].Disabled = true
	var text bytes.Buffer
	if err := b.apply(t).Write(&text); err != nil {
		t.Fatal(err)
	}
	b.org(t, "citygauge-brightwater")
	b.opts.Prune = true
	text.WriteString("\n--- with --prune\n")
	if err := b.apply(t).Write(&text); err != nil {
		t.Fatal(err)
	}
	testgolden.Check(t, "testdata/plan_prune.golden.txt", text.String())
	if status, _ := b.Do(t, "GET", "api/orgs/name/citygauge-brightwater", 1, nil); status != http.StatusNotFound {
		t.Error("the organisation of the city that is gone is still there")
	}
	b.org(t, "citygauge-notours_")
	if got := b.list(t, "api/search", faculty, "uid"); slices.Contains(got, "citygauge-operations") {
		t.Errorf("dashboards are %q", got)
	}
	b.matches(t)
}

// An organisation whose city is gone stays where somebody else has something
// in it, without what lets anybody see the city.
func TestPruneKeepsWhatOthersMade(t *testing.T) {
	b := newBench(t)
	b.apply(t)
	org := b.org(t, "citygauge-brightwater")
	b.Must(t, "POST", "api/dashboards/db", org, map[string]any{"dashboard": map[string]any{"uid": "theirs", "title": "Theirs"}, "folderUid": "citygauge"})
	b.desired.Cities = b.desired.Cities[:1]
	b.opts.Prune = true
	plan := b.apply(t)
	if got := b.list(t, "api/search", org, "uid"); !slices.Equal(got, []string{"theirs"}) {
		t.Errorf("dashboards are %q", got)
	}
	if got := b.list(t, "api/datasources", org, "name"); len(got) != 0 {
		t.Errorf("data sources are %q", got)
	}
	if got := b.list(t, "api/orgs/"+number(org)+"/users", 1, "login"); !slices.Equal(got, []string{"admin"}) {
		t.Errorf("members are %q", got)
	}
	if !slices.ContainsFunc(plan.Warnings, func(w string) bool { return strings.HasPrefix(w, "citygauge-brightwater: kept") }) {
		t.Errorf("the warnings are %q", plan.Warnings)
	}
}
