package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/citygauge/citygauge/dashboards/provision"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
	"github.com/citygauge/citygauge/internal/web"
	"github.com/citygauge/citygauge/internal/web/api"
	"github.com/citygauge/citygauge/internal/web/grafana"
)

// siteFlags say how people reach the site, and where else they may sign in.
type siteFlags struct {
	BaseURL              string `name:"base-url" placeholder:"URL" help:"Where browsers reach the site, such as https://gauge.example; with https, its cookies are secure (default: where it listens)."`
	OIDCIssuer           string `name:"oidc-issuer" placeholder:"URL" help:"An OpenID provider at which people may sign in, too."`
	OIDCClientID         string `name:"oidc-client-id" placeholder:"ID" help:"How the provider knows citygauge."`
	OIDCClientSecretFile string `name:"oidc-client-secret-file" placeholder:"FILE" help:"The secret that goes with it: the first line of a file."`
	GrafanaURL           string `name:"grafana-url" placeholder:"URL" help:"Where people reach Grafana; pages then link to its dashboards."`
	GrafanaBehind        string `name:"grafana-behind" placeholder:"URL" help:"A Grafana on this machine, such as http://127.0.0.1:3000, that the site serves under /grafana/: whoever is signed in here is signed in there."`
}

// baseURL is where browsers reach the site.
func (f siteFlags) baseURL(l listeners) (*url.URL, error) {
	if f.BaseURL == "" {
		return url.Parse(l.siteURL())
	}
	return url.Parse(f.BaseURL)
}

// check refuses what would only be found out when somebody follows a link, or
// misses a way to sign in.
func (f siteFlags) check() error {
	if at, ok := webAddress(f.BaseURL); !ok || f.BaseURL != "" && strings.Trim(at.Path, "/") != "" {
		return fmt.Errorf("--base-url %s: write the scheme and the host, such as https://gauge.example", f.BaseURL)
	}
	if _, ok := webAddress(f.GrafanaURL); !ok {
		return fmt.Errorf("--grafana-url %s: write a URL, such as https://grafana.example", f.GrafanaURL)
	}
	if f.OIDCIssuer == "" && (f.OIDCClientID != "" || f.OIDCClientSecretFile != "") {
		return errors.New("--oidc-issuer is missing: without it, nobody can sign in at the provider")
	}
	return nil
}

// webAddress reads the URL of a flag, which may be empty.
func webAddress(text string) (*url.URL, bool) {
	at, err := url.Parse(text)
	return at, text == "" || err == nil && at.Host != "" && (at.Scheme == "https" || at.Scheme == "http")
}

// provider is sign-in at the OpenID provider of the flags; nil where there is
// none.
func (f siteFlags) provider(base *url.URL, accounts *account.Service) (web.Provider, error) {
	if f.OIDCIssuer == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	secret, err := f.secret()
	if err != nil {
		return nil, err
	}
	oidc, err := account.NewOIDC(accounts, account.OIDCOptions{
		Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, Secret: secret, RedirectURL: base.JoinPath("/sign-in/oidc/callback").String(),
	})
	if err != nil {
		return nil, usage("--oidc-issuer, --oidc-client-id: %w", err)
	}
	return oidc, nil
}

// secret is what the provider knows citygauge by; none where no file is named.
func (f siteFlags) secret() (string, error) {
	if f.OIDCClientSecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(f.OIDCClientSecretFile)
	if err != nil {
		return "", usage("--oidc-client-secret-file: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line), nil
}

// dashboards is where people reach Grafana; empty where there is none.
func (f siteFlags) dashboards(base *url.URL) string {
	if f.GrafanaURL == "" && f.GrafanaBehind != "" {
		return base.JoinPath(grafana.Path).String()
	}
	return f.GrafanaURL
}

// behind is the Grafana that the site serves; nil where there is none. Its
// organisations and users are those of citygauge grafana apply.
func (f siteFlags) behind(ctx context.Context, g *Global, d *database) (func(web.SignedIn, http.Handler) http.Handler, error) {
	if f.GrafanaBehind == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	readers, err := d.Readers(ctx)
	if err != nil {
		return nil, err
	}
	names := provision.Names(readers.Prefix)
	options := grafana.Options{Upstream: f.GrafanaBehind, Organisation: names.City, Everybody: names.Faculty(), Log: g.log}
	proxy, err := grafana.New(options)
	if err != nil {
		return nil, usage("--grafana-behind: %w", err)
	}
	return func(signedIn web.SignedIn, signIn http.Handler) http.Handler {
		proxy.SignIn = signIn
		proxy.Who = func(r *http.Request) (string, error) {
			who, err := signedIn(r)
			switch {
			case errors.Is(err, account.ErrDenied):
				return "", nil
			case err != nil:
				return "", err
			}
			return names.User(who.ID), nil
		}
		return proxy
	}, nil
}

// site is the pages, the API, and the Grafana behind them.
func (g *Global) site(ctx context.Context, d *database, l listeners, f siteFlags, taking *upload.Service) (http.Handler, error) {
	accounts := g.accounts(d)
	base, err := f.baseURL(l)
	if err != nil {
		return nil, err
	}
	provider, err := f.provider(base, accounts)
	if err != nil {
		return nil, err
	}
	behind, err := f.behind(ctx, g, d)
	if err != nil {
		return nil, err
	}
	programs, err := api.New(api.Options{
		Source: d.Store, Uploads: taking, Accounts: accounts, Tables: export.Tables{}, Unreachable: store.ErrUnreachable,
		Today: g.today, Now: g.now, Log: g.log,
	})
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Source: d.Store, Uploads: taking, Accounts: accounts, OIDC: provider, Sessions: d.Sessions(), API: programs, Grafana: behind,
		Links: web.Links{
			Metrics:   func(city string) string { return l.metricsURL() + "/metrics/cities/" + city },
			Dashboard: dashboardLink(f.dashboards(base)),
		},
		BaseURL: base, Today: g.today, Now: g.now, Log: g.log,
	})
}
