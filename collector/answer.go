package collector

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// judgeAnswer tells an answer with content from others.
func judgeAnswer(r *http.Response, content io.ReadCloser) (*Answer, error) {
	a := &Answer{
		Header: r.Header, Content: content, Unchanged: r.StatusCode == http.StatusNotModified,
		Bounded: r.ContentLength >= 0 || len(r.TransferEncoding) > 0 || r.Uncompressed || r.ProtoMajor >= 2,
	}
	at := place(r.Request.URL)
	switch s := r.StatusCode; {
	case s == http.StatusOK, s == http.StatusNotModified:
		return a, nil
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		return nil, &Failure{
			Reason: Busy, Retry: true, After: retryAfter(r.Header.Get("Retry-After"), r.Header.Get("Date")),
			Err: errors.New(at + " answers " + r.Status),
		}
	case s >= http.StatusInternalServerError, s == http.StatusRequestTimeout, s == http.StatusAccepted:
		// With 202, a portal says that it is still preparing the answer.
		return nil, failSoon(Unreachable, "%s answers %s%s", at, r.Status, excerpt(content))
	}
	return nil, fail(Refused, "%s answers %s%s", at, r.Status, excerpt(content))
}

// retryAfter is how long to wait, told in seconds or as a date.
func retryAfter(text, now string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 7*24*60*60)) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	// By the source's own clock.
	at, err := http.ParseTime(now)
	if err != nil || !until.After(at) {
		return 0
	}
	return until.Sub(at)
}

// excerpt is the beginning of what a source says about an error, in one line.
func excerpt(content io.Reader) string {
	const enough = 300
	text, err := io.ReadAll(io.LimitReader(content, enough))
	line := strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "")), " ")
	if err != nil || line == "" || looksLikePage([]byte(line)) {
		return ""
	}
	return ": " + line
}

// notPage fails where the content is a page for people, such as one to sign in.
func (a *Answer) notPage(begin []byte) error {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err == nil && (kind == "text/html" || kind == "application/xhtml+xml") || looksLikePage(begin) {
		return errWebPage
	}
	return nil
}

var errWebPage = fail(NotData, "the source answers with a web page instead of data, perhaps one to sign in: open the url in a browser that is not signed in")

func looksLikePage(begin []byte) bool {
	begin = bytes.TrimPrefix(begin, []byte("\ufeff"))
	begin = bytes.ToLower(bytes.TrimLeft(begin, " \t\r\n"))
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<body", "<script"} {
		if bytes.HasPrefix(begin, []byte(mark)) {
			return true
		}
	}
	return false
}

// body is an answer's content: bounded, and given up where nothing comes any
// more.
type body struct {
	io.ReadCloser
	left     int64
	patience time.Duration
	idle     *time.Timer
	over     func()
	silent   atomic.Bool
	closed   bool
}

var errSilence = errors.New("the source fell silent")

func newBody(content io.ReadCloser, most int64, patience time.Duration, cancel context.CancelCauseFunc, over func()) *body {
	b := &body{ReadCloser: content, left: most, patience: patience, over: over}
	b.idle = time.AfterFunc(patience, func() {
		b.silent.Store(true)
		cancel(errSilence)
	})
	return b
}

// Read fails where the content breaks off or is too large.
func (b *body) Read(p []byte) (int, error) {
	b.idle.Reset(b.patience)
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		return 0, fail(TooLarge, "the answer is larger than is taken")
	case b.silent.Load():
		return n, failSoon(Unreachable, "%w: nothing came for %s", errSilence, b.patience)
	case err != nil && !errors.Is(err, io.EOF):
		return n, failSoon(Unreachable, "the answer broke off: %w", err)
	}
	return n, err
}

// Close ends the request, also where the content was not read to its end.
func (b *body) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	b.idle.Stop()
	err := b.ReadCloser.Close()
	b.over()
	return err
}
