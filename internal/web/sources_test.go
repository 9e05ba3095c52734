package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// withSources gives Riverton a source in each state: one that works, one that
// fails, and one that was not pulled yet.
func (i *installation) withSources(t *testing.T) {
	t.Helper()
	p := cohortOfCities()
	for _, name := range []string{"housing", "police", "weather"} {
		p.Sources = append(p.Sources, programme.Source{
			City: riverton, ID: name, Kind: "csv", URL: "https://data.riverton.example/" + name + ".csv", Indicator: "thefts",
			Fields: programme.SourceFields{Date: "occurred"}, Aggregate: "count", Schedule: "0 6 * * *", Token: "${env:SECRET_TOKEN}",
		})
	}
	i.apply(t, p)
	day := func(n int) time.Time { return time.Date(2026, time.October, n, 6, 0, 5, 0, time.UTC) }
	for n := range 4 {
		i.pull(t, "housing", source.Run{Ended: day(2 + n), Outcome: source.Unchanged, Message: "the observations are what they were", Records: 1212})
	}
	uploaded := i.take(t, "city,indicator,period,value\nriverton,visits,2026-08,20040\n")
	i.pull(t, "police", source.Run{Ended: day(4), Outcome: source.Applied, Message: "1 observation is new or changed", Records: 1, Upload: uploaded.Upload})
	i.pull(t, "police", source.Run{
		Ended: day(5), Outcome: source.Failed, Reason: "missing-column", Message: `the file has no column "occurred" <script>`, Server: "server-of-the-operator:1",
	})
}

func TestSourcesOfACity(t *testing.T) {
	i := install(t)
	c := i.as(t, mayor)
	if page := c.page(t, "/cities/riverton"); strings.Contains(page, "Sources") {
		t.Error("a city without sources has a section of them")
	}
	i.withSources(t)
	page := c.page(t, "/cities/riverton")
	says(t, page, "Sources",
		"housing works", "Last went well on 5 Oct 2026, 06:00",
		"Nothing new The observations are what they were 5 Oct 2026, 06:00 UTC · 1,212 records", "4 Oct 2026", "3 Oct 2026",
		"police fails", "Last went well on 4 Oct 2026, 06:00",
		"Failed · Missing column The file has no column &#34;occurred&#34; &lt;script&gt; 5 Oct 2026, 06:00 UTC", "New numbers 1 observation is new or changed 4 Oct 2026, 06:00 UTC · 1 record · Upload 2",
		"weather not pulled yet", "Nothing came from here yet.")
	for _, not := range []string{"2 Oct 2026, 06:00", "SECRET_TOKEN", "data.riverton.example", "server-of-the-operator"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	if a := c.get(t, "/uploads/2"); a.code != http.StatusOK {
		t.Errorf("the link to the upload answers %d", a.code)
	}
	if page := i.as(t, admin).page(t, "/cities/lakeside"); strings.Contains(page, "police") {
		t.Error("another city has Riverton's sources")
	}
}
