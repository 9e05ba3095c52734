package web_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
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
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
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

// tab is a browser's tab, with somebody in front of it.
type tab struct {
	t       *testing.T
	ctx     context.Context
	url     string // of the site
	clicks  int
	mu      sync.Mutex
	grumble []string // what the browser finds wrong
}

type action = chromedp.Action[chromedp.Void]

// open opens a tab in a browser context of its own: nobody is signed in there.
func (i *installation) open(t *testing.T, browser context.Context, before ...action) *tab {
	t.Helper()
	tab := &tab{t: t, url: i.url}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.note))
	t.Cleanup(cancel)
	tab.ctx = ctx
	tab.do(before...)
	t.Cleanup(func() {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, complaint := range tab.grumble {
			t.Errorf("the browser complains: %s", complaint)
		}
	})
	return tab
}

func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		// What is refused answers with 4xx, and says so on the page.
		if !strings.Contains(e.Entry.Text, "the server responded with a status of 4") {
			b.grumble = append(b.grumble, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		b.grumble = append(b.grumble, "console."+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.grumble = append(b.grumble, e.ExceptionDetails.Text)
	}
}

func (b *tab) do(actions ...action) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("%v; the page says: %s", err, b.text())
	}
}

func run[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func evaluate[T any](b *tab, script string) T {
	b.t.Helper()
	return run(b, chromedp.Evaluate[T](script))
}

func (b *tab) text() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text), " ")
}

// path is where the tab is.
func (b *tab) path() string {
	b.t.Helper()
	return strings.TrimPrefix(run(b, chromedp.Location()), b.url)
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// click clicks, and waits for what then is to be seen.
func (b *tab) click(what, then string) {
	b.t.Helper()
	b.clicks++
	b.do(chromedp.Click(chromedp.CSS(what), chromedp.NodeVisible))
	b.see(then)
}

func (b *tab) see(what string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(what)))
}

func (b *tab) signIn(name string) {
	b.t.Helper()
	b.visit("/sign-in")
	b.do(chromedp.SendKeys(chromedp.CSS("[name=name]"), name), chromedp.SendKeys(chromedp.CSS("[name=password]"), password))
	b.click("form button.main", ".site nav")
}

// choose picks a file where the browser asks for one because of a trigger.
func (b *tab) choose(file string, trigger action) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
		return err
	}))
	asked := run(b, chromedp.WaitEvent(page.FileChooserOpened, nil, trigger))
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, BackendNodeID: asked.BackendNodeID})
		return err
	}))
}

// tabTo presses Tab until something is focused.
func (b *tab) tabTo(what string) {
	b.t.Helper()
	const most = 60
	for range most {
		b.do(chromedp.KeyEvent("\t"))
		if evaluate[bool](b, "document.activeElement.matches("+quoted(what)+")") {
			// Who looks must see where they are.
			if !evaluate[bool](b, "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2") {
				b.t.Errorf("the focus on %s cannot be seen", what)
			}
			return
		}
	}
	b.t.Fatalf("no Tab leads to %s", what)
}

func quoted(text string) string { return "`" + text + "`" }

// keep keeps what the page looks like with what go test -artifacts keeps, and
// makes sure that it can be read and touched.
func (b *tab) keep(name string) {
	b.t.Helper()
	const best = 100
	file := filepath.Join(b.t.ArtifactDir(), name+".png")
	if err := os.WriteFile(file, run(b, chromedp.FullScreenshot(best)), 0o644); err != nil {
		b.t.Fatal(err)
	}
	if got, room := evaluate[int64](b, "document.documentElement.scrollWidth"), evaluate[int64](b, "document.documentElement.clientWidth"); got > room {
		b.t.Errorf("%s: the page is %d pixels wide on a screen of %d", name, got, room)
	}
	b.checkContrast(name)
	b.checkFingers(name)
	b.checkNames(name)
}

func scheme(name string) action {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

var (
	desktop        = chromedp.EmulateViewport(1200, 800)
	phone          = chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)
	withoutScripts = chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
)

// written is a file with content.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
