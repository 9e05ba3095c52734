package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// StatusError is an answer of Grafana that is not the one hoped for.
type StatusError struct {
	Method, Path string
	Status       int
	Message      string
}

func (e *StatusError) Error() string {
	text := fmt.Sprintf("Grafana answered %s %s with %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text + e.hint()
}

// hint says what to do.
func (e *StatusError) hint() string {
	switch {
	case e.Status >= 300 && e.Status < 400:
		return ": give the address that Grafana is at, with its path if it has one, as --grafana-url"
	case e.Status == http.StatusUnauthorized:
		return ": make sure of --grafana-user and the password, and that [auth.basic] is on: a token is good for one organisation alone"
	case e.Status == http.StatusForbidden:
		return ": --grafana-user must be a server administrator (Grafana Admin)"
	}
	return ""
}

// statusOf is the status of an answer, 0 where there was none.
func statusOf(err error) int {
	if e, ok := errors.AsType[*StatusError](err); ok {
		return e.Status
	}
	return 0
}

const (
	tries       = 5
	oneTry      = 30 * time.Second
	mostMessage = 300 // bytes of what Grafana says
)

// transport sends the client's requests under a context, which the client does
// not know, and repeats those that may be: the client's own repetition is a
// data race and repeats what made something. An answer that is not 2xx is a
// [StatusError], which the client would give as text.
type transport struct {
	ctx            context.Context //nolint:containedctx // the client has no place for it
	next           http.RoundTripper
	user, password string
	wait           func() backoff.BackOff
}

// RoundTrip sends a request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get(organisationHeader) == "" {
		return nil, fmt.Errorf("%s %s: without an organisation it would be done in the one that the user looked at last", r.Method, r.URL.Path)
	}
	first := true
	return backoff.Retry(t.ctx, func() (*http.Response, error) {
		body := r.Body
		if !first && r.GetBody != nil {
			var err error
			if body, err = r.GetBody(); err != nil {
				return nil, backoff.Permanent(err)
			}
		}
		first = false
		return t.try(r, body)
	}, backoff.WithBackOff(t.wait()), backoff.WithMaxTries(tries))
}

const organisationHeader = "X-Grafana-Org-Id"

// try sends a request once. The error of what must not be repeated is
// permanent.
func (t transport) try(r *http.Request, body io.ReadCloser) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(t.ctx, oneTry)
	defer cancel()
	request := r.Clone(ctx)
	request.Body = body
	request.SetBasicAuth(t.user, t.password)
	response, err := t.next.RoundTrip(request)
	if err != nil {
		if repeatable(r.Method) || notSent(err) {
			return nil, err
		}
		return nil, backoff.Permanent(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		if repeatable(r.Method) {
			return nil, err
		}
		return nil, backoff.Permanent(err)
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		response.Body = io.NopCloser(strings.NewReader(string(content)))
		return response, nil
	}
	failure := &StatusError{r.Method, r.URL.Path, response.StatusCode, said(response, content)}
	switch {
	case response.StatusCode == http.StatusTooManyRequests: // whatever it was, it was not done
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 && seconds < 60 {
			return nil, errors.Join(failure, backoff.RetryAfter(seconds))
		}
		return nil, failure
	case response.StatusCode >= 500 && repeatable(r.Method):
		return nil, failure
	}
	return nil, backoff.Permanent(failure)
}

// repeatable reports whether doing a thing twice is doing it once.
func repeatable(method string) bool { return method != http.MethodPost }

// notSent reports whether a request reached nobody.
func notSent(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// said is what Grafana says is wrong.
func said(r *http.Response, content []byte) string {
	var m struct {
		Message string
		Details struct{ VerboseMessage string } // of a data source's health
	}
	switch {
	case r.StatusCode < 400:
		return "it redirects to " + r.Header.Get("Location")
	case json.Unmarshal(content, &m) != nil || m.Message == "":
		return http.StatusText(r.StatusCode)
	}
	text := m.Message
	if m.Details.VerboseMessage != "" {
		text += ": " + m.Details.VerboseMessage
	}
	if len(text) > mostMessage {
		return strings.ToValidUTF8(text[:mostMessage], "") + "…"
	}
	return text
}
