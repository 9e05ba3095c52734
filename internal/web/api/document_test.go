package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web/api"
)

// Every route is in the document, and nothing else.
func TestDocumentHasEveryRoute(t *testing.T) {
	i := install(t)
	var documented []string
	for path, item := range newContract(t).model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			documented = append(documented, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(documented)
	routes := slices.Sorted(slices.Values(i.api.Routes()))
	if diff := cmp.Diff(routes, documented); diff != "" {
		t.Errorf("(-routes +documented):\n%s", diff)
	}
}

// samples are a good request to each route, with the body of a POST.
var samples = map[string][2]string{
	"GET /openapi.json":          {},
	"GET /cities":                {},
	"GET /indicators":            {},
	"GET /observations":          {},
	"GET /assessments":           {},
	"GET /uploads":               {},
	"GET /uploads/{id}":          {},
	"GET /uploads/{id}/file":     {},
	"GET /uploads/{id}/problems": {},
	"POST /uploads":              {"text/csv", file},
	"POST /uploads/commit":       {"application/json", `{"token": "X"}`},
	"POST /uploads/{id}/revert":  {},
}

// answers notes what routes were answered: METHOD /path status kind.
type answers struct {
	*testing.T
	seen map[string]bool
}

// ask asks for a route, with what stands behind its path, and expects a status.
func (a answers) ask(who *client, route, behind string, want int, body ...string) answer {
	a.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.Replace(path, "{id}", "1", 1)
	if strings.HasPrefix(behind, "/") {
		path, behind = behind, ""
	}
	sample := samples[route]
	copy(sample[:], body)
	got := who.do(a.T, method, path+behind, sample[0], strings.NewReader(sample[1]))
	if got.StatusCode != want {
		a.Errorf("%s%s: %s, want %d", route, behind, got, want)
	}
	a.seen[fmt.Sprintf("%s %d %s", route, got.StatusCode, got.kind)] = true
	return got
}

// TestEveryAnswer has each route give every answer that the document has, and
// no other; all are as it says.
func TestEveryAnswer(t *testing.T) {
	a := answers{t, map[string]bool{}}
	i := install(t, func(o *api.Options) {
		o.Limits = intake.Limits{Bytes: 1 << 16}
		o.Timeouts = api.Timeouts{Read: time.Minute, Write: time.Minute}
	})
	i.take(t, "operator", nil, "city,indicator,period,value\nriverton,thefts,2026-09,many\n") // upload 2, refused
	admin := i.as(t, "admin")
	csv := i.as(t, "admin")
	csv.header.Set("Accept", "text/csv, application/json;q=0.5")
	picky := i.as(t, "admin")
	picky.header.Set("Accept", "application/xml")
	for _, route := range slices.Sorted(maps.Keys(samples)) {
		method, path, _ := strings.Cut(route, " ")
		a.ask(admin, route, "?nonsense=1", http.StatusBadRequest)
		if path == "/openapi.json" {
			a.ask(admin, route, "", http.StatusOK)
			continue
		}
		a.ask(i.as(t, ""), route, "", http.StatusUnauthorized)
		switch {
		case method == http.MethodPost:
			a.ask(i.as(t, "faculty"), route, "", http.StatusForbidden)
		case strings.Contains(path, "{id}"):
			a.ask(admin, route, strings.Replace(path, "{id}", "999", 1), http.StatusNotFound)
		case path == "/uploads":
			a.ask(admin, route, "?city=nowhere", http.StatusNotFound)
		default:
			a.ask(admin, route, "?city=nowhere", http.StatusNotFound)
			a.ask(csv, route, "", http.StatusOK)
			a.ask(picky, route, "", http.StatusNotAcceptable)
		}
		if method == http.MethodGet {
			a.ask(admin, route, "", http.StatusOK)
		}
	}
	a.ask(csv, "GET /uploads/{id}/problems", "/uploads/2/problems", http.StatusOK)
	a.ask(admin, "GET /uploads/{id}/problems", "/uploads/2/problems", http.StatusOK)
	a.ask(picky, "GET /uploads/{id}/problems", "", http.StatusNotAcceptable)
	a.uploads(i)
	a.unable(i)

	documented := map[string]bool{}
	for path, item := range admin.model.Paths.PathItems.FromOldest() {
		for method, operation := range item.GetOperations().FromOldest() {
			for status, response := range operation.Responses.Codes.FromOldest() {
				for kind := range response.Content.FromOldest() {
					documented[fmt.Sprintf("%s %s %s %s", strings.ToUpper(method), path, status, kind)] = true
				}
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(a.seen))); diff != "" {
		t.Errorf("(-documented +answered):\n%s", diff)
	}
}

// uploads has files be taken in, and refused for each reason.
func (a answers) uploads(i *installation) {
	aide := i.as(a.T, "aide")
	const send, commit, revert = "POST /uploads", "POST /uploads/commit", "POST /uploads/{id}/revert"
	a.ask(aide, send, "?dry_run=true", http.StatusOK)
	a.ask(aide, send, "?dry_run=true", http.StatusUnprocessableEntity, "text/csv", bad)
	a.ask(aide, send, "", http.StatusUnprocessableEntity, "text/csv", bad)
	a.ask(aide, send, "?city=lakeside", http.StatusNotFound)
	a.ask(aide, send, "", http.StatusRequestEntityTooLarge, "text/csv", strings.Repeat("x", 1<<20))
	a.ask(aide, send, "", http.StatusUnsupportedMediaType, "application/x-www-form-urlencoded", file)
	two, body := form(a.T, "june.csv", file, "city")
	a.ask(aide, send, "", http.StatusBadRequest, two, body)
	none, body := form(a.T, "", "")
	a.ask(aide, send, "", http.StatusBadRequest, none, body)
	a.ask(aide, send, "", http.StatusBadRequest, none, "not a form")
	aide.header.Set("Idempotency-Key", "june")
	a.ask(aide, send, "", http.StatusCreated)
	a.ask(aide, send, "", http.StatusConflict, "text/csv", file+"thefts,2026-07,1\n")
	aide.header.Del("Idempotency-Key")

	var report upload.Report
	a.ask(aide, send, "?dry_run=true", http.StatusOK, "text/csv", "indicator,period,value\nthefts,2026-09,7\n").json(a.T, &report)
	preview := fmt.Sprintf(`{"token": %q}`, report.Token)
	a.ask(aide, commit, "", http.StatusNotFound)
	a.ask(aide, commit, "", http.StatusUnsupportedMediaType, "text/csv", preview)
	for _, broken := range []string{"", "{}", `{"token": 1}`, `{"token": "X", "more": 1}`, preview + "{}", "[" + preview} {
		a.ask(aide, commit, "", http.StatusBadRequest, "application/json", broken)
	}
	a.ask(aide, commit, "", http.StatusCreated, "application/json", preview)
	a.ask(aide, send, "?dry_run=true", http.StatusOK, "text/csv", "indicator,period,value\nthefts,2026-09,8\n").json(a.T, &report)
	a.ask(aide, send, "", http.StatusCreated, "text/csv", "indicator,period,value\nthefts,2026-09,9\n").json(a.T, &report)
	done := fmt.Sprintf("/uploads/%d/revert", report.Upload)
	a.ask(aide, revert, done, http.StatusCreated)
	a.ask(aide, revert, done, http.StatusConflict) // it is not in force
	a.ask(aide, revert, "/uploads/999/revert", http.StatusNotFound)

	a.ask(aide, send, "?dry_run=true", http.StatusOK, "text/csv", "indicator,period,value\nthefts,2026-09,10\n").json(a.T, &report)
	preview = fmt.Sprintf(`{"token": %q}`, report.Token)
	a.ask(aide, send, "", http.StatusCreated, "text/csv", "indicator,period,value\nthefts,2026-09,11\n")
	a.ask(aide, commit, "", http.StatusConflict, "application/json", preview)
}

// unable has every route answer where the service cannot: asked too often, for
// a fault of its own, and with its database gone.
func (a answers) unable(i *installation) {
	limited := install(a.T, func(o *api.Options) { o.Rate = api.Rate{Burst: 1, PerSecond: 1e-3} })
	limited.as(a.T, "admin").get(a.T, "/cities")
	faulty := install(a.T, func(o *api.Options) { o.Source, o.Uploads = brokenSource{}, brokenUploads{} })
	slow := install(a.T, func(o *api.Options) {
		o.Timeouts = api.Timeouts{Read: time.Minute, Write: 50 * time.Millisecond}
	})
	for _, route := range slices.Sorted(maps.Keys(samples)) {
		if route == "GET /openapi.json" {
			continue
		}
		a.ask(limited.as(a.T, "admin"), route, "", http.StatusTooManyRequests)
		a.ask(faulty.as(a.T, "admin"), route, "", http.StatusInternalServerError)
		if strings.HasPrefix(route, "POST /uploads/{") || strings.HasPrefix(route, "GET") {
			continue
		}
		body, hold := io.Pipe() // of which nothing ever comes
		method, path, _ := strings.Cut(route, " ")
		got := slow.as(a.T, "admin").do(a.T, method, path, samples[route][0], body)
		hold.Close()
		a.seen[fmt.Sprintf("%s %d %s", route, got.StatusCode, got.kind)] = true
	}
	if log := faulty.log.String(); strings.Count(log, "level=ERROR") != len(samples)-1 || !strings.Contains(log, errBroken.Error()) {
		a.Errorf("the log has not every fault:\n%s", log)
	}
	if err := i.store.Close(); err != nil {
		a.Fatal(err)
	}
	for _, route := range slices.Sorted(maps.Keys(samples)) {
		if route != "GET /openapi.json" {
			a.ask(i.as(a.T, "admin"), route, "", http.StatusServiceUnavailable)
		}
	}
}

// What cannot do what it is there for.
type (
	brokenSource  struct{ api.Source }
	brokenUploads struct{ api.Uploads }
)

var errBroken = errors.New("a fault of ours, with a secret")

func (brokenSource) Unknown(context.Context, programme.Filter) (string, string, error) {
	return "", "", errBroken
}

func (brokenSource) CitiesAfter(context.Context, programme.Filter, programme.Place, int) ([]programme.City, error) {
	return nil, errBroken
}

func (brokenSource) EachTargetFrom(context.Context, programme.Filter, programme.Place, func(progress.Judgeable) error) error {
	return errBroken
}

func (brokenSource) Uploads(context.Context, upload.Scope, []string, int64, int) ([]upload.Record, error) {
	return nil, errBroken
}

func (brokenSource) Upload(context.Context, upload.Scope, int64) (upload.Record, upload.Report, error) {
	return upload.Record{}, upload.Report{}, errBroken
}

func (brokenUploads) Import(context.Context, upload.Request) (upload.Report, error) {
	return upload.Report{}, errBroken
}

func (brokenUploads) Commit(context.Context, string, upload.Sender) (upload.Report, error) {
	return upload.Report{}, errBroken
}

// What is not in the document is a problem all the same.
func TestNoRoute(t *testing.T) {
	i := install(t)
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{http.MethodGet, "/", 404, ""},
		{http.MethodGet, "/nothing", 404, ""},
		{http.MethodGet, "/cities/", 404, ""},
		{http.MethodDelete, "/uploads/1", 405, "GET"},
		{http.MethodPut, "/uploads", 405, "GET, POST"},
		{http.MethodGet, "/uploads/1/revert", 405, "POST"},
		{http.MethodOptions, "/cities", 405, "GET"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, i.url+api.Root+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := i.as(t, "").Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.want || response.Header.Get("Allow") != c.allow || response.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %s, Allow: %s", c.method, c.path, response.Status, response.Header.Get("Allow"))
		}
	}
}

// No answer may be kept, or do anything in a browser.
func TestHeaders(t *testing.T) {
	i := install(t)
	for _, path := range []string{"/openapi.json", "/cities", "/uploads/1/file", "/uploads/999"} {
		h := i.as(t, "admin").get(t, path).Header
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
			"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "", "Vary": "Accept, Authorization, Cookie",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}
