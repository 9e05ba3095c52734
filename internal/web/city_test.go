package web_test

import (
	"encoding/csv"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/web"
)

func TestCityPage(t *testing.T) {
	i := install(t)
	page := i.as(t, mayor).page(t, "/cities/riverton")
	says(t, page,
		"Riverton", "2 of 3 targets on track", "82 days left, until 31 Dec 2026",
		"innerhalb-von-dreißig-Tagen waiting for data", "Homes without heating on track", "Thefts on track",
		"Waiting for numbers", "March 2026 to September 2026, 7 values", "late since 30 Apr 2026",
		"measured", "where it should be", "what the city tried",
		"Homes without heating 2026 on track", "Now 6.6\u00a0%", "Target at most 6.0\u00a0% by 31 Dec 2026", "Foreseen at the end", "likely to meet the target",
		"Needs to fall by", "Show the numbers", "Q2 2026 6.6\u00a0%", "What the city tried", "Street lights", "since 1 Mar 2026", "Data to 30 Jun 2026. The next is due on 30 Oct 2026.",
		"Thefts 2026 on track", "Year at this rate", "Needs at most", "a month for 4 months.",
		"Also measured", "Visits to the park", "20,031 thefts", "August 2026",
		"Earlier years", "Thefts 2025", "Uploads")
	if _, earlier, _ := strings.Cut(page, "Earlier years"); strings.Contains(earlier, "Street lights") {
		t.Error("a year has what the city tried after it")
	}
	if strings.Contains(page, "Upload numbers") || strings.Contains(page, "Lakeside") {
		t.Error("a mayor may upload, or sees another city")
	}
	says(t, i.as(t, aide).page(t, "/cities/riverton"), "Upload numbers", "Due now", "Thefts", "September 2026", "due by 30 Oct 2026", "Upload now")
	for _, who := range []string{both, admin} {
		says(t, i.as(t, who).page(t, "/cities"), "Lakeside", "moving away", "Riverton", "on track")
	}
}

// TestTheYearToCome has a cohort that is declared ahead wait until it begins.
func TestTheYearToCome(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	p.Cohorts = append(p.Cohorts, programme.Cohort{ID: "2027", Starts: programme.NewDate(2027, time.January, 1), Ends: programme.NewDate(2027, time.December, 31)})
	for n := range p.Cities {
		p.Cities[n].Cohorts = append(p.Cities[n].Cohorts, "2027")
		p.Targets = append(p.Targets, programme.Target{
			City: p.Cities[n].ID, Indicator: "thefts", Cohort: "2027", Goal: programme.Goal{Value: -10, Form: programme.Percent},
			Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: year(2026), To: year(2026)}},
		})
	}
	i.apply(t, p)
	says(t, i.as(t, mayor).page(t, "/cities/riverton"), "2 of 3 targets on track", "82 days left, until 31 Dec 2026",
		"Homes without heating 2026 on track", "Years to come", "Thefts 2027 no data yet", "Earlier years", "Thefts 2025")
	says(t, i.as(t, admin).page(t, "/cities"), "on track 3", "moving away 1", "waiting for data 2", "Lakeside")
	says(t, i.as(t, faculty).page(t, "/compare"), "on track 3", "moving away 1", "waiting for data 2")
}

func TestWhereInTheYear(t *testing.T) {
	for day, want := range map[programme.Date][]string{
		programme.NewDate(2024, time.December, 30): {"Starts in 2 days, on 1 Jan 2025", "Years to come"},
		programme.NewDate(2026, time.December, 30): {"1 day left, until 31 Dec 2026"},
		programme.NewDate(2026, time.December, 31): {"The last day"},
		programme.NewDate(2027, time.January, 1):   {"The year ended on 31 Dec 2026", "Earlier years"},
	} {
		i := install(t, func(o *web.Options) { o.Today = func(programme.City) programme.Date { return day } })
		says(t, i.as(t, mayor).page(t, "/cities/riverton"), want...)
	}
}

