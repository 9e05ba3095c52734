package account_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/citygauge/citygauge/internal/account"
)

const (
	clientID     = "citygauge"
	clientSecret = "a secret of ours"
	redirectURL  = "https://citygauge.example.org/sign-in/back"
)

// provider is a real OpenID provider, at which people sign in without being
// asked.
type provider struct {
	*httptest.Server
	people people
	who    string // signs in next, by id
}

// people are those whom the provider knows, by id.
type people map[string]*storage.User

func (p people) GetUserByID(id string) *storage.User { return p[id] }

func (p people) GetUserByUsername(name string) *storage.User {
	for _, u := range p {
		if u.Username == name {
			return u
		}
	}
	return nil
}

func (people) ExampleClientID() string { return storage.ServiceUserID }

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{people: people{}}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	kept := storage.NewStorageWithClients(p.people, map[string]*storage.Client{clientID: storage.WebClient(clientID, clientSecret, redirectURL)})
	provider, err := op.NewProvider(&op.Config{CryptoKey: [32]byte{1}, CryptoKeyId: "1", CodeMethodS256: true}, kept,
		op.StaticIssuer(p.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	onwards := op.AuthCallbackURL(provider)
	mux.Handle("/", provider)
	issued := op.NewIssuerInterceptor(provider.IssuerFromRequest)
	mux.Handle("/login/username", issued.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := r.FormValue("authRequestID")
		if err := kept.CheckUsernamePassword(p.who, "a password", request); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, onwards(r.Context(), request), http.StatusFound)
	}))
	return p
}

// knows has the provider know somebody.
func (p *provider) knows(id, email string, verified bool) {
	p.people[id] = &storage.User{ID: id, Username: id, Password: "a password", Email: email, EmailVerified: verified}
}

// visit goes to the provider as somebody, and is sent back with its answer.
func (p *provider) visit(t *testing.T, to, who string) url.Values {
	t.Helper()
	p.who = who
	client := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirectURL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	defer client.CloseIdleConnections()
	response, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	back, err := response.Location()
	if err != nil {
		text, _ := io.ReadAll(response.Body)
		t.Fatalf("the provider does not send %s back: %s: %s", who, response.Status, text)
	}
	return back.Query()
}

// oidc is sign-in at the provider.
func (i *installation) oidc(t *testing.T, p *provider) *account.OIDC {
	t.Helper()
	client := p.Client()
	t.Cleanup(client.CloseIdleConnections)
	o, err := account.NewOIDC(i.Service, account.OIDCOptions{
		Issuer: p.URL, ClientID: clientID, Secret: clientSecret, RedirectURL: redirectURL, Client: client,
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// through is the whole way: to the provider and back.
func through(ctx context.Context, t *testing.T, o *account.OIDC, p *provider, who string) (account.Account, error) {
	t.Helper()
	to, attempt, err := o.Begin(ctx)
	if err != nil {
		return account.Account{}, fmt.Errorf("begin: %w", err)
	}
	return o.Finish(ctx, attempt, p.visit(t, to, who), office)
}
