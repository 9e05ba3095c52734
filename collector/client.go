package collector

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/net/http/httpproxy"

	"github.com/citygauge/citygauge/internal/source"
)

// ClientOptions are how sources are reached; the zero value is fit for use.
type ClientOptions struct {
	AllowNetworks []netip.Prefix // private networks that sources may be in
	Files         string         // the folder under which sources may be files; empty: none may
	Connections   int            // at a time to one host; 0: 4
	PerSecond     float64        // requests to one host; 0: 10, below 0: no limit
	MostBytes     int64          // of one answer, as it is after decompression; 0: 1 GB
	Patience      time.Duration  // without a byte; 0: two minutes
	Tries         uint           // of one request; 0: 5
	FirstWait     time.Duration  // between the first tries; 0: a second
	UserAgent     string
}

// Client reaches sources over HTTP. Sources of all kinds share one, so that
// hosts are spared whoever asks. It may be used by many at the same time.
type Client struct {
	options ClientOptions
	guard   guard
	http    *http.Client
	hosts   *hosts
}

const (
	mostRedirects = 5
	// longestWait is how long a run waits because a source asks it to; beyond
	// that, it ends, and the source is due again later.
	longestWait = 2 * time.Minute
	// mostPageBytes is the most of one page, which is held in memory.
	mostPageBytes = 64 << 20
)

// NewClient is a client that holds no connections yet.
func NewClient(o ClientOptions) *Client {
	if o.Connections == 0 {
		o.Connections = 4
	}
	if o.PerSecond == 0 {
		o.PerSecond = 10
	}
	if o.MostBytes == 0 {
		o.MostBytes = 1 << 30
	}
	if o.Patience == 0 {
		o.Patience = 2 * time.Minute
	}
	if o.Tries == 0 {
		o.Tries = 5
	}
	if o.FirstWait == 0 {
		o.FirstWait = time.Second
	}
	proxies := httpproxy.FromEnvironment().ProxyFunc()
	c := &Client{options: o, hosts: newHosts(o.Connections, o.PerSecond)}
	c.guard = guard{
		allowed: o.AllowNetworks, resolver: net.DefaultResolver,
		proxy: func(r *http.Request) (*url.URL, error) { return proxies(r.URL) },
	}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy: c.guard.throughProxy, DialContext: c.guard.dial, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: o.Connections, MaxIdleConns: 256, IdleConnTimeout: 30 * time.Second,
			TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: o.Patience, MaxResponseHeaderBytes: 1 << 20,
		},
		CheckRedirect: checkRedirect,
	}
	return c
}

// Close closes connections that wait for more requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// secretHeaders are never sent on to another host. The standard library knows
// the usual ones itself.
var secretHeaders = []string{"X-App-Token", "X-Esri-Authorization", "Authorization"}

func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > mostRedirects {
		return errRedirects
	}
	if s := r.URL.Scheme; s != "http" && s != "https" {
		return fail(NotAllowed, "the source redirects to %s:, and only http: and https: are followed", s)
	}
	if first := via[0].URL; r.URL.Host != first.Host || first.Scheme == "https" && r.URL.Scheme != "https" {
		for _, h := range secretHeaders {
			r.Header.Del(h)
		}
	}
	return nil
}

// Request is what is asked of a source.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte // JSON to post; nil: it is a GET
	// Known are the validators of what is known already.
	Known source.Memory
}

// Answer is a source's answer; its content is to be read to the end and closed.
type Answer struct {
	Header    http.Header
	Unchanged bool // the content is what is known already
	Content   io.ReadCloser
	// Bounded is whether the end of the content is told, so that a connection
	// that breaks cannot be taken for it.
	Bounded bool
}

// Open asks, and tries again where that may help, until there is an answer. A
// content that breaks off later is the reader's to notice: it ends with an
// error.
func (c *Client) Open(ctx context.Context, r Request) (*Answer, error) {
	return retried(ctx, c, func() (*Answer, error) { return c.once(ctx, r) })
}

