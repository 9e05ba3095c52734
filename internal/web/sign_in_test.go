package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/alexedwards/scs/v2"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/web"
)

func TestSignIn(t *testing.T) {
	i := install(t)
	c := i.visitor(t)
	a := c.post(t, "/sign-in", url.Values{"name": {aide}, "password": {"wrong"}})
	unknown := c.post(t, "/sign-in", url.Values{"name": {"nobody@example.org"}, "password": {"wrong"}})
	if a.code != http.StatusUnauthorized || unknown.code != a.code || text(unknown.body) != text(a.body) {
		t.Errorf("%d and %d, which tell whether there is an account", a.code, unknown.code)
	}
	says(t, a.body, "do not belong together")
	if !strings.Contains(a.body, `value="`+aide+`"`) || strings.Contains(a.body, "wrong\"") {
		t.Error("the name is to stay, and the password to go")
	}
	for range 20 {
		a = c.post(t, "/sign-in", url.Values{"name": {aide}, "password": {"wrong"}})
	}
	if a.code != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Errorf("after many attempts: %d, %q", a.code, a.header.Get("Retry-After"))
	}
	says(t, a.body, "There were too many attempts.")
}

func TestSignInLeadsBack(t *testing.T) {
	i := install(t)
	a := i.visitor(t).get(t, "/uploads?before=7")
	if to := a.header.Get("Location"); to != "/sign-in?next=%2Fuploads%3Fbefore%3D7" {
		t.Errorf("led to %s", to)
	}
	// A form that is sent after one's session ended leads back to its page.
	for from, want := range map[string]string{
		i.url + "/cities/riverton/upload":           "/sign-in?ended=1&next=%2Fcities%2Friverton%2Fupload",
		"https://elsewhere.example/cities/riverton": "/sign-in?ended=1",
		"": "/sign-in?ended=1",
	} {
		c := i.visitor(t)
		r := c.request(t, http.MethodPost, "/cities/riverton/upload", nil)
		r.Header.Set("Referer", from)
		if to := c.do(t, r).header.Get("Location"); to != want {
			t.Errorf("a form of %q leads to %s, want %s", from, to, want)
		}
	}
	for next, want := range map[string]string{
		"/uploads?before=7": "/uploads?before=7", "": "/", "https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/", "javascript:alert(1)": "/",
	} {
		a := i.visitor(t).post(t, "/sign-in", url.Values{"name": {aide}, "password": {password}, "next": {next}})
		if to := a.header.Get("Location"); to != want {
			t.Errorf("next %q leads to %s, want %s", next, to, want)
		}
	}
}

func TestSessions(t *testing.T) {
	i := install(t)
	c, elsewhere := i.as(t, aide), i.as(t, aide)
	out := func(c *client) bool { return c.get(t, "/account").code == http.StatusSeeOther }
	if a := c.post(t, "/sign-out", nil); a.code != http.StatusSeeOther || !out(c) || out(elsewhere) {
		t.Error("signing out is to end this session, and no other")
	}
	c = i.as(t, aide)
	if c.post(t, "/account/sign-out", nil); !out(c) || !out(elsewhere) {
		t.Error("signing out everywhere is to end them all")
	}
	c, elsewhere = i.as(t, aide), i.as(t, aide)
	for _, wrong := range []struct {
		old, new string
		want     string
	}{{"wrong", "another good password", "The password now is not right."}, {password, "short", "Take at least 12 characters"}} {
		a := c.post(t, "/account/password", url.Values{"old": {wrong.old}, "new": {wrong.new}})
		if a.code != http.StatusUnprocessableEntity {
			t.Errorf("%d", a.code)
		}
		says(t, a.body, wrong.want)
	}
	a := c.post(t, "/account/password", url.Values{"old": {password}, "new": {"another good password"}})
	if a.code != http.StatusSeeOther || !out(elsewhere) {
		t.Errorf("%d: a new password is to end all sessions but this one", a.code)
	}
	says(t, c.page(t, "/account"), "The password was changed.")

	who, err := i.Named(t.Context(), aide)
	if err == nil {
		err = i.SetDisabled(t.Context(), account.Actor{Name: "operator"}, who.ID, true)
	}
	if err != nil || !out(c) {
		t.Errorf("a disabled account is to be out at once (%v)", err)
	}
}

