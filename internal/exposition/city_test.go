package exposition

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Above the limit there is no scrape of everything, and of all else there is.
func TestTooManySeriesForOneScrape(t *testing.T) {
	fit := most / newLoadedView(t, many(1)...).now.Load().shown.series
	if answer := request(t, newLoadedView(t, many(fit)...), "HEAD", "/metrics"); answer.StatusCode != http.StatusOK {
		t.Errorf("/metrics below the limit: %d", answer.StatusCode)
	}
	v := newLoadedView(t, many(fit+1)...)
	answer := request(t, v, "GET", "/metrics", "Accept-Encoding", "gzip")
	body := read(t, answer)
	if answer.StatusCode != http.StatusNotFound || answer.Header.Get("Link") != `</sd>; rel="alternate"` || !strings.Contains(body, "/sd lists them") {
		t.Errorf("/metrics: %d, %q:\n%.300s", answer.StatusCode, answer.Header.Get("Link"), body)
	}
	if got := get(t, v, "/metrics/process"); !strings.Contains(got, "citygauge_database_up 1\n") {
		t.Errorf("the process is not shown:\n%s", got)
	}
	if got := strings.Count(get(t, v, "/sd"), "__metrics_path__"); got != fit+1 {
		t.Errorf("/sd lists %d cities, want %d", got, fit+1)
	}
	if got := get(t, v, "/metrics/cities/city-300"); strings.Count(got, "\ncitygauge_indicator_value{") != 24 {
		t.Errorf("a city is not shown:\n%.300s", got)
	}
}

func TestSeriesAreCountedAsTheyAreDrawn(t *testing.T) {
	v := newLoadedView(t, sample()...)
	sampled := regexp.MustCompile(`(?m)^citygauge_`)
	for _, c := range v.now.Load().shown.cities {
		drawn := len(sampled.FindAllString(string(c.drawn().text), -1))
		if drawn == 0 || c.series != drawn {
			t.Errorf("%s: %d series are counted, and %d drawn", c.id, c.series, drawn)
		}
	}
}

// A city's body is made once for each change of the city, whatever happens to
// others.
func TestBodyOfACityIsMadeOnceAChange(t *testing.T) {
	source := newSource(simple("aldea", 1), simple("riverton", 2))
	v := newView(source)
	bodies := func() (of [2]string) {
		if err := v.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n, city := range v.now.Load().shown.cities {
			of[n] = fmt.Sprintf("%p", city.compressed())
		}
		return of
	}
	first := bodies()
	source.set(simple("riverton", 3))
	second := bodies()
	if first[0] != second[0] || first[1] == second[1] {
		t.Errorf("after a change of the second city the bodies went from %v to %v", first, second)
	}
	if got := read(t, request(t, v, "GET", "/metrics/cities/riverton", "Accept-Encoding", "gzip")); !strings.Contains(got, robberies("riverton", 3)) {
		t.Errorf("the change is not shown:\n%s", got)
	}
}