func TestHeadlinesOfAYear(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	p.Targets = slices.DeleteFunc(p.Targets, func(t programme.Target) bool { return t.Cohort == "2026" })
	if err := i.store.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Prune: true, Agree: func(store.Prospect) bool { return true }}); err != nil {
		t.Fatal(err)
	}
	says(t, i.as(t, mayor).page(t, "/cities/riverton"), "0 of 1 target met", "The year ended on 31 Dec 2025")
}

// A bound of a range is told as it was declared, though it has more decimals than
// the indicator shows.
func TestBoundsAreNotRounded(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	for n, visits := range p.Indicators {
		if visits.ID == "visits" {
			p.Indicators[n].Direction = programme.Maintain
		}
	}
	p.Targets = append(p.Targets, programme.Target{City: "riverton", Indicator: "visits", Cohort: "2026", Band: &programme.Band{Low: 0, High: 0.5}})
	if err := i.store.Apply(t.Context(), p, store.ApplyOptions{Today: onToday, Agree: func(store.Prospect) bool { return true }}); err != nil {
		t.Fatal(err)
	}
	says(t, i.as(t, mayor).page(t, "/cities/riverton"), "from 0 to 0.5 thefts")
}

// TestWhatAVerdictWaitsFor has nobody wonder why there is none, though the newest
// values are there.
func TestWhatAVerdictWaitsFor(t *testing.T) {
	i := install(t)
	i.take(t, "city,indicator,period,value,status\nriverton,thefts,2025-03,delete,\nriverton,thefts,2025-05,1200,provisional\n"+
		"lakeside,thefts,2025-01,delete,\nlakeside,thefts,2025-02,delete,\nlakeside,thefts,2025-03,delete,\nlakeside,thefts,2025-04,delete,\n")
	c := i.as(t, admin)
	says(t, c.page(t, "/cities/riverton"), "Thefts 2025 waiting for data", "Data to 31 Dec 2025. Without a final value: March 2025, May 2025.")
	says(t, c.page(t, "/cities/lakeside"), "Without a final value: January 2025, February 2025, March 2025 and 1 more.")
}

func TestLinks(t *testing.T) {
	i := install(t, func(o *web.Options) {
		o.Links = web.Links{
			Metrics: func(city string) string { return "http://metrics.example/metrics/cities/" + city },
			Dashboard: func(city string, c programme.Cohort) string {
				return "http://grafana.example/d/city?city=" + city + "&cohort=" + c.ID
			},
		}
	})
	const dashboard = `<a href="http://grafana.example/d/city?city=riverton&amp;cohort=2026">Dashboard 2026</a>`
	const metrics = `<a href="http://metrics.example/metrics/cities/riverton">Metrics</a>`
	if page := i.as(t, mayor).page(t, "/cities/riverton"); !strings.Contains(page, dashboard) || strings.Contains(page, "Metrics") {
		t.Error("a mayor is to find dashboards, and no metrics")
	}
	if page := i.as(t, admin).page(t, "/cities/riverton"); !strings.Contains(page, dashboard) || !strings.Contains(page, metrics) {
		t.Error("an admin is to find dashboards and metrics")
	}
}

// TestNamesAreEscaped has nothing that somebody declares or uploads become
// markup.
func TestNamesAreEscaped(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	const hostile = `<script>alert("1")</script>`
	for n := range p.Indicators {
		p.Indicators[n].Title, p.Indicators[n].Unit = hostile, hostile
	}
	p.Interventions[0].Title = hostile
	p.Cities[0].Name, p.Cities[1].Name = hostile, hostile
	i.apply(t, p)
	c := i.as(t, admin)
	path := c.preview(t, riverton, goodFile)
	for _, path := range []string{"/cities", "/cities/riverton", "/cities/riverton/upload", "/compare", path} {
		if page := c.page(t, path); strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
			t.Errorf("%s has %s", path, hostile)
		}
	}
}

