package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/citygauge/citygauge/internal/progress"
)

// TestPagesInABrowser looks at every page on every kind of screen: nothing
// scrolls sideways, every text can be read, everything can be touched, and the
// browser has nothing to complain of.
func TestPagesInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	i.withSources(t)
	c := i.as(t, aide)
	previewed, applied := c.preview(t, riverton, goodFile), c.preview(t, riverton, "indicator,period,value\nheating,2026-Q3,5.5\n")
	c.post(t, applied+"/commit", nil)
	rejected := c.preview(t, riverton, badFile+"thefts,2026-08,1.234\n")
	for _, who := range []struct {
		name  string
		pages []string
	}{
		{"", []string{"/sign-in"}},
		{mayor, []string{"/cities/riverton", "/account", "/nothing"}},
		{aide, []string{"/cities/riverton/upload", "/uploads", previewed, applied, rejected, applied + "/revert"}},
		{admin, []string{"/cities", "/compare", "/accounts"}},
	} {
		t.Run(strings.TrimSuffix(who.name, "@example.org"), func(t *testing.T) {
			b := i.open(t, browser)
			if who.name != "" {
				b.signIn(who.name)
			}
			for _, path := range who.pages {
				b.visit(path)
				for _, screen := range []struct {
					name string
					on   []action
				}{
					{"desktop light", []action{desktop, scheme("light")}},
					{"desktop dark", []action{desktop, scheme("dark")}},
					{"phone light", []action{phone, scheme("light")}},
					{"phone dark", []action{phone, scheme("dark")}},
				} {
					b.do(screen.on...)
					b.keep(strings.ReplaceAll(path, "/", " ") + ", " + screen.name)
				}
			}
		})
	}
}

// TestStatusesInABrowser has the colours of the statuses be those of progress.
func TestStatusesInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, desktop)
	b.signIn(faculty)
	for _, status := range progress.Statuses() {
		got := evaluate[string](b, `(() => {
			const badge = document.createElement("span");
			badge.className = "status `+string(status)+`";
			badge.textContent = "x";
			document.body.append(badge);
			return getComputedStyle(badge).backgroundColor;
		})()`)
		if colour(t, got) != hexColour(t, status.Colour()) {
			t.Errorf("the colour of %s is %s, want %s", status, got, status.Colour())
		}
	}
	b.checkContrast("statuses")
}

// TestMayorInTenSeconds has what a mayor asks for be on the first screen of a
// phone: how many targets are on track, and how each of them stands.
func TestMayorInTenSeconds(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, phone)
	b.signIn(mayor)
	for _, what := range []string{".head .lead b", ".glance li:last-child .status"} {
		script := fmt.Sprintf("document.querySelector(%s).getBoundingClientRect().bottom <= innerHeight", quoted(what))
		if !evaluate[bool](b, script) {
			t.Errorf("%s is below the first screen", what)
		}
	}
	b.do(chromedp.Click(chromedp.CSS(".glance li:last-child a"), chromedp.NodeVisible))
	b.see(".target:target")
}
