package grafana

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// Path is where the site has Grafana; Grafana is configured for it (root_url
// and serve_from_sub_path).
const Path = "/grafana/"

// Grafana's own pages to sign in and out, which have no meaning here.
const (
	signIn  = Path + "login"
	signOut = Path + "logout"
)

// socketLife is how long a WebSocket may last: then the browser opens another
// one, if its visitor is still signed in.
const socketLife = 15 * time.Minute

// Options are what the proxy goes by.
type Options struct {
	// Upstream is where Grafana listens, such as http://127.0.0.1:3000, without
	// a path.
	Upstream string
	// Who is the login in Grafana of whoever is signed in to the site; empty is
	// nobody. Its error is that it cannot be told.
	Who func(*http.Request) (login string, err error)
	// SignIn answers who asks for a page without being signed in.
	SignIn http.Handler
	// Organisation is the name of a city's organisation, and Everybody that of
	// the one that has all cities.
	Organisation func(city string) string
	Everybody    string
	// Transport sends requests; nil is Go's own.
	Transport http.RoundTripper
	Log       *slog.Logger
}

// Proxy serves a Grafana under [Path].
type Proxy struct {
	Options
	upstream *url.URL
	reverse  *httputil.ReverseProxy
	origin   *http.CrossOriginProtection
}

// New serves a Grafana. Its address must be without a path.
func New(o Options) (*Proxy, error) {
	upstream, err := url.Parse(o.Upstream)
	if err != nil || upstream.Scheme != "http" && upstream.Scheme != "https" || upstream.Host == "" || strings.Trim(upstream.Path, "/") != "" || upstream.User != nil {
		return nil, errors.New("the address of Grafana behind the site must be a URL without a path or password, such as http://127.0.0.1:3000")
	}
	upstream.Path = ""
	p := &Proxy{Options: o, upstream: upstream, origin: http.NewCrossOriginProtection()}
	p.reverse = &httputil.ReverseProxy{
		Rewrite: p.rewrite, ModifyResponse: p.modify, ErrorHandler: p.failed, Transport: o.Transport,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug), // readers who leave
	}
	return p, nil
}

// login is the key of the visitor's login in a request's context.
type login struct{}

// ServeHTTP serves a request below [Path].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	who, err := p.Who(r)
	switch {
	case err != nil || who == "":
		p.nobody(w, r, err)
		return
	case r.URL.Path == signIn || r.URL.Path == signOut:
		http.Redirect(w, r, Path, http.StatusSeeOther)
		return
	case !served(r.URL.Path):
		http.NotFound(w, r)
		return
	case p.origin.Check(r) != nil || !sameOrigin(r):
		http.Error(w, "This was asked for by a page of another site.", http.StatusForbidden)
		return
	}
	ctx := context.WithValue(r.Context(), login{}, who)
	if socket(r) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, socketLife)
		defer cancel()
	}
	r = r.WithContext(ctx)
	if to := p.inOrganisation(r, who); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	p.reverse.ServeHTTP(w, r)
}

// served reports whether a path is Grafana's for visitors: its own metrics are
// its operator's.
func served(path string) bool {
	below, ok := strings.CutPrefix(path, Path)
	return ok && !strings.HasPrefix(below, "metrics") && !strings.Contains(path+"/", "/../")
}

// rewrite makes the request that Grafana gets. What the Connection header of
// the visitor's names is out of it already, and cannot take the login out. The
// host stays the site's, with which Grafana compares a WebSocket's origin.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host = p.upstream.Scheme, p.upstream.Host
	r.Out.Header = only(r.Out.Header)
	r.Out.Trailer = nil
	who, _ := r.In.Context().Value(login{}).(string)
	r.Out.Header.Set(userHeader, who)
}

// modify takes out of an answer what would be the site's.
func (p *Proxy) modify(r *http.Response) error {
	r.Header.Del("Set-Cookie")
	r.Header.Del("Service-Worker-Allowed")
	r.Header.Del("Clear-Site-Data")
	to, err := url.Parse(r.Header.Get("Location"))
	switch {
	// Grafana 9 says so, and 10 leads to its own sign-in.
	case r.StatusCode == http.StatusProxyAuthRequired, err == nil && to.Path == signIn:
		return errUnknown
	// Changing the organisation, Grafana leads to where it believes to be.
	case err == nil && strings.HasPrefix(to.Path, Path):
		to.Scheme, to.Host, to.User = "", "", nil
		r.Header.Set("Location", to.String())
	case err == nil && to.Path != "" && (to.Host == "" || to.Host == r.Request.Host):
		return errElsewhere
	}
	return nil
}

// socket reports whether a request asks for a WebSocket.
func socket(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

// sameOrigin reports whether a WebSocket is asked for by a page of the site:
// browsers let any page ask, with the visitor's cookies.
func sameOrigin(r *http.Request) bool {
	if !socket(r) {
		return true
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host == r.Host
}

const longestAnswer = 1 << 20 // bytes of Grafana's about a visitor

// ask asks Grafana something as the visitor.
func (p *Proxy) ask(ctx context.Context, who, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.upstream.JoinPath(Path, path).String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set(userHeader, who)
	transport := p.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("Grafana answers %s with %s", path, response.Status) //nolint:staticcheck // its name
	}
	return io.ReadAll(io.LimitReader(response.Body, longestAnswer))
}
