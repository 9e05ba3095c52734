package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// TestEveryRouteForEveryRole walks every route as everybody, and states every
// answer. The mayor and the aide are Riverton's; faculty and the admin see every
// city. {own} is an upload of Riverton, {other} one of Lakeside.
func TestEveryRouteForEveryRole(t *testing.T) {
	i := install(t)
	// Nobody, and then mayor, aide, faculty and admin, each with a token that is
	// good, only reads, has expired, was revoked.
	const (
		gone = " | 401 401 401 401 | 401 401 401 401"
		all  = "401 | 200 200 200 200 | 200 200 200 200" + gone
		own  = "401 | 200 200 200 200 | 200 200 200 200" + gone
		seen = "401 | 404 404 200 200 | 404 404 200 200" + gone // another's city
		none = "401 | 404 404 404 404 | 404 404 404 404" + gone
	)
	everything := []struct{ route, want string }{
		{"GET /openapi.json", "200 | 200 200 200 200 | 200 200 200 200 | 200 200 200 200 | 200 200 200 200"},
		{"GET /cities", all},
		{"GET /cities?city=riverton", own},
		{"GET /cities?city=lakeside", seen},
		{"GET /cities?city=nowhere", none},
		{"GET /indicators", all},
		{"GET /indicators?city=riverton", own},
		{"GET /indicators?city=lakeside", seen},
		{"GET /indicators?city=nowhere", none},
		{"GET /observations", all},
		{"GET /observations?city=riverton", own},
		{"GET /observations?city=lakeside", seen},
		{"GET /observations?city=nowhere", none},
		{"GET /assessments", all},
		{"GET /assessments?city=riverton", own},
		{"GET /assessments?city=lakeside", seen},
		{"GET /assessments?city=nowhere", none},
		{"GET /uploads", all},
		{"GET /uploads?city=riverton", own},
		{"GET /uploads?city=lakeside", seen},
		{"GET /uploads?city=nowhere", none},
		{"GET /uploads/{own}", own},
		{"GET /uploads/{other}", seen},
		{"GET /uploads/999", none},
		{"GET /uploads/{own}/file", own},
		{"GET /uploads/{other}/file", seen},
		{"GET /uploads/999/file", none},
		{"GET /uploads/{own}/problems", own},
		{"GET /uploads/{other}/problems", seen},
		{"GET /uploads/999/problems", none},
		{"POST /uploads", "401 | 403 201 403 422 | 403 403 403 403" + gone}, // the file names no city, and an admin has two
		{"POST /uploads?city=riverton", "401 | 403 201 403 201 | 403 403 403 403" + gone},
		{"POST /uploads?city=lakeside", "401 | 404 404 403 201 | 404 404 403 403" + gone},
		{"POST /uploads?city=nowhere", none},
		{"POST /uploads?city=riverton&dry_run=true", "401 | 403 200 403 200 | 403 403 403 403" + gone},
		{"POST /uploads?city=lakeside&dry_run=true", "401 | 404 404 403 200 | 404 404 403 403" + gone},
		{"POST /uploads/commit {own}", "401 | 403 404 403 404 | 403 403 403 403" + gone}, // of a preview of somebody else
		{"POST /uploads/commit {other}", "401 | 403 404 403 404 | 403 403 403 403" + gone},
		{"POST /uploads/{own}/revert", "401 | 403 201 403 409 | 403 403 403 403" + gone}, // the aide was faster
		{"POST /uploads/{other}/revert", "401 | 404 404 403 201 | 404 404 403 403" + gone},
		{"POST /uploads/999/revert", none},
	}
	var walked []string
	for _, c := range everything {
		route, _, _ := strings.Cut(c.route, "?")
		walked = append(walked, route)
		t.Run(c.route, func(t *testing.T) {
			if diff := cmp.Diff(c.want, i.walk(t, c.route)); diff != "" {
				t.Errorf("nobody | mayor aide faculty admin | who only read | whose tokens expired | were revoked (-want +got):\n%s", diff)
			}
		})
	}
	for _, route := range i.api.Routes() {
		like := strings.NewReplacer("{id}", "999").Replace(route)
		if !slices.ContainsFunc(walked, func(w string) bool { return w == like || strings.HasPrefix(w, like+" ") }) {
			t.Errorf("%s is not in the table", route)
		}
	}
	if strings.Contains(i.log.String(), "level=ERROR") {
		t.Error(i.log)
	}
}

