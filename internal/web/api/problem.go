package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/citygauge/citygauge/internal/upload"
)

// problem is a refusal as RFC 9457 has it.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`

	header http.Header
}

func (p problem) Error() string { return p.Detail }

// refuse is a problem of a kind: what is wrong, and what to do.
func refuse(status int, kind, title, detail string) problem {
	return problem{Type: Root + "/openapi.json#" + kind, Title: title, Status: status, Detail: detail}
}

func (p problem) with(header, value string) problem {
	p.header = p.header.Clone()
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(header, value)
	return p
}

func (p problem) saying(format string, args ...any) problem {
	p.Detail = fmt.Sprintf(format, args...)
	return p
}

// The problems that there are.
var (
	errInvalid = refuse(http.StatusBadRequest, "invalid-request", "The request cannot be understood", "")
	errNobody  = refuse(http.StatusUnauthorized, "unauthorized", "Who asks is not known",
		"send a token in the header Authorization: Bearer TOKEN, or sign in").with("WWW-Authenticate", `Bearer realm="citygauge"`)
	errBadToken = refuse(http.StatusUnauthorized, "unauthorized", "The token is not good",
		"it is not known, has expired or was revoked: ask for a new one").with("WWW-Authenticate", `Bearer realm="citygauge", error="invalid_token"`)
	errReadOnly = refuse(http.StatusForbidden, "read-only", "You may look, but not change anything",
		"an aide of the city or an admin may, with a token that is not read-only")
	errCrossOrigin = refuse(http.StatusForbidden, "cross-origin", "The request comes from another site",
		"a browser's session is good on its own site alone: send a token")
	errNoPath   = refuse(http.StatusNotFound, "not-found", "There is no such thing", "the document "+Root+"/openapi.json says what there is")
	errNotFound = refuse(http.StatusNotFound, "not-found", "There is no such thing", "it does not exist, or you may not see it")
	errNoToken  = refuse(http.StatusNotFound, "no-preview", "The token commits nothing", "")
	errNoMethod = refuse(http.StatusMethodNotAllowed, "method-not-allowed", "The method does not fit", "the header Allow says which ones do")
	errTimeout  = refuse(http.StatusRequestTimeout, "timeout", "The request took too long to arrive", "try again over a faster line, or split the file").with("Connection", "close")
	errAccept   = refuse(http.StatusNotAcceptable, "not-acceptable", "There is no such format", "ask for application/json or text/csv in the header Accept")
	errConflict = refuse(http.StatusConflict, "conflict", "The data changed meanwhile", "")
	errKey      = refuse(http.StatusConflict, "key-reused", "The idempotency key was used already", "it was sent with another file, or for another reading of it: choose a new key for every file")
	errLater    = refuse(http.StatusConflict, "later-revisions", "Later changes would be lost", "")
	errApplied  = refuse(http.StatusConflict, "not-applied", "The upload is not in force", "only what was applied, and was not reverted since, can be reverted")
	errTooLarge = refuse(http.StatusRequestEntityTooLarge, "too-large", "The file is too large", "").with("Connection", "close")
	errMedia    = refuse(http.StatusUnsupportedMediaType, "unsupported-media-type", "The body is of no kind that is taken", "")
	errRate     = refuse(http.StatusTooManyRequests, "too-many-requests", "Too many requests", "wait as long as Retry-After says")
	errBusy     = refuse(http.StatusServiceUnavailable, "unavailable", "The service cannot answer now",
		"nothing is wrong with the request: send it again in a while, an upload with the same Idempotency-Key").with("Retry-After", "10")
	errInternal = refuse(http.StatusInternalServerError, "internal", "Something went wrong here", "the operator finds it in the log by the instance")
)

// tooMany is the problem of a request that came too soon.
func tooMany(wait time.Duration) problem {
	return errRate.with("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
}

// problemOf is what is told of an error.
func (a *API) problemOf(err error) problem {
	var p problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &large):
		return errTooLarge.saying("it has more than %d bytes: split it", large.Limit)
	case errors.Is(err, upload.ErrNoUpload), errors.Is(err, upload.ErrNoFile), errors.Is(err, upload.ErrNoCity):
		return errNotFound
	case errors.Is(err, upload.ErrNoToken):
		return errNoToken.saying("%v", err)
	case errors.Is(err, upload.ErrConflict):
		return errConflict.saying("%v", err)
	case errors.Is(err, upload.ErrKeyReused):
		return errKey
	case errors.Is(err, upload.ErrLaterRevisions):
		return errLater.saying("%v", err)
	case errors.Is(err, upload.ErrNotApplied):
		return errApplied
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errTimeout
	case errors.Is(err, a.Unreachable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errBusy
	}
	return errInternal
}

// Fail answers a request with an error that came before the API was asked.
func (a *API) Fail(w http.ResponseWriter, r *http.Request, err error) {
	strict(w.Header())
	a.fail(&call{w: w, r: r}, err)
}

// fail answers an error. What is not the sender's doing, only the log tells.
func (a *API) fail(c *call, err error) {
	p := a.problemOf(err)
	p.Instance = c.r.URL.EscapedPath() + "#" + rand.Text()
	if p.Status >= http.StatusInternalServerError && c.r.Context().Err() != context.Canceled {
		a.Log.ErrorContext(c.r.Context(), "a request to the API failed", "instance", p.Instance, "error", err)
	}
	h := c.w.Header()
	h.Del("Content-Disposition")
	h.Del("Content-Length")
	for name := range p.header {
		h.Set(name, p.header.Get(name))
	}
	h.Set("Content-Type", "application/problem+json")
	c.w.WriteHeader(p.Status)
	encoder := json.NewEncoder(c.w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // that a client went away is its own affair
}