func TestCookies(t *testing.T) {
	for _, c := range []struct {
		base, name string
		secure     bool
	}{{"http://127.0.0.1:8080", "citygauge", false}, {"https://gauge.example", "__Host-citygauge", true}} {
		t.Run(c.base, func(t *testing.T) {
			base, err := url.Parse(c.base)
			if err != nil {
				t.Fatal(err)
			}
			i := install(t, func(o *web.Options) { o.BaseURL = base })
			a := i.visitor(t).post(t, "/sign-in", url.Values{"name": {aide}, "password": {password}})
			cookies := (&http.Response{Header: a.header}).Cookies()
			if len(cookies) != 1 {
				t.Fatalf("%d cookies", len(cookies))
			}
			k := cookies[0]
			if k.Name != c.name || k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
				t.Errorf("the cookie is %s", k)
			}
		})
	}
}

// A session that somebody planted does not become that of who signs in.
func TestSessionIsRenewed(t *testing.T) {
	i := install(t)
	c := i.visitor(t)
	at, err := url.Parse(i.url)
	if err != nil {
		t.Fatal(err)
	}
	c.Jar.SetCookies(at, []*http.Cookie{{Name: "citygauge", Value: "planted-by-somebody-else", Path: "/"}})
	c.post(t, "/sign-in", url.Values{"name": {aide}, "password": {password}})
	for _, cookie := range c.Jar.Cookies(at) {
		if cookie.Value == "planted-by-somebody-else" {
			t.Error("the planted session is in use")
		}
	}
	if a := c.get(t, "/account"); a.code != http.StatusOK {
		t.Errorf("%d", a.code)
	}
}

func TestOtherSitesMayNotPost(t *testing.T) {
	i := install(t)
	c := i.as(t, aide)
	r := c.request(t, http.MethodPost, "/account/sign-out", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	a := c.do(t, r)
	if a.code != http.StatusForbidden || a.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d, %v", a.code, a.header)
	}
	says(t, a.body, "The request came from another site")
	if c.get(t, "/account").code != http.StatusOK {
		t.Error("the session is over")
	}
}

func TestHeaders(t *testing.T) {
	i := install(t)
	c := i.as(t, aide)
	for _, path := range []string{"/cities/riverton", "/sign-in", "/nothing", "/style.css", "/upload.js", "/favicon.svg"} {
		a := c.get(t, path)
		cache := "no-store"
		if strings.Contains(path, ".") {
			cache = "max-age=300"
		}
		for name, want := range map[string]string{
			"Cache-Control": cache, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		for _, inline := range []string{"<script>", "<style", " style=", "onclick"} {
			if strings.Contains(a.body, inline) {
				t.Errorf("%s has %s", path, inline)
			}
		}
	}
	r := c.request(t, http.MethodGet, "/style.css", nil)
	r.Header.Set("If-None-Match", c.get(t, "/style.css").header.Get("ETag"))
	if a := c.do(t, r); a.code != http.StatusNotModified {
		t.Errorf("a style sheet that is known is sent again: %d", a.code)
	}
	if a := c.do(t, c.request(t, http.MethodHead, "/cities/riverton", nil)); a.code != http.StatusOK || a.body != "" {
		t.Errorf("HEAD: %d, %q", a.code, a.body)
	}
	if a := c.do(t, c.request(t, http.MethodPut, "/cities/riverton", nil)); a.code == http.StatusOK {
		t.Errorf("PUT: %d", a.code)
	}
}

// provider is an identity provider that lets somebody in, or does not.
type provider struct {
	who account.Account
	err error
}

func (p *provider) Begin(context.Context) (to, attempt string, err error) {
	return "https://provider.example/authorize?state=1", "attempt", p.err
}

func (p *provider) Finish(_ context.Context, attempt string, _ url.Values, _ string) (account.Account, error) {
	if attempt != "attempt" {
		return account.Account{}, account.ErrDenied
	}
	return p.who, p.err
}

func TestSignInElsewhere(t *testing.T) {
	p := &provider{}
	i := install(t, func(o *web.Options) { o.OIDC = p })
	var err error
	if p.who, err = i.Named(t.Context(), aide); err != nil {
		t.Fatal(err)
	}
	c := i.visitor(t)
	says(t, c.page(t, "/sign-in"), "Sign in with your organisation’s account")
	if a := c.get(t, "/sign-in/oidc?next=/uploads"); a.header.Get("Location") != "https://provider.example/authorize?state=1" {
		t.Errorf("led to %s", a.header.Get("Location"))
	}
	if a := c.get(t, "/sign-in/oidc/callback?code=1"); a.header.Get("Location") != "/uploads" || c.get(t, "/account").code != http.StatusOK {
		t.Errorf("%d to %s", a.code, a.header.Get("Location"))
	}
	// An attempt is good once, and for the browser that began it.
	a := i.visitor(t).get(t, "/sign-in/oidc/callback?code=1")
	if a.code != http.StatusUnauthorized {
		t.Errorf("%d", a.code)
	}
	says(t, a.body, "Nobody here is known by that account.")
	p.err = errors.Join(account.ErrProvider, errors.New("connection refused"))
	a = i.visitor(t).get(t, "/sign-in/oidc")
	if a.code != http.StatusServiceUnavailable || strings.Contains(a.body, "refused") {
		t.Errorf("%d", a.code)
	}
	says(t, a.body, "Your organisation’s sign-in does not answer.")
}

// TestProxyWithAPassword has a password that a proxy in front asks for, and
// hands on, do no harm.
func TestProxyWithAPassword(t *testing.T) {
	i := install(t)
	for name, c := range map[string]*client{"nobody": i.visitor(t), "an aide": i.as(t, aide)} {
		for _, path := range []string{"/sign-in", "/cities/riverton"} {
			plain, r := c.get(t, path), c.request(t, http.MethodGet, path, nil)
			r.SetBasicAuth("office", "sesame")
			if a := c.do(t, r); a.code != plain.code {
				t.Errorf("%s, %s: %d, and %d without it", name, path, a.code, plain.code)
			}
		}
	}
}

// helloAPI answers with the name of who is signed in.
type helloAPI struct{}

func (a helloAPI) Handler(signedIn web.SignedIn) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := signedIn(r)
		if err != nil {
			a.Fail(w, r, err)
			return
		}
		_, _ = w.Write([]byte(who.Name))
	})
}