// walk asks for a route as everybody in turn.
func (i *installation) walk(t *testing.T, route string) string {
	own := i.take(t, "both@example.org", upload.Scope{riverton}, "indicator,period,value\nheating,2026-Q3,"+i.another()+"\n")
	other := i.take(t, "both@example.org", upload.Scope{lakeside}, "indicator,period,value\nheating,2026-Q3,"+i.another()+"\n")
	method, path, _ := strings.Cut(route, " ")
	body := file
	if path, whose, commit := strings.Cut(path, " "); commit {
		body = fmt.Sprintf(`{"token": %q}`, i.preview(t, map[string]string{"{own}": riverton, "{other}": lakeside}[whose]))
		return i.everybody(t, method, path, "application/json", body)
	}
	path = strings.NewReplacer("{own}", strconv.FormatInt(own, 10), "{other}", strconv.FormatInt(other, 10)).Replace(path)
	return i.everybody(t, method, path, "text/csv", body)
}

func (i *installation) everybody(t *testing.T, method, path, kind, body string) string {
	var got strings.Builder
	ask := func(name string) {
		var a answer
		if method == http.MethodGet {
			a = i.as(t, name).get(t, path)
		} else {
			a = i.as(t, name).post(t, path, kind, body)
		}
		fmt.Fprintf(&got, "%d", a.StatusCode)
	}
	ask("")
	for _, token := range []string{"", " reads", " expired", " revoked"} {
		got.WriteString(" |")
		for _, role := range account.Roles() {
			got.WriteString(" ")
			ask(string(role) + token)
		}
	}
	return got.String()
}

// preview is the token of a preview of a city by somebody of both.
func (i *installation) preview(t *testing.T, city string) string {
	t.Helper()
	var report upload.Report
	a := i.as(t, "both").post(t, "/uploads?dry_run=true&city="+city, "text/csv", file)
	a.json(t, &report)
	if report.Token == "" {
		t.Fatal(a)
	}
	return report.Token
}

// another is a value that was not sent before.
func (i *installation) another() string {
	i.sent++
	return strconv.Itoa(i.sent)
}

// A token that is narrowed to a city is good for that city alone, whatever its
// account may.
func TestNarrowedToken(t *testing.T) {
	i := install(t)
	admin, err := i.accounts.Named(t.Context(), "admin@example.org")
	if err != nil {
		t.Fatal(err)
	}
	i.tokens["narrowed"] = i.token(t, admin.ID, account.NewToken{Title: "test", Days: 1, Cities: []string{riverton}})
	for _, c := range []struct {
		route string
		want  int
	}{
		{"GET /observations?city=riverton", 200},
		{"GET /observations?city=lakeside", 404},
		{"GET /uploads/1", 404}, // of both
		{"POST /uploads?city=riverton", 201},
		{"POST /uploads?city=lakeside", 404},
	} {
		method, path, _ := strings.Cut(c.route, " ")
		if a := i.as(t, "narrowed").do(t, method, path, "text/csv", strings.NewReader(file)); a.StatusCode != c.want {
			t.Errorf("%s: %s, want %d", c.route, a, c.want)
		}
	}
	var cities struct{ Items []struct{ City string } }
	i.as(t, "narrowed").get(t, "/cities").json(t, &cities)
	if len(cities.Items) != 1 || cities.Items[0].City != riverton {
		t.Errorf("it sees %v", cities)
	}
}

