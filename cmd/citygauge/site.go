package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/web"
)

// siteFlags say how people reach the site, and where else they may sign in.
type siteFlags struct {
	BaseURL              string `name:"base-url" placeholder:"URL" help:"Where browsers reach the site, such as https://gauge.example; with https, its cookies are secure (default: where it listens)."`
	OIDCIssuer           string `name:"oidc-issuer" placeholder:"URL" help:"An OpenID provider at which people may sign in, too."`
	OIDCClientID         string `name:"oidc-client-id" placeholder:"ID" help:"How the provider knows citygauge."`
	OIDCClientSecretFile string `name:"oidc-client-secret-file" placeholder:"FILE" help:"The secret that goes with it: the first line of a file."`
}

// baseURL is where browsers reach the site.
func (f siteFlags) baseURL(l listeners) (*url.URL, error) {
	if f.BaseURL == "" {
		return url.Parse(l.siteURL())
	}
	at, err := url.Parse(f.BaseURL)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" {
		return nil, usage("--base-url %s: write the scheme and the host, such as https://gauge.example", f.BaseURL)
	}
	return at, nil
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

// site is the pages over the open database.
func (g *Global) site(d *database, l listeners, f siteFlags, grafanaURL string) (http.Handler, error) {
	accounts := g.accounts(d)
	base, err := f.baseURL(l)
	if err != nil {
		return nil, err
	}
	provider, err := f.provider(base, accounts)
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Source: d.Store, Uploads: g.uploads(d), Accounts: accounts, OIDC: provider, Sessions: d.Sessions(),
		Links: web.Links{
			Metrics:   func(city string) string { return l.metricsURL() + "/metrics/cities/" + city },
			Dashboard: dashboardLink(grafanaURL),
		},
		BaseURL: base, Today: g.today, Now: g.now, Log: g.log,
	})
}
