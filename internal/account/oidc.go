package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// ErrProvider is the error of an OpenID provider that does not answer as it
// should.
var ErrProvider = errors.New("the OpenID provider cannot be used")

// providerPatience is how long a provider may take for an answer.
const providerPatience = 10 * time.Second

// OIDCOptions say how an OpenID provider knows citygauge.
type OIDCOptions struct {
	Issuer           string // https://…, as its discovery document spells it
	ClientID, Secret string // as it registered us
	RedirectURL      string // ours, to which it sends people back
	Client           *http.Client
}

// OIDC is sign-in at an OpenID provider, by authorization code with PKCE.
// Nobody gets an account by it: it finds the one that there is.
type OIDC struct {
	service *Service
	options OIDCOptions

	mu       sync.Mutex
	provider *oidc.Provider // nil until it answered for the first time
}

// NewOIDC is sign-in at a provider. It does not speak with it yet: a provider
// that is down keeps nobody from signing in with a password.
func NewOIDC(service *Service, o OIDCOptions) (*OIDC, error) {
	for _, u := range []struct{ what, text string }{{"the issuer", o.Issuer}, {"the redirect URL", o.RedirectURL}} {
		at, err := url.Parse(u.text)
		if err != nil || at.Host == "" || at.Scheme != "https" && !loopback(at) {
			return nil, fmt.Errorf("%w: %s %q must be a URL that begins with https://", ErrInvalid, u.what, u.text)
		}
	}
	if o.ClientID == "" {
		return nil, fmt.Errorf("%w: the provider's client id is missing", ErrInvalid)
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: providerPatience}
	}
	return &OIDC{service: service, options: o}, nil
}

func loopback(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1")
}

// Discover asks the provider for its addresses and keys, unless it answered
// before. Its error is [ErrProvider].
func (o *OIDC) Discover(ctx context.Context) error {
	_, err := o.discovered(ctx)
	return err
}

func (o *OIDC) discovered(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		provider, err := oidc.NewProvider(oidc.ClientContext(ctx, o.options.Client), o.options.Issuer)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrProvider, err)
		}
		o.provider = provider
	}
	return o.provider, nil
}

func (o *OIDC) config(provider *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: o.options.ClientID, ClientSecret: o.options.Secret, RedirectURL: o.options.RedirectURL,
		Endpoint: provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email"},
	}
}

// Begin is where to send somebody who wants to sign in, and what their session
// must keep until they come back. Its error is [ErrProvider].
func (o *OIDC) Begin(ctx context.Context) (to, attempt string, err error) {
	provider, err := o.discovered(ctx)
	if err != nil {
		return "", "", err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	to = o.config(provider).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return to, strings.Join([]string{state, nonce, verifier}, " "), nil
}

// Finish is the account of somebody who comes back from the provider, with what
// their session kept and what the provider added to the redirect URL. An
// attempt is finished once: take it out of the session before. Its errors are
// [ErrDenied] and [ErrProvider].
func (o *OIDC) Finish(ctx context.Context, attempt string, answer url.Values, address string) (Account, error) {
	kept := strings.Split(attempt, " ")
	if len(kept) != 3 || subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(kept[0])) != 1 {
		return Account{}, ErrDenied
	}
	// Of several providers, one may send the answer of another (RFC 9207).
	if from := answer.Get("iss"); answer.Has("iss") && from != o.options.Issuer {
		return Account{}, ErrDenied
	}
	if answer.Get("error") != "" || answer.Get("code") == "" { // they chose not to
		return Account{}, ErrDenied
	}
	who, email, err := o.ask(ctx, answer.Get("code"), kept[1], kept[2])
	if err != nil {
		return Account{}, err
	}
	return o.service.signInAs(ctx, who, email, address)
}

// ask exchanges a code for who somebody is, and their e-mail address where the
// provider vouches for it.
func (o *OIDC) ask(ctx context.Context, code, nonce, verifier string) (who Identity, email string, err error) {
	provider, err := o.discovered(ctx)
	if err != nil {
		return who, "", err
	}
	ctx = oidc.ClientContext(ctx, o.options.Client)
	tokens, err := o.config(provider).Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.ErrorCode == "invalid_grant" {
		return who, "", ErrDenied // the code is another's, or old
	}
	if err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	checks := provider.VerifierContext(ctx, &oidc.Config{ClientID: o.options.ClientID, Now: o.service.now})
	token, err := checks.Verify(ctx, raw)
	if err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return who, "", ErrDenied
	}
	who = Identity{token.Issuer, token.Subject}
	var claims emailClaims
	if err := token.Claims(&claims); err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if claims.Email == "" && provider.UserInfoEndpoint() != "" {
		if claims, err = userInfo(ctx, provider, tokens, who.Subject); err != nil {
			return who, "", err
		}
	}
	return who, claims.verified(), nil
}

// emailClaims are of an ID token or of user information.
type emailClaims struct {
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // some providers write it as text
}

func (c emailClaims) verified() string {
	if c.Verified == true || c.Verified == "true" {
		return c.Email
	}
	return ""
}

func userInfo(ctx context.Context, provider *oidc.Provider, tokens *oauth2.Token, subject string) (claims emailClaims, err error) {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return claims, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if info.Subject != subject { // it must not be trusted (OpenID Connect Core 5.3.2)
		return claims, ErrDenied
	}
	if err := info.Claims(&claims); err != nil {
		return claims, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	return claims, nil
}