// Page asks for a page and reads all of it; one that breaks off is asked for
// again.
func (c *Client) Page(ctx context.Context, r Request) ([]byte, error) {
	return retried(ctx, c, func() ([]byte, error) {
		a, err := c.once(ctx, r)
		if err != nil {
			return nil, err
		}
		defer a.Content.Close()
		var content bytes.Buffer
		if _, err := content.ReadFrom(io.LimitReader(a.Content, mostPageBytes+1)); err != nil {
			return nil, err
		}
		if content.Len() > mostPageBytes {
			return nil, fail(TooLarge, "one page of the source has more than %d MB", mostPageBytes>>20)
		}
		return content.Bytes(), nil
	})
}

func retried[T any](ctx context.Context, c *Client, do func() (T, error)) (T, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = c.options.FirstWait
	return backoff.Retry(ctx, func() (T, error) {
		result, err := do()
		f, ok := errors.AsType[*Failure](err)
		switch {
		case err == nil:
			return result, nil
		case ctx.Err() != nil || ok && !f.Retry || ok && f.After > longestWait:
			return result, backoff.Permanent(err)
		case ok && f.After > 0:
			return result, &wait{backoff.RetryAfterError{Duration: f.After}, err}
		}
		return result, err
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(c.options.Tries), backoff.WithMaxElapsedTime(0))
}

// wait is an error after which a source asked to be left alone.
type wait struct {
	after backoff.RetryAfterError
	err   error
}

func (w *wait) Error() string { return w.err.Error() }

func (w *wait) Unwrap() []error { return []error{&w.after, w.err} }

// once asks once.
func (c *Client) once(ctx context.Context, r Request) (*Answer, error) {
	request, err := newRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", c.options.UserAgent)
	leave, err := c.hosts.enter(ctx, request.URL.Host)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	response, err := c.http.Do(request.WithContext(ctx)) //nolint:bodyclose // the answer's content closes it
	if err != nil {
		leave()
		cancel(nil)
		return nil, unreached(request.URL, err)
	}
	over := func() { cancel(nil); leave() }
	body := newBody(response.Body, c.options.MostBytes, c.options.Patience, cancel, over)
	a, err := judgeAnswer(response, body)
	if err != nil {
		return nil, errors.Join(err, body.Close())
	}
	return a, nil
}

func newRequest(ctx context.Context, r Request) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if r.Body != nil {
		method, body = http.MethodPost, bytes.NewReader(r.Body)
	}
	request, err := http.NewRequestWithContext(ctx, method, r.URL, body)
	if err != nil {
		return nil, fail(Undeclared, "the url of the source cannot be asked")
	}
	if s := request.URL.Scheme; s != "http" && s != "https" {
		return nil, fail(Undeclared, "the url of the source begins with %s:, not with https:", s)
	}
	maps.Copy(request.Header, r.Header)
	if r.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.Known.ETag != "" {
		request.Header.Set("If-None-Match", r.Known.ETag)
	}
	if r.Known.LastModified != "" {
		request.Header.Set("If-Modified-Since", r.Known.LastModified)
	}
	return request, nil
}

// unreached is the error of a request without an answer, without the query of
// its URL: keys are written there.
func unreached(at *url.URL, err error) error {
	if f, ok := errors.AsType[*Failure](err); ok {
		return &Failure{Reason: f.Reason, Err: fmt.Errorf("%s: %w", place(at), f.Err), Retry: f.Retry}
	}
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	if errors.Is(err, errRedirects) {
		return fail(Refused, "%s: %w", place(at), err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errors.New("no answer in time")
	}
	return failSoon(Unreachable, "%s: %w", place(at), err)
}

// place is a URL as it may be told.
func place(at *url.URL) string { return at.Scheme + "://" + at.Host + at.Path }