func TestCompare(t *testing.T) {
	i := install(t)
	c := i.as(t, faculty)
	says(t, c.page(t, "/compare"), "Cities side by side", "on track 3", "moving away 1", "waiting for data 2",
		"Cold homes", "Median pace", "2 targets", "Street crime", "Riverton", "Thefts", "on track", "Lakeside", "moving away", "No problem named")
	page := c.page(t, "/compare?cohort=2025&problem=street-crime")
	says(t, page, "Street crime", "target missed")
	if strings.Contains(text(page), "Homes without heating") {
		t.Error("the filters do not hold")
	}
	says(t, c.page(t, "/compare?problem=nothing"), "Nothing to compare yet.")

	a := c.get(t, "/compare.csv?problem=street-crime&cohort=2026")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 3 || a.header.Get("Content-Disposition") != "attachment; filename=comparison.csv" {
		t.Fatalf("%v, %v, %s", rows, err, a.header)
	}
	if got := strings.Join(rows[2][:10], ","); got != "riverton,Riverton,US,250000,2026,street-crime,outcome,thefts,Thefts,on-track" {
		t.Errorf("the row is %s", got)
	}
	for n, row := range rows[1:] {
		for _, column := range []int{10, 11, 12} {
			if !regexp.MustCompile(`^-?[0-9.]+$`).MatchString(row[column]) {
				t.Errorf("row %d: %s is %q", n, rows[0][column], row[column])
			}
		}
	}
}

// TestComparisonIsNoFormula has no text be computed, whatever delimiter and
// keyboard a spreadsheet expects.
func TestComparisonIsNoFormula(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	for n := range p.Cities {
		p.Cities[n].Name = `Lakeside; =HYPERLINK("http://evil.example")`
	}
	for n := range p.Indicators {
		p.Indicators[n].Title = "＝1+1"
	}
	i.apply(t, p)
	rows, err := csv.NewReader(strings.NewReader(i.as(t, faculty).get(t, "/compare.csv?cohort=2026").body)).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("%v, %v", rows, err)
	}
	for _, row := range rows[1:] {
		if row[1] != `Lakeside;' =HYPERLINK("http://evil.example")` || row[8] != "'＝1+1" {
			t.Errorf("a spreadsheet may compute %q or %q", row[1], row[8])
		}
	}
}

// TestNamesApart has nobody take a city, or an indicator, for another of the same
// name.
func TestNamesApart(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	for n := range p.Cities {
		p.Cities[n].Name = "Aldermoor"
	}
	for n := range p.Indicators {
		if at := &p.Indicators[n]; at.City == riverton && at.ID != "heating" {
			at.Title = "Cases"
		}
	}
	i.apply(t, p)
	says(t, i.as(t, mayor).page(t, "/cities/riverton"), "Aldermoor", "Cases (calls) waiting for data", "Homes without heating on track", "Cases (thefts) on track",
		"Cases (calls) 2026", "Cases (thefts) 2026", "Cases (visits)")
	says(t, i.as(t, admin).page(t, "/cities"), "Aldermoor (lakeside)", "Aldermoor (riverton)")
	says(t, i.as(t, faculty).page(t, "/compare"), "Aldermoor (riverton) Homes without heating", "Aldermoor (riverton) Cases (thefts) on track", "Aldermoor (lakeside) Thefts")
	c := i.as(t, aide)
	says(t, c.page(t, c.preview(t, riverton, goodFile)), "Cases (thefts)")
}

