package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

// exported is what the export writes of everything.
func (i *installation) exported(t *testing.T, what string, f store.Filter) [][]string {
	t.Helper()
	var text bytes.Buffer
	columns := map[string][]string{"observations": export.ObservationColumns, "assessments": export.AssessmentColumns}
	table, err := export.NewTable(&text, export.CSV, columns[what])
	if err != nil {
		t.Fatal(err)
	}
	switch what {
	case "observations":
		err = i.store.EachObservation(t.Context(), f, func(r store.Recorded) error {
			return export.Observation(table, r.Observation, r.Revision, r.RecordedAt)
		})
	case "assessments":
		err = i.store.EachTarget(t.Context(), f, func(j progress.Judgeable) error {
			return export.Assessments(table, j.Indicator, j.Cohort, j.Target, j.Series, today)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	return rows(t, text.Bytes())
}

func rows(t *testing.T, text []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// pages follows the links from page to page, and gathers the rows of all.
func (c *client) pages(t *testing.T, path string, each int) (all [][]string, pages int) {
	t.Helper()
	c.header.Set("Accept", "text/csv")
	for next := path; next != ""; pages++ {
		a := c.get(t, next)
		if a.StatusCode != http.StatusOK || a.kind != "text/csv" {
			t.Fatalf("%s: %s", next, a)
		}
		page := rows(t, a.body)
		if len(page) > each+1 {
			t.Fatalf("%s: %d rows", next, len(page)-1)
		}
		if all == nil {
			all = page[:1]
		}
		all = append(all, page[1:]...)
		next = ""
		if link := regexp.MustCompile(`^</api/v1(/.*)>; rel="next"$`).FindStringSubmatch(a.Header.Get("Link")); link != nil {
			next = link[1]
		}
	}
	return all, pages
}

// However few rows a page has, all pages together are what the export writes.
func TestPagesAreTheExport(t *testing.T) {
	i := install(t)
	between := store.Filter{Cities: []string{riverton}, Indicators: []string{"thefts"}}
	between.From, between.To = today.AddDays(-300), today.AddDays(-100)
	for _, c := range []struct {
		what, query string
		filter      store.Filter
		pages       []int
	}{
		{"observations", "", store.Filter{}, []int{1, 7, 1000}},
		{"observations", "city=lakeside&indicator=heating", store.Filter{Cities: []string{lakeside}, Indicators: []string{"heating"}}, []int{3}},
		{"observations", "cohort=2026", store.Filter{Indicators: []string{"thefts"}}, []int{50}},
		{"observations", fmt.Sprintf("city=riverton&indicator=thefts&from=%s&to=%s", between.From, between.To), between, []int{4}},
		{"assessments", "", store.Filter{}, []int{1, 3, 200}},
		{"assessments", "city=riverton", store.Filter{Cities: []string{riverton}}, []int{2}},
	} {
		want := i.exported(t, c.what, c.filter)
		if len(want) < 3 {
			t.Fatalf("%s?%s: too few rows to try it", c.what, c.query)
		}
		for _, each := range c.pages {
			t.Run(fmt.Sprintf("%s?%s %d a page", c.what, c.query, each), func(t *testing.T) {
				got, pages := i.as(t, "admin").pages(t, fmt.Sprintf("/%s?%s&limit=%d", c.what, c.query, each), each)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-export +pages):\n%s", diff)
				}
				if least := (len(want) - 1 + each - 1) / each; pages != least {
					t.Errorf("%d pages, want %d", pages, least)
				}
			})
		}
	}
	got, _ := i.as(t, "admin").pages(t, "/assessments?from=2026-03-01&to=2026-03-31", 200)
	if len(got) != 3 || got[1][3] != "2026-03-31" {
		t.Errorf("the assessments of March: %v", got)
	}
}

// JSON pages hold the same, and the cursor in them leads as the link does.
func TestJSONPages(t *testing.T) {
	i := install(t)
	mayor := i.as(t, "mayor")
	var got []string
	for next := ""; ; {
		var page struct {
			Items []struct{ City, Indicator, Period string }
			Next  *string
		}
		mayor.get(t, "/observations?limit=10&cursor="+next).json(t, &page)
		for _, o := range page.Items {
			got = append(got, o.City+" "+o.Indicator+" "+o.Period)
		}
		if page.Next == nil {
			break
		}
		next = *page.Next
	}
	var want []string
	for _, r := range i.exported(t, "observations", store.Filter{Cities: []string{riverton}})[1:] {
		want = append(want, r[0]+" "+r[1]+" "+r[2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-export +pages):\n%s", diff)
	}
	for path, want := range map[string]int{"/cities": 2, "/indicators": 4, "/indicators?cohort=2026": 2, "/indicators?city=riverton&indicator=heating": 1, "/cities?cohort=2026&limit=10": 2} {
		var page struct{ Items []any }
		if i.as(t, "faculty").get(t, path).json(t, &page); len(page.Items) != want {
			t.Errorf("%s: %d items, want %d", path, len(page.Items), want)
		}
	}
	for _, path := range []string{"/cities?limit=1", "/indicators?limit=1"} {
		who := i.as(t, "admin")
		whole, _ := who.pages(t, strings.TrimSuffix(path, "limit=1"), 100)
		if one, pages := who.pages(t, path, 1); pages != len(whole)-1 || !cmp.Equal(whole, one) {
			t.Errorf("%s: %d pages: %s", path, pages, cmp.Diff(whole, one))
		}
	}
}

// As of a time, what was known then is read, and judged as on that day.
func TestAsOf(t *testing.T) {
	i := install(t)
	before := time.Now()
	i.take(t, "aide@example.org", upload.Scope{riverton}, file)
	then := url.QueryEscape(before.Format(time.RFC3339Nano))
	aide := i.as(t, "aide")
	for path, want := range map[string]string{
		"/observations?indicator=thefts&from=2026-08-01":                  "riverton,thefts,2026-08,99,final,2|riverton,thefts,2026-09,101,final,1",
		"/observations?indicator=thefts&from=2026-08-01&as_of=" + then:    "riverton,thefts,2026-08,92,final,1",
		"/observations?indicator=thefts&from=2026-08-01&as_of=2020-01-01": "",
	} {
		all, _ := aide.pages(t, path, 1000)
		var got []string
		for _, r := range all[1:] {
			got = append(got, strings.Join(r[:6], ","))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %v, want %s", path, got, want)
		}
	}
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	all, _ := aide.pages(t, "/assessments?as_of="+then, 1000)
	if last := all[len(all)-1]; last[3] != before.In(chicago).Format(time.DateOnly) {
		t.Errorf("judged on %s", last[3])
	}
}

// No cell of a table is computed by a spreadsheet.
func TestFormulas(t *testing.T) {
	i := install(t)
	who := i.as(t, "aide")
	all, _ := who.pages(t, "/indicators?indicator=heating", 1000)
	if all[1][2] != `'=HYPERLINK("http://example.org")` {
		t.Errorf("a title is %s", all[1][2])
	}
	a := who.post(t, "/uploads?city=riverton", "text/csv", "indicator,period,value\nthefts,2026-09,=cmd|' /C calc'!A0\n")
	var report upload.Report
	a.json(t, &report)
	table := rows(t, who.get(t, fmt.Sprintf("/uploads/%d/problems", report.Upload)).body)
	if len(table) != 2 || table[1][6] != "'=cmd|' /C calc'!A0" {
		t.Errorf("the problems are %q", table)
	}
}
