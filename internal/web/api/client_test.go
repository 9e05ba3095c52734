package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/citygauge/citygauge/internal/web/api"
)

// contract holds requests and answers to the OpenAPI document.
type contract struct {
	validator.Validator
	model *v3.Document
}

// theContract is read once: that takes a second.
var theContract = sync.OnceValues(func() (contract, error) {
	text, err := api.Document()
	if err != nil {
		return contract{}, err
	}
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		return contract{}, err
	}
	model, err := document.BuildV3Model()
	if err != nil {
		return contract{}, err
	}
	// Strict: an answer has no field that the document does not know. Of the
	// document itself it knows the names alone.
	v, faults := validator.NewValidator(document, config.WithFormatAssertions(), config.WithStrictMode(),
		config.WithStrictIgnorePaths("$.body.info", "$.body.paths", "$.body.components", "$.body.openapi", "$.body.security", "$.body.servers", "$.body.tags"),
		config.WithStrictIgnoredHeadersExtra("Cross-Origin-Resource-Policy", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"))
	if len(faults) > 0 {
		return contract{}, errors.Join(faults...)
	}
	if _, wrong := v.ValidateDocument(); len(wrong) > 0 {
		return contract{}, wrong[0]
	}
	return contract{v, &model.Model}, nil
})

func newContract(t *testing.T) contract {
	t.Helper()
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// client asks as somebody, and holds every answer to the contract.
type client struct {
	*http.Client
	contract
	at, token string
	header    http.Header
}

// as is a client with the token of a name; none is nobody's.
func (i *installation) as(t *testing.T, name string) *client {
	t.Helper()
	token, ok := i.tokens[name]
	if !ok && name != "" {
		t.Fatalf("there is no token of %q", name)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{&http.Client{Transport: transport}, newContract(t), i.url, token, http.Header{}}
}

// answer is what one is answered.
type answer struct {
	*http.Response
	body []byte
	kind string // its media type
}

func (a answer) String() string { return a.Status + "\n" + string(a.body) }

// json reads the body.
func (a answer) json(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("%v\n%s", err, a)
	}
}

// problem is the kind of problem that is answered.
func (a answer) problem(t *testing.T) string {
	t.Helper()
	var p struct {
		Type   string
		Status int
	}
	a.json(t, &p)
	if a.kind != "application/problem+json" || p.Status != a.StatusCode {
		t.Errorf("%s: no problem of its status:\n%s", a.kind, a)
	}
	return strings.TrimPrefix(p.Type, api.Root+"/openapi.json#")
}

func (c *client) get(t *testing.T, path string) answer {
	t.Helper()
	return c.do(t, http.MethodGet, path, "", nil)
}

func (c *client) post(t *testing.T, path, kind, body string) answer {
	t.Helper()
	return c.do(t, http.MethodPost, path, kind, strings.NewReader(body))
}

func (c *client) do(t *testing.T, method, path, kind string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.at+api.Root+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for name := range c.header {
		r.Header.Set(name, c.header.Get(name))
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Response: response, body: text}
	if a.kind, _, err = mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	c.hold(t, r, a)
	return a
}

// hold makes sure that an answer is as the document says.
func (c *client) hold(t *testing.T, r *http.Request, a answer) {
	t.Helper()
	a.Body = io.NopCloser(bytes.NewReader(a.body))
	if ok, faults := c.ValidateHttpResponse(r, a.Response); !ok {
		for _, f := range faults {
			t.Errorf("%s %s is not answered as documented: %s: %s", r.Method, r.URL, f.Message, f.Reason)
			for _, s := range f.SchemaValidationErrors {
				t.Errorf("  %s: %s", s.FieldPath, s.Reason)
			}
		}
		t.Logf("%s", a)
	}
}