// What one may not see is answered byte for byte as what does not exist.
func TestNothingIsSaidOfOthers(t *testing.T) {
	i := install(t)
	other := strconv.FormatInt(i.take(t, "other@example.org", upload.Scope{lakeside}, file), 10)
	aide := i.as(t, "aide")
	plain := func(a answer, name string) string {
		text, _, _ := strings.Cut(string(a.body), `"instance"`)
		return fmt.Sprint(a.StatusCode, strings.ReplaceAll(text, name, "…"), a.Header.Get("Allow"))
	}
	for _, path := range []string{"/cities?city=%s", "/observations?city=%s", "/assessments?city=riverton&city=%s", "/uploads?city=%s"} {
		there, nowhere := aide.get(t, fmt.Sprintf(path, lakeside)), aide.get(t, fmt.Sprintf(path, "nowhere"))
		if diff := cmp.Diff(plain(nowhere, "nowhere"), plain(there, lakeside)); diff != "" {
			t.Errorf("%s tells one from the other (-nowhere +another's):\n%s", path, diff)
		}
	}
	for _, path := range []string{"/uploads/%s", "/uploads/%s/file", "/uploads/%s/problems"} {
		there, nowhere := aide.get(t, fmt.Sprintf(path, other)), aide.get(t, fmt.Sprintf(path, "999"))
		if diff := cmp.Diff(plain(nowhere, "999"), plain(there, other)); diff != "" {
			t.Errorf("%s tells one from the other (-nowhere +another's):\n%s", path, diff)
		}
	}
	// A file that speaks of another's city is told the same as of none.
	const rows = "city,indicator,period,value\n%s,thefts,2026-09,1\n"
	there := aide.post(t, "/uploads", "text/csv", fmt.Sprintf(rows, lakeside))
	nowhere := aide.post(t, "/uploads", "text/csv", fmt.Sprintf(rows, "elsewhere"))
	var a, b upload.Report
	there.json(t, &a)
	nowhere.json(t, &b)
	if a.Problems[0].Code != b.Problems[0].Code {
		t.Errorf("another's city is %+v, none is %+v", a.Problems[0], b.Problems[0])
	}
}

// Only sessions are held to where a request comes from.
func TestSessions(t *testing.T) {
	i := install(t)
	i.session = func(r *http.Request) (account.Account, error) {
		cookie, err := r.Cookie("session")
		switch {
		case err != nil:
			return account.Account{}, account.ErrDenied
		case cookie.Value == "unread":
			return account.Account{}, store.ErrUnreachable
		}
		return i.accounts.Named(t.Context(), "aide@example.org")
	}
	for _, c := range []struct {
		name, method, site, cookie, token string
		want                              int
	}{
		{"reads", http.MethodGet, "same-origin", "session=1", "", 200},
		{"reads from elsewhere", http.MethodGet, "cross-site", "session=1", "", 200}, // which a browser does not show there
		{"writes", http.MethodPost, "same-origin", "session=1", "", 201},
		{"writes from elsewhere", http.MethodPost, "cross-site", "session=1", "", 403},
		{"writes from a sister site", http.MethodPost, "same-site", "session=1", "", 403},
		{"writes from elsewhere with a token", http.MethodPost, "cross-site", "", "aide", 201},
		{"a bad token beside a session", http.MethodPost, "same-origin", "session=1", "aide revoked", 401},
		{"nobody", http.MethodGet, "same-origin", "", "", 401},
		{"while nobody can tell who", http.MethodGet, "same-origin", "session=unread", "", 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			who := i.as(t, c.token)
			who.header.Set("Sec-Fetch-Site", c.site)
			who.header.Set("Cookie", c.cookie)
			path := "/cities"
			if c.method == http.MethodPost {
				path = "/uploads?city=riverton"
			}
			a := who.do(t, c.method, path, "text/csv", strings.NewReader(file))
			if a.StatusCode != c.want {
				t.Errorf("%s, want %d", a, c.want)
			}
		})
	}
	for _, c := range []struct{ header, want string }{
		{"", `Bearer realm="citygauge"`},
		{"Basic YTpi", `Bearer realm="citygauge"`},
		{"Bearer cg_none", `Bearer realm="citygauge", error="invalid_token"`},
		{"bearer " + i.tokens["aide expired"], `Bearer realm="citygauge", error="invalid_token"`},
	} {
		who := i.as(t, "")
		who.header.Set("Authorization", c.header)
		if a := who.get(t, "/cities"); a.StatusCode != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") != c.want {
			t.Errorf("%q: %d, WWW-Authenticate: %s", c.header, a.StatusCode, a.Header.Get("WWW-Authenticate"))
		}
	}
}

// What was done is on the trail of who did what, with the token.
func TestTrail(t *testing.T) {
	i := install(t)
	i.as(t, "aide").post(t, "/uploads?city=riverton", "text/csv", file)
	trail, err := i.accounts.Trail(t.Context(), 1)
	if err != nil || len(trail) != 1 {
		t.Fatal(trail, err)
	}
	if e := trail[0]; e.Action != account.Uploaded || e.By.Name != "aide@example.org" || e.By.Token == 0 || e.By.Address != "127.0.0.1" {
		t.Errorf("%+v", e)
	}
}
