package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/citygauge/citygauge/internal/web"
)

// mostClicks is how many a first-time visitor may need from sign-in to an
// upload that is confirmed.
const mostClicks = 5

const badFile = "indicator,period,value\nthefts,2026-09,12.5\ntheft,2026-09,3\nheating,2026-Q3,5.5\n"

// TestAideInABrowser goes the whole way, as everybody goes it.
func TestAideInABrowser(t *testing.T) {
	browser := startBrowser(t)
	for _, c := range []struct {
		name   string
		before []action
	}{
		{"desktop", []action{desktop, scheme("light")}},
		{"phone", []action{phone, scheme("dark")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := install(t)
			b := i.open(t, browser, c.before...)
			b.signIn(aide)
			if path := b.path(); path != "/cities/riverton" {
				t.Fatalf("an aide is led to %s", path)
			}
			b.keep("1 city")
			b.click(".head a.main", "#file")
			b.keep("2 upload")
			b.clicks += 2 // one at the page, and one at what the browser asks with
			b.choose(written(t, "september.csv", goodFile), chromedp.Click(chromedp.CSS("#file")))
			b.see("form.confirm")
			b.keep("3 preview")
			b.click("form.confirm button", ".notice")
			if said := b.text(); !strings.Contains(said, "Saved. The dashboards show it now.") {
				t.Errorf("the page says %s", said)
			}
			b.keep("4 done")
			if b.clicks > mostClicks {
				t.Errorf("%d clicks, more than %d", b.clicks, mostClicks)
			}
			b.click(".links a[href='/cities/riverton']", ".glance")
			if said := b.text(); !strings.Contains(said, "Data to 30 Sep 2026.") {
				t.Errorf("the city's page says %s", said)
			}
		})
	}
}

func TestBadFileInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, phone, scheme("light"))
	b.signIn(aide)
	b.visit("/cities/riverton/upload")
	b.choose(written(t, "september.csv", badFile), chromedp.Click(chromedp.CSS("#file")))
	b.see(".problems")
	for _, want := range []string{"Not saved", "2 things to correct", "Line 2", "12.5", "Leave out the wrong rows, check 1"} {
		if said := b.text(); !strings.Contains(said, want) {
			t.Errorf("the page does not say %q: %s", want, said)
		}
	}
	b.keep("problems")
	b.click("[name=errors] + button", "form.confirm")
	b.keep("without the wrong rows")
	b.click("form.confirm button", ".notice")
}

func TestHugeFileInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	huge := written(t, "huge.csv", "indicator,period,value\n"+strings.Repeat("thefts,2026-09,1021\n", 40*maxBytes/20))
	t.Run("with JavaScript", func(t *testing.T) {
		b := i.open(t, browser, desktop, scheme("dark"))
		b.signIn(aide)
		b.visit("/cities/riverton/upload")
		b.choose(huge, chromedp.Click(chromedp.CSS("#file")))
		b.see("#wrong")
		if said := b.text(); !strings.Contains(said, "The file is larger than 64 KB. Nothing was saved.") {
			t.Errorf("the page says %s", said)
		}
		b.keep("too large")
		// And the next one is taken.
		b.choose(written(t, "september.csv", goodFile), chromedp.Click(chromedp.CSS("#file")))
		b.see("form.confirm")
	})
	t.Run("without", func(t *testing.T) {
		b := i.open(t, browser, phone, scheme("light"), withoutScripts)
		b.signIn(aide)
		b.visit("/cities/riverton/upload")
		b.choose(huge, chromedp.Click(chromedp.CSS("#file")))
		b.click("#upload button", "#wrong")
		if said := b.text(); !strings.Contains(said, "The file is larger than 64 KB. Nothing was saved.") {
			t.Errorf("the page says %s", said)
		}
	})
}

func TestAideWithoutJavaScript(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, phone, scheme("light"), withoutScripts)
	b.signIn(aide)
	b.click(".head a.main", "#file")
	b.choose(written(t, "september.csv", goodFile), chromedp.Click(chromedp.CSS("#file")))
	b.click("#upload button", "form.confirm")
	b.keep("preview")
	b.click("form.confirm button", ".notice")
	b.click("a[href$='/revert']", "button.danger")
	b.keep("revert")
	b.click("button.danger", ".notice")
	if said := b.text(); !strings.Contains(said, "Reverted. What stood before stands again.") {
		t.Errorf("the page says %s", said)
	}
}

func TestAideByKeyboard(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, desktop, scheme("light"))
	b.visit("/sign-in")
	b.see("[name=name]:focus")
	b.do(chromedp.KeyEvent(aide+"\t"+password+"\r"), chromedp.WaitVisible(chromedp.CSS(".glance")))
	b.do(chromedp.KeyEvent("\t"))
	if evaluate[string](b, "document.activeElement.className") != "skip" {
		t.Error("the first Tab does not lead to the content")
	}
	b.tabTo(".head a.main")
	b.do(chromedp.KeyEvent("\r"))
	b.see("#file")
	b.tabTo("#file")
	b.choose(written(t, "september.csv", goodFile), chromedp.KeyEvent(" "))
	b.see("form.confirm")
	b.tabTo("form.confirm button")
	b.do(chromedp.KeyEvent("\r"))
	b.see(".notice")
	if said := b.text(); !strings.Contains(said, "Saved. The dashboards show it now.") {
		t.Errorf("the page says %s", said)
	}
}

