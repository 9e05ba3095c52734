package web_test

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web"
)

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s*\n\s*`)
)

// text is what a page says, a line for each piece.
func text(page string) []string {
	_, body, _ := strings.Cut(page, "<body>")
	return strings.Split(strings.Trim(blanks.ReplaceAllString(tags.ReplaceAllString(body, "\n"), "\n"), "\n"), "\n")
}

func TestPageSaysHowTargetsStand(t *testing.T) {
	standing := cohortOfCities()
	reached, late := standing[1].Indicators[1], standing[1].Indicators[2]
	waiting := thefts(progress.NoData)
	waiting.Targets[0].Assessment = progress.Assessment{Status: progress.NoData, Freshness: progress.Missing}
	p := home(t, web.Links{}, progress.Standing{
		City:       programme.City{ID: "riverton", Name: "Riverton"},
		Indicators: []progress.IndicatorStanding{reached, late, waiting},
	})
	want := []string{
		"Is it working?", "Every city’s targets for the year, and how they stand today.",
		"on track", "1", "slipping", "1", "no data yet", "1",
		"Riverton",
		"Krankenhauswiederaufnahmequotenverbesserung innerhalb-von-dreißig-Tagen", "2026", "slipping",
		"year at this rate:", "13,202 Krankenhauswiederaufnahmen/Entlassungen",
		"target: at least 12,501 Krankenhauswiederaufnahmen/Entlassungen by 31 Dec 2026",
		"needs at least 1,250 a month for 2 months",
		"data to 31 Oct 2026; the next was due on 30 Oct 2026",
		"Thefts, no data yet", "2026", "no data yet",
		"no data yet: import the first file; the next is late",
		"Homes without heating", "2026", "on track", "at the target already: keep it there",
		"now:", "4.0\u00a0%", "target: at most 4.5\u00a0% by 31 Dec 2026",
		"needs at most 1,250.0 a month for 2 months",
		"data to 31 Oct 2026",
	}
	if diff := cmp.Diff(want, text(p)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestPageSaysWhatIsForeseenAndWhatWasMoved(t *testing.T) {
	standing := city("riverton", "Riverton", progress.OnTrack)
	target := &standing.Indicators[0].Targets[0]
	target.Assessment.Forecast = progress.Forecast{Projected: progress.Known(12_345), Probability: progress.Known(0.444)}
	target.Assessment.AtStart = progress.OffTrack
	p := home(t, web.Links{}, standing)
	for _, want := range []string{
		"forecast: 12,345 incidents, and the target met with a probability of 44\u00a0%", "against the target of the start: off track",
	} {
		if !slices.Contains(text(p), want) {
			t.Errorf("the page does not say %q:\n%s", want, strings.Join(text(p), "\n"))
		}
	}
	for p, want := range map[float64]string{1: "over 99\u00a0%", 0.9899: "99\u00a0%", 0.01: "1\u00a0%", 0: "under 1\u00a0%"} {
		target.Assessment.Forecast.Probability = progress.Known(p)
		if page := home(t, web.Links{}, standing); !strings.Contains(page, "a probability of "+want) {
			t.Errorf("a probability of %v is not said as %s", p, want)
		}
	}
	target.Assessment.Day = target.Ends + 1
	target.Assessment.AtStart = ""
	target.Assessment.Target = progress.Unknown
	target.Band = &programme.Band{Low: 1000, High: 2000}
	said := text(home(t, web.Links{}, standing))
	if !slices.Contains(said, "target: from 1,000 to 2,000 incidents by 31 Dec 2026") ||
		slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "forecast") || strings.Contains(s, "of the start") }) {
		t.Errorf("after the end the page says:\n%s", strings.Join(said, "\n"))
	}
}

func TestEveryStatusIsSaidInWords(t *testing.T) {
	for _, status := range progress.Statuses() {
		t.Run(string(status), func(t *testing.T) {
			p := home(t, web.Links{}, city("riverton", "Riverton", status))
			want := `<span class="status ` + string(status) + `">` + status.Words() + "</span>"
			if n := strings.Count(p, want); n != 2 { // in the summary, and at the target
				t.Errorf("the page has %s %d times", want, n)
			}
		})
	}
}

func TestMeasuresAreNamed(t *testing.T) {
	for measure, want := range map[programme.Measure]string{
		programme.Latest: "now:", programme.Rolling: "last year, sum:", programme.RollingMean: "last year, average:",
		programme.Mean: "this year’s average:", programme.Total: "year at this rate:",
	} {
		t.Run(string(measure), func(t *testing.T) {
			standing := city("riverton", "Riverton", progress.OnTrack)
			standing.Indicators[0].Indicator.Measure = measure
			if p := home(t, web.Links{}, standing); !strings.Contains(p, "<p>"+want+" <b>13,202 incidents</b></p>") {
				t.Errorf("the page does not have %q:\n%s", want, p)
			}
		})
	}
}

// TestUrgentTargetsComeFirst has the newest cohort first, and in it what needs
// somebody to act.
func TestUrgentTargetsComeFirst(t *testing.T) {
	standing := cohortOfCities()[1]
	standing.Indicators = append(standing.Indicators[:1:1], standing.Indicators[3:]...)
	var got []string
	for _, title := range regexp.MustCompile(`<p class="title">Thefts, (.*) <span class="cohort">(.*)</span>`).FindAllStringSubmatch(home(t, web.Links{}, standing), -1) {
		got = append(got, title[2]+" "+title[1])
	}
	want := []string{
		"2026 moving away", "2026 off track", "2026 target missed", "2026 slipping", "2026 too close to call",
		"2026 waiting for data", "2026 no data yet", "2026 too early to say", "2026 on track", "2026 target met", "2025 target met",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNothingDeclared(t *testing.T) {
	for _, c := range []struct {
		name      string
		standings []progress.Standing
		want      string
	}{
		{"no cities", nil, "No cities yet: declare them in a programme and run <code>citygauge apply programme.yaml</code>."},
		{"no targets", []progress.Standing{city("riverton", "Riverton")}, "No targets yet: declare them in the programme and apply it."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := home(t, links, c.standings...)
			if !strings.Contains(p, c.want) || strings.Contains(p, `class="summary"`) || strings.Contains(p, "<details>") {
				t.Errorf("the page is\n%s", p)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	const metrics = `<a href="http://metrics.example/metrics/cities/riverton">Metrics</a>`
	const dashboard = `<a href="http://grafana.example/d/city?var-city=riverton&amp;var-cohort=2026">Dashboard 2026</a>`
	const earlier = `<a href="http://grafana.example/d/city?var-city=riverton&amp;var-cohort=2025">Dashboard 2025</a>`
	for _, c := range []struct {
		name  string
		links web.Links
		want  []string
	}{
		{"all", links, []string{dashboard, earlier, metrics}},
		{"metrics alone", web.Links{Metrics: links.Metrics}, []string{metrics}},
		{"dashboards alone", web.Links{Dashboard: links.Dashboard}, []string{dashboard, earlier}},
		{"none", web.Links{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := home(t, c.links, cohortOfCities()[1])
			if diff := cmp.Diff(c.want, regexp.MustCompile(`<a .*?</a>`).FindAllString(p, -1)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNamesAreEscaped(t *testing.T) {
	const hostile = `<script>alert("1")</script>`
	standing := city("riverton", hostile, progress.OnTrack)
	standing.Indicators[0].Indicator.Title, standing.Indicators[0].Indicator.Unit = hostile, hostile
	p := home(t, web.Links{Metrics: func(string) string { return `javascript:alert("1")` }}, standing)
	if strings.Contains(p, "<script") || strings.Contains(p, "javascript:") {
		t.Errorf("the page is\n%s", p)
	}
	// Of the city, the indicator, and the units of the measure and the target.
	if n := strings.Count(p, "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;"); n != 4 {
		t.Errorf("the name is there %d times:\n%s", n, p)
	}
}

func TestFailureSaysNoDetail(t *testing.T) {
	handler, log := pages(t, source{failure: errors.New("password authentication failed for user app")}, links)
	answer := get(t, handler, http.MethodGet, "/")
	const want = "Something went wrong here. The operator finds out what in the log; try again in a minute.\n"
	if answer.Code != http.StatusServiceUnavailable || answer.Body.String() != want {
		t.Errorf("the page answers %d: %s", answer.Code, answer.Body)
	}
	if !strings.Contains(log.String(), "password authentication failed for user app") {
		t.Errorf("the log says %s", log)
	}
}

func TestAnswers(t *testing.T) {
	working, _ := pages(t, source{standings: cohortOfCities()}, links)
	failing, _ := pages(t, source{failure: errors.New("gone")}, links)
	for _, c := range []struct {
		name, method, path string
		handler            http.Handler
		code               int
		content, cache     string
	}{
		{"page", http.MethodGet, "/", working, http.StatusOK, "text/html; charset=utf-8", "no-store"},
		{"head of the page", http.MethodHead, "/", working, http.StatusOK, "text/html; charset=utf-8", "no-store"},
		{"stylesheet", http.MethodGet, "/style.css", working, http.StatusOK, "text/css; charset=utf-8", "max-age=300"},
		{"failure", http.MethodGet, "/", failing, http.StatusServiceUnavailable, "text/plain; charset=utf-8", "no-store"},
		{"no such page", http.MethodGet, "/cities", working, http.StatusNotFound, "text/plain; charset=utf-8", "no-store"},
		{"the files behind the pages", http.MethodGet, "/pages/cities.html", working, http.StatusNotFound, "text/plain; charset=utf-8", "no-store"},
		{"writing", http.MethodPost, "/", working, http.StatusMethodNotAllowed, "text/plain; charset=utf-8", "no-store"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := get(t, c.handler, c.method, c.path)
			if answer.Code != c.code {
				t.Errorf("answer is %d, want %d", answer.Code, c.code)
			}
			for name, want := range map[string]string{
				"Content-Type":            c.content,
				"Cache-Control":           c.cache,
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
				"X-Content-Type-Options":  "nosniff",
				"Referrer-Policy":         "same-origin",
			} {
				if got := answer.Header().Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}