func (helloAPI) Fail(w http.ResponseWriter, _ *http.Request, err error) {
	code := http.StatusServiceUnavailable
	if errors.Is(err, account.ErrDenied) {
		code = http.StatusUnauthorized
	}
	http.Error(w, err.Error(), code)
}

func TestAPIIsMounted(t *testing.T) {
	i := install(t, func(o *web.Options) { o.API = helloAPI{} })
	if a := i.visitor(t).get(t, "/api/v1/cities"); a.code != http.StatusUnauthorized {
		t.Errorf("%d", a.code)
	}
	c := i.as(t, aide)
	if a := c.get(t, "/api/v1/cities"); a.body != aide {
		t.Errorf("%d: %s", a.code, a.body)
	}
	r := c.request(t, http.MethodGet, "/api/v1/cities", nil)
	r.Header.Set("Authorization", "Bearer cg_wrong")
	if a := c.do(t, r); a.code != http.StatusUnauthorized {
		t.Errorf("a token beside a session: %d", a.code)
	}
}

// outage breaks, when it is on, what tells who is signed in.
type outage struct {
	web.Accounts
	scs.CtxStore
	accounts, sessions bool
}

var errOutage = errors.New("the database is away")

func (o *outage) BySession(ctx context.Context, session string) (account.Account, error) {
	if o.accounts {
		return account.Account{}, errOutage
	}
	return o.Accounts.BySession(ctx, session)
}

func (o *outage) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if o.sessions {
		return nil, false, errOutage
	}
	return o.CtxStore.FindCtx(ctx, token)
}

// Nobody is told that they are signed out because it cannot be found out, and
// the API answers in its own way.
func TestSessionsCannotBeRead(t *testing.T) {
	var o outage
	i := install(t, func(options *web.Options) {
		sessions, ok := options.Sessions.(scs.CtxStore)
		if !ok {
			t.Fatal("sessions do not heed a request's end")
		}
		o.Accounts, o.CtxStore = options.Accounts, sessions
		options.Accounts, options.Sessions, options.API = &o, &o, helloAPI{}
	})
	c := i.as(t, aide)
	for name, broken := range map[string]*bool{"accounts": &o.accounts, "sessions": &o.sessions} {
		*broken = true
		if a := c.get(t, "/cities/riverton"); a.code != http.StatusServiceUnavailable || !strings.Contains(a.header.Get("Content-Type"), "html") {
			t.Errorf("without %s a page is %d, %s", name, a.code, a.header)
		}
		if a := c.get(t, "/api/v1/cities"); a.code != http.StatusServiceUnavailable || !strings.Contains(a.body, errOutage.Error()) || strings.Contains(a.body, "<html") {
			t.Errorf("without %s the API answers %d, %s", name, a.code, a.body)
		}
		*broken = false
	}
	if a := c.get(t, "/cities/riverton"); a.code != http.StatusOK {
		t.Errorf("afterwards the page is %d", a.code)
	}
}
