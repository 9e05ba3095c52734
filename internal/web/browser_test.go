package web_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/citygauge/citygauge/internal/progress"
)

// startBrowser starts a real one, for all the subtests of a test.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("find a browser: %v: install Debian's package chromium", err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.DisableGPU, chromedp.NoFirstRun,
		// Root cannot have chromium's sandbox, and the pages are our own.
		chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

// complaints are what a browser finds wrong with a page.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) note(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		c.list = append(c.list, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		c.list = append(c.list, "console."+string(e.Type))
	case *runtime.EventExceptionThrown:
		c.list = append(c.list, e.ExceptionDetails.Text)
	}
}

func (c *complaints) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

// show opens an address in a tab of its own, and keeps what it looks like with
// what go test -artifacts keeps.
func show(t *testing.T, browser context.Context, address string, before ...chromedp.Action[chromedp.Void]) context.Context {
	t.Helper()
	var complained complaints
	tab, cancel := chromedp.NewContext(browser, chromedp.WithListener(complained.note))
	t.Cleanup(cancel)
	if err := chromedp.Do(tab, append(before, chromedp.Navigate(address))...); err != nil {
		t.Fatal(err)
	}
	const best = 100
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), filepath.Base(t.Name())+".png"), run(t, tab, chromedp.FullScreenshot(best)), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, complaint := range complained.all() {
			t.Errorf("the browser complains: %s", complaint)
		}
	})
	return tab
}

func run[T any](t *testing.T, tab context.Context, action chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(tab, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func evaluate[T any](t *testing.T, tab context.Context, script string) T {
	t.Helper()
	return run(t, tab, chromedp.Evaluate[T](script))
}

func scheme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

func withoutScripts(ctx context.Context, tab *chromedp.Target) error {
	_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
}

func TestPageInABrowser(t *testing.T) {
	browser := startBrowser(t)
	handler, _ := pages(t, source{standings: cohortOfCities()}, links)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	const desktop, phone = 1200, 390
	for _, c := range []struct {
		name   string
		width  int64
		before []chromedp.Action[chromedp.Void]
	}{
		{"desktop, light", desktop, []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(desktop, 800), scheme("light")}},
		{"desktop, dark", desktop, []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(desktop, 800), scheme("dark")}},
		{"phone, light", phone, []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(phone, 844, chromedp.EmulateMobile), scheme("light")}},
		{"phone, dark", phone, []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(phone, 844, chromedp.EmulateMobile), scheme("dark")}},
		{"phone without JavaScript", phone, []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(phone, 844, chromedp.EmulateMobile), chromedp.Func(withoutScripts)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := show(t, browser, server.URL, c.before...)
			if width := evaluate[int64](t, tab, "document.documentElement.scrollWidth"); width > c.width {
				t.Errorf("the page is %d pixels wide on a screen of %d", width, c.width)
			}
			text := evaluate[string](t, tab, "document.body.innerText")
			for _, status := range progress.Statuses() {
				if !strings.Contains(text, status.Words()) {
					t.Errorf("%q cannot be seen", status.Words())
				}
				script := fmt.Sprintf("getComputedStyle(document.querySelector('.targets .%s')).borderLeftColor", status)
				if got, want := evaluate[string](t, tab, script), status.Colour(); colour(t, got) != hexColour(t, want) {
					t.Errorf("the colour of %s is %s, want %s", status, got, want)
				}
			}
			checkContrast(t, tab)
			checkFingers(t, tab)
		})
	}
}

func TestCitiesAreFoundWithoutJavaScript(t *testing.T) {
	browser := startBrowser(t)
	handler, _ := pages(t, source{standings: cohortOfCities()}, links)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	tab := show(t, browser, server.URL, chromedp.Func(withoutScripts), chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	err := chromedp.Do(tab,
		chromedp.Click(chromedp.CSS("summary"), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS(`.index a[href="#riverton"]`), chromedp.NodeVisible))
	if err != nil {
		t.Fatal(err)
	}
	if address := run(t, tab, chromedp.Location()); address != server.URL+"/#riverton" {
		t.Errorf("the link leads to %s", address)
	}
}
