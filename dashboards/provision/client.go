package provision

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	gapi "github.com/grafana/grafana-api-golang-client"
)

// Server is a Grafana, and the server administrator by whom it is provisioned.
type Server struct {
	URL            string // with its path, where it is served from one
	User, Password string
	// Transport sends the requests; nil is Go's own.
	Transport http.RoundTripper
	// Wait is how long to wait before what failed is tried again; nil is what a
	// server that starts or is busy needs.
	Wait func() backoff.BackOff
}

// mainOrganisation is the one that every Grafana has, where nothing is made;
// what concerns the whole server is asked from there.
const mainOrganisation = 1

// Check refuses an address that would not do.
func (s Server) Check() error {
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("the address of Grafana must be a URL such as https://grafana.example.org/ or http://127.0.0.1:3000/grafana/")
	}
	if u.User != nil {
		return errors.New("the address of Grafana must not have a user or password in it: there is --grafana-user, and the password comes from a file or standard input")
	}
	return nil
}

// in is the API in one organisation.
func (s Server) in(ctx context.Context, organisation int64) (api, error) {
	return gapi.New(s.URL, gapi.Config{OrgID: organisation, NumRetries: 0, Client: s.client(ctx)})
}

func (s Server) client(ctx context.Context) *http.Client {
	next := s.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &http.Client{Transport: transport{ctx, next, s.User, s.Password, s.wait}}
}

// get asks for what the client has no call for.
func (s Server) get(ctx context.Context, organisation int64, query url.Values, path ...string) (*http.Response, error) {
	address, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	address = address.JoinPath(path...)
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set(organisationHeader, strconv.FormatInt(organisation, 10))
	// Grafana remembers a data source for some seconds.
	request.Header.Set("X-Grafana-NoCache", "true")
	return s.client(ctx).Do(request)
}

// wait is a new series of waits.
func (s Server) wait() backoff.BackOff {
	if s.Wait != nil {
		return s.Wait()
	}
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = 200*time.Millisecond, 5*time.Second
	return b
}

// errAway is that there is no answer.
var errAway = errors.New("ask Grafana")

// plain is an error of the client without the request's address before it:
// a [StatusError] says where it is from.
func plain(err error) error {
	e, ok := err.(*url.Error) //nolint:errorlint // one that is wrapped has been told already
	if !ok {
		return err
	}
	if _, ok := errors.AsType[*StatusError](e.Err); ok {
		return e.Err
	}
	return fmt.Errorf("%w: %w: make sure that it runs, and that --grafana-url is right", errAway, e.Err)
}
