package exposition

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func request(t *testing.T, v *View, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://gauge.example:9797"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	v.Handler().ServeHTTP(answer, r)
	return answer.Result()
}

// read is an answer's body, decompressed where it says that it is compressed.
// It may be called by any goroutine.
func read(t *testing.T, answer *http.Response) string {
	t.Helper()
	var body io.Reader = answer.Body
	if answer.Header.Get("Content-Encoding") == "gzip" {
		zip, err := gzip.NewReader(body)
		if err != nil {
			t.Error(err)
			return ""
		}
		body = zip
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func TestAnswers(t *testing.T) {
	loaded := newLoadedView(t, sample()...)
	empty := newView(newSource())
	failing := newLoadedView(t, sample()...)
	failing.source.(*fakeSource).failure = errors.New("connection refused")
	if failing.refresh(t.Context()) == nil {
		t.Fatal("a failing source did not fail")
	}
	for _, c := range []struct {
		name, method, path string
		view               *View
		status             int
		contentType, body  string
	}{
		{"everything", "GET", "/metrics", loaded, 200, contentType, "citygauge_city_info{"},
		{"before the first snapshot", "GET", "/metrics", empty, 200, contentType, "citygauge_database_up 0\n"},
		{"process", "GET", "/metrics/process", loaded, 200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", `citygauge_uploads_total{outcome="applied"} 1`},
		{"city", "GET", "/metrics/cities/riverton", loaded, 200, contentType, `citygauge_city_info{city="riverton"`},
		{"no such city", "GET", "/metrics/cities/atlantis", loaded, 404, "text/plain; charset=utf-8", "No city is called that"},
		{"city before the first snapshot", "GET", "/metrics/cities/riverton", empty, 503, "text/plain; charset=utf-8", "has not answered yet"},
		{"targets before the first snapshot", "GET", "/sd", empty, 503, "text/plain; charset=utf-8", "has not answered yet"},
		{"healthy", "GET", "/-/healthy", empty, 200, "text/plain; charset=utf-8", "running"},
		{"ready", "GET", "/-/ready", loaded, 200, "text/plain; charset=utf-8", "Ready."},
		{"not ready yet", "GET", "/-/ready", empty, 503, "text/plain; charset=utf-8", "has not answered yet"},
		{"not ready any more", "GET", "/-/ready", failing, 503, "text/plain; charset=utf-8", "does not answer; the metrics shown are of 2025-10-14T08:30:00Z"},
		{"index", "GET", "/", loaded, 200, "text/html; charset=utf-8", `<a href="metrics">`},
		{"nothing there", "GET", "/metrics/nothing", loaded, 404, "text/plain; charset=utf-8", "not found"},
		{"write", "POST", "/metrics", loaded, 405, "text/plain; charset=utf-8", "Method Not Allowed"},
		{"head of everything", "HEAD", "/metrics", loaded, 200, contentType, ""},
		{"head of no city", "HEAD", "/metrics/cities/atlantis", loaded, 404, "text/plain; charset=utf-8", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := request(t, c.view, c.method, c.path)
			body := read(t, answer)
			if got := answer.Header.Get("Content-Type"); answer.StatusCode != c.status || got != c.contentType {
				t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, answer.StatusCode, got, c.status, c.contentType)
			}
			if !strings.Contains(body, c.body) {
				t.Errorf("%s %s does not say %q:\n%s", c.method, c.path, c.body, body)
			}
		})
	}
}

// What is served compressed is two gzip members, and must be what is served
// plain.
func TestCompressedIsTheSame(t *testing.T) {
	v := newLoadedView(t, sample()...)
	for _, path := range []string{"/metrics", "/metrics/cities/riverton"} {
		answer := request(t, v, "GET", path, "Accept-Encoding", "gzip")
		if got := answer.Header.Get("Content-Encoding"); got != "gzip" {
			t.Fatalf("%s: Content-Encoding %q, want gzip", path, got)
		}
		if diff := cmp.Diff(get(t, v, path), read(t, answer)); diff != "" {
			t.Errorf("%s (-plain +compressed):\n%s", path, diff)
		}
	}
}

func TestMembers(t *testing.T) {
	v := newLoadedView(t, sample()...)
	answer := request(t, v, "GET", "/metrics", "Accept-Encoding", "gzip")
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := answer.Header.Get("Content-Length"), strconv.Itoa(len(body)); got != want {
		t.Errorf("Content-Length %s for %s bytes", got, want)
	}
	cached := v.now.Load().shown.compressed()
	second, found := bytes.CutPrefix(body, cached)
	if !found {
		t.Fatal("the body does not begin with the cached member")
	}
	answer.Body = io.NopCloser(bytes.NewReader(second))
	if diff := cmp.Diff(string(v.processText()), read(t, answer)); diff != "" {
		t.Errorf("second member (-process's own families +got):\n%s", diff)
	}
}

func TestServerAnswersHeadWithoutABody(t *testing.T) {
	server := httptest.NewServer(newLoadedView(t, sample()...).Handler())
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || len(body) > 0 || answer.ContentLength <= 0 {
		t.Errorf("HEAD: %d bytes, error %v, Content-Length %d", len(body), err, answer.ContentLength)
	}
}

func TestDiscovery(t *testing.T) {
	answer := request(t, newLoadedView(t, sample()...), "GET", "/sd")
	if got := answer.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q, which Prometheus refuses", got)
	}
	var got []targetGroup
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	var want []targetGroup
	for _, city := range []string{"aldea", "newcomer", "riverton"} {
		want = append(want, targetGroup{
			Targets: []string{"gauge.example:9797"},
			Labels:  map[string]string{"__metrics_path__": "/metrics/cities/" + city, "instance": city},
		})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("/sd (-want +got):\n%s", diff)
	}
}

func TestNoCitiesIsAnEmptyList(t *testing.T) {
	if got := get(t, newLoadedView(t), "/sd"); got != "[]\n" {
		t.Errorf("/sd of an empty programme is %q, want []", got)
	}
}

// Every scrape must see one snapshot, whole, while others come in: here both
// cities always have the same value.
func TestScrapesDuringChanges(t *testing.T) {
	source := newSource(simple("aldea", 0), simple("riverton", 0))
	v := newView(source)
	if err := v.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	both := regexp.MustCompile(`(?m)^citygauge_indicator_value{city="(?:aldea|riverton)",.*} (\d+)$`)
	var scrapers sync.WaitGroup
	for _, header := range [][]string{nil, {"Accept-Encoding", "gzip"}, nil, {"Accept-Encoding", "gzip"}} {
		scrapers.Go(func() {
			for range 100 {
				text := read(t, request(t, v, "GET", "/metrics", header...))
				values := both.FindAllStringSubmatch(text, -1)
				if len(values) != 2 || values[0][1] != values[1][1] {
					t.Errorf("a scrape shows %q", values)
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		scrapers.Wait()
	}()
	for n := 1; ; n++ {
		source.set(simple("aldea", float64(n)), simple("riverton", float64(n)))
		if err := v.refresh(t.Context()); err != nil {
			t.Error(err)
		}
		select {
		case <-ended:
			return
		default:
		}
	}
}