func TestAccounts(t *testing.T) {
	i := install(t)
	c := i.as(t, admin)
	says(t, c.page(t, "/accounts"), "aide@example.org", "Ada Aide", "aide", "riverton", "never", "Add an account")
	add := func(name, role, cities string) answer {
		return c.post(t, "/accounts", form("name", name, "role", role, "cities", cities))
	}
	a := add("new@example.org", "aide", "riverton, lakeside")
	says(t, a.body, "The password of new@example.org, shown once:", "new@example.org", "lakeside, riverton")
	shownOnce := regexp.MustCompile(`<code>([A-Z2-7]+)</code>`)
	given := shownOnce.FindStringSubmatch(a.body)
	if given == nil {
		t.Fatalf("no password in\n%s", text(a.body))
	}
	if _, err := i.SignIn(t.Context(), "new@example.org", given[1], "192.0.2.1"); err != nil {
		t.Errorf("the password does not let in: %v", err)
	}
	for _, wrong := range []struct{ name, role, cities, want string }{
		{"new@example.org", "aide", "riverton", "There is such an account already."},
		{"other2@example.org", "aide", "nowhere", "There is no such city."},
		{"nobody", "admin", "", "That cannot be."},
	} {
		says(t, add(wrong.name, wrong.role, wrong.cities).body, wrong.want)
	}
	who, err := i.Named(t.Context(), "new@example.org")
	if err != nil {
		t.Fatal(err)
	}
	at := "/accounts/" + number(who.ID)
	c.post(t, at+"/disable", nil)
	if who, err = i.Named(t.Context(), who.Name); err != nil || !who.Disabled {
		t.Errorf("not disabled (%v)", err)
	}
	c.post(t, at+"/enable", nil)
	given = shownOnce.FindStringSubmatch(c.post(t, at+"/reset", nil).body)
	if given == nil {
		t.Fatal("no new password")
	}
	if _, err := i.SignIn(t.Context(), who.Name, given[1], "192.0.2.1"); err != nil {
		t.Errorf("the new password does not let in: %v", err)
	}
	self, err := i.Named(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"/disable", "/reset"} {
		if a := c.post(t, "/accounts/"+number(self.ID)+do, nil); a.code != 404 {
			t.Errorf("an admin may lock themselves out: %d", a.code)
		}
	}
}

// TestManyCities: what does not fit onto a page is on the next, and one finds a
// city by its name.
func TestManyCities(t *testing.T) {
	i := install(t)
	p := cohortOfCities()
	template := p.Indicators[0]
	for n := range 120 {
		id := fmt.Sprintf("town-%03d", n)
		p.Cities = append(p.Cities, programme.City{ID: id, Name: fmt.Sprintf("Town %03d", n), Country: "US", Population: 150_000, Cohorts: []string{"2026"}})
		template.City, template.ID, template.Problem = id, "thefts", "street-crime"
		p.Indicators = append(p.Indicators, template)
		p.Targets = append(p.Targets, programme.Target{
			City: id, Indicator: "thefts", Cohort: "2026", Goal: programme.Goal{Value: -10, Form: programme.Percent},
			Baseline: programme.Baseline{Auto: true, Period: programme.Range{From: year(2025), To: year(2025)}},
		})
	}
	i.apply(t, p)
	c := i.as(t, faculty)

	first := c.page(t, "/cities")
	above, _, _ := strings.Cut(first, `class="cities"`)
	if n := strings.Count(first, `<li class="card">`); n != 100 || strings.Contains(above, `class="counts"`) {
		t.Errorf("the first page has %d cities, and counts that are not of all", n)
	}
	next := link(t, first, "Next page")
	second := c.page(t, next)
	says(t, second, "Town 098", "Town 119", "First page")
	if n := strings.Count(second, `<li class="card">`); n != 22 || strings.Contains(second, "Next page") {
		t.Errorf("the page %s has %d cities", next, n)
	}
	found := c.page(t, "/cities?name=wn+01")
	if n := strings.Count(found, `<li class="card">`); n != 10 || !strings.Contains(found, `value="wn 01"`) {
		t.Errorf("%d cities are found", n)
	}
	says(t, c.page(t, "/cities?name=%25"), "No city’s name has “%” in it.")

	page := c.page(t, "/compare")
	if n := strings.Count(page, "Town "); n != 98 || strings.Index(page, "Riverton") > strings.Index(page, "Town ") {
		t.Errorf("%d towns stand behind the two cities with a pace", n)
	}
	if n := strings.Count(c.page(t, link(t, page, "Show all 122")), "Town "); n != 120 {
		t.Errorf("when all are shown, there are %d towns", n)
	}
	if n := strings.Count(c.page(t, "/compare?cohort=2025"), "Town "); n != 0 {
		t.Errorf("%d towns are in a cohort that they are not in", n)
	}
}

// link is where a page's link of some words leads.
func link(t *testing.T, page, words string) string {
	t.Helper()
	m := regexp.MustCompile(`<a class="button" href="([^"]*)">` + words + `</a>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no link %q", words)
	}
	return html.UnescapeString(m[1])
}
