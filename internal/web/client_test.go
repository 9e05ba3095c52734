package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// client is a browser without a screen. It stays where it is led from.
type client struct {
	*http.Client
	at string
}

// answer is what it is answered.
type answer struct {
	code   int
	header http.Header
	body   string
}

// visitor is somebody who has not signed in.
func (i *installation) visitor(t *testing.T) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{&http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}, i.url}
}

// as is somebody who has signed in.
func (i *installation) as(t *testing.T, name string) *client {
	t.Helper()
	c := i.visitor(t)
	if a := c.post(t, "/sign-in", url.Values{"name": {name}, "password": {password}}); a.code != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d\n%s", name, a.code, a.body)
	}
	return c
}

func (c *client) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func (c *client) request(t *testing.T, method, path string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.at+path, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c *client) get(t *testing.T, path string) answer {
	t.Helper()
	return c.do(t, c.request(t, http.MethodGet, path, nil))
}

// page is a page that there must be.
func (c *client) page(t *testing.T, path string) string {
	t.Helper()
	a := c.get(t, path)
	if a.code != http.StatusOK {
		t.Fatalf("%s answers %d to %s:\n%s", path, a.code, a.header.Get("Location"), a.body)
	}
	return a.body
}

func (c *client) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := c.request(t, http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(t, r)
}

// send uploads a file, as a browser without scripts does.
func (c *client) send(t *testing.T, city, name, content string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := c.request(t, http.MethodPost, "/cities/"+city+"/upload", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return c.do(t, r)
}

// preview uploads a file, and is the path of its report.
func (c *client) preview(t *testing.T, city, content string) string {
	t.Helper()
	a := c.send(t, city, "numbers.csv", content)
	if a.code != http.StatusSeeOther {
		t.Fatalf("upload: %d\n%s", a.code, a.body)
	}
	return a.header.Get("Location")
}

var (
	unseen = regexp.MustCompile(`(?s)<(head|desc|title)\b.*?</(head|desc|title)>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
	blanks = regexp.MustCompile(`\s+`)
)

// text is what a page says, in one line.
func text(page string) string {
	seen := tags.ReplaceAllString(unseen.ReplaceAllString(page, " "), " ")
	return blanks.ReplaceAllString(seen, " ")
}

// says makes sure that a page says things, in order.
func says(t *testing.T, page string, want ...string) {
	t.Helper()
	rest := text(page)
	for _, w := range want {
		_, after, found := strings.Cut(rest, w)
		if !found {
			t.Fatalf("the page does not say %q, or not there:\n%s", w, text(page))
		}
		rest = after
	}
}

// form is fields and what is in them, in turn.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for n := 0; n < len(pairs); n += 2 {
		v.Set(pairs[n], pairs[n+1])
	}
	return v
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