// TestDroppedFile drops a file on the page; of several, none is taken in silence.
func TestDroppedFile(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, desktop, scheme("light"))
	b.signIn(aide)
	b.visit("/cities/riverton/upload")
	drop := func(names ...string) {
		t.Helper()
		b.do(chromedp.Evaluate[chromedp.Void](`(() => {
			const carried = new DataTransfer();
			for (const name of ` + quoted(strings.Join(names, " ")) + `.split(" ")) {
				carried.items.add(new File([` + quoted(goodFile) + `], name, {type: "text/csv"}));
			}
			document.getElementById("upload").dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
		})()`))
	}
	drop("august.csv", "september.csv")
	b.see("#wrong")
	if said := b.text(); !strings.Contains(said, "One file at a time") {
		t.Errorf("the page says %s", said)
	}
	drop("september.csv")
	b.see("form.confirm")
	if said := b.text(); !strings.Contains(said, "september.csv") {
		t.Errorf("the page says %s", said)
	}
}

// TestSheetInABrowser has the sheet that has the numbers be chosen, also by who
// has no JavaScript.
func TestSheetInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, phone, scheme("light"), withoutScripts)
	b.signIn(aide)
	b.visit("/cities/riverton/upload")
	b.choose(written(t, "september.xlsx", twoSheets(t, []any{"About this workbook"})), chromedp.Click(chromedp.CSS("#file")))
	b.click("#upload button", "select[name=sheet]")
	if said := b.text(); !strings.Contains(said, "Not saved") {
		t.Errorf("the page says %s", said)
	}
	b.keep("the wrong sheet")
	b.do(chromedp.Focus(chromedp.CSS("select[name=sheet]")), chromedp.KeyEvent("N"))
	b.click("form:has(select) button", "form.confirm")
	b.keep("the right sheet")
	b.click("form.confirm button", ".notice")
}

// TestSignedOutBeforeAnUpload has a file come late, large enough for the browser
// to be still sending when it is refused: where it leads, and not that the line
// broke, is what is told.
func TestSignedOutBeforeAnUpload(t *testing.T) {
	browser := startBrowser(t)
	const most = 20 << 20
	i := install(t, func(o *web.Options) { o.MaxUpload = most })
	large := written(t, "large.csv", "indicator,period,value\n"+strings.Repeat("thefts,2026-09,1021\n", most/30))
	signOut := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
	for name, c := range map[string]struct {
		before []action
		send   func(*tab)
	}{
		"with JavaScript": {nil, func(*tab) {}},
		"without": {[]action{withoutScripts}, func(b *tab) {
			b.do(chromedp.Click(chromedp.CSS("#upload button")))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := i.open(t, browser, append(c.before, phone)...)
			b.signIn(aide)
			b.visit("/cities/riverton/upload")
			b.do(signOut)
			b.choose(large, chromedp.Click(chromedp.CSS("#file")))
			c.send(b)
			b.see("[name=password]")
			if said := b.text(); !strings.Contains(said, "You are signed out, so nothing was saved. Sign in, and send it again.") {
				t.Errorf("the page says %s", said)
			}
			b.keep("signed out")
			b.do(chromedp.SendKeys(chromedp.CSS("[name=name]"), aide), chromedp.SendKeys(chromedp.CSS("[name=password]"), password))
			b.click("form button.main", "#file")
			if at := b.path(); at != "/cities/riverton/upload" {
				t.Errorf("signing in leads to %s", at)
			}
		})
	}
}

// TestConfirmOnceInABrowser has the button say that it was pressed, until one
// comes back to it.
func TestConfirmOnceInABrowser(t *testing.T) {
	browser := startBrowser(t)
	i := install(t)
	b := i.open(t, browser, desktop, scheme("light"))
	b.signIn(aide)
	b.visit("/cities/riverton/upload")
	b.choose(written(t, "september.csv", goodFile), chromedp.Click(chromedp.CSS("#file")))
	b.see("form.confirm")
	const pressed = `(() => {
		const button = document.querySelector("form.confirm button.main");
		button.form.addEventListener("submit", (event) => event.preventDefault(), {once: true});
		button.click();
		const is = button.textContent + " " + button.disabled;
		window.dispatchEvent(new PageTransitionEvent("pageshow"));
		return is + ", " + button.textContent + " " + button.disabled;
	})()`
	if got := evaluate[string](b, pressed); got != "Saving … true, Confirm and save false" {
		t.Errorf("the button is %s", got)
	}
	b.do(chromedp.DoubleClick(chromedp.CSS("form.confirm button.main")))
	b.see("[href$='/revert']")
	if said := b.text(); !strings.Contains(said, "These numbers are in force.") {
		t.Errorf("the page says %s", said)
	}
}
