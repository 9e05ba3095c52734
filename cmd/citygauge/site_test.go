package main

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testPassword = "correct horse battery"

// account makes an account with the test's password.
func addAccount(t testing.TB, database, name string, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(testPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, append([]string{"account", "add", database, name, "--password-file=" + file}, args...)...)
}

// signedIn is a client that signed in to a site, and where that led.
func signedIn(t *testing.T, site, name, password string) (client *http.Client, page string) {
	t.Helper()
	client = newClient(t, nil)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client.Jar = jar
	response, err := client.PostForm(site+"/sign-in", url.Values{"name": {name}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("sign in as %s: %s", name, response.Status)
	}
	return client, response.Request.URL.Path
}

func TestServedPages(t *testing.T) {
	database := sampleDatabase(t)
	addAccount(t, database, "admin@example.org", "--role=admin")
	addAccount(t, database, "aide@example.org", "--role=aide", "--city=aldermoor")
	s := serve(t, nil, database, "--grafana-url=http://grafana.example/", "--base-url=http://gauge.example")
	await(t, "the server is ready", func() bool {
		status, _ := get(t, s.client, s.metrics+"/-/ready")
		return status == http.StatusOK
	})
	admin, led := signedIn(t, s.site, "admin@example.org", testPassword)
	if led != "/cities" {
		t.Errorf("an admin is led to %s", led)
	}
	aide, led := signedIn(t, s.site, "aide@example.org", testPassword)
	if led != "/cities/aldermoor" {
		t.Errorf("an aide is led to %s", led)
	}
	for _, c := range []struct {
		name   string
		client *http.Client
		url    string
		status int
		has    string
	}{
		{"nobody", s.client, s.site + "/", http.StatusOK, `action="/sign-in"`},
		{"every city", admin, s.site + "/cities", http.StatusOK, "Brightwater"},
		{"its metrics", admin, s.site + "/cities/brightwater", http.StatusOK, `href="` + s.metrics + "/metrics/cities/brightwater"},
		{"its dashboard", admin, s.site + "/cities/brightwater", http.StatusOK, `href="http://grafana.example/d/citygauge-city`},
		{"an aide's city", aide, s.site + "/cities/aldermoor", http.StatusOK, "/cities/aldermoor/upload"},
		{"another's", aide, s.site + "/cities/brightwater", http.StatusNotFound, "no such page"},
		{"a city's metrics", s.client, s.metrics + "/metrics/cities/aldermoor", http.StatusOK, aldermoorValue + "80\n"},
		{"the process", s.client, s.metrics + "/metrics/process", http.StatusOK, "\ncitygauge_uploads_total{outcome="},
		{"requests to the site", s.client, s.metrics + "/metrics/process", http.StatusOK, "\ncitygauge_http_requests_total{code=\"404\",method=\"get\"} 1\n"},
		{"health", s.client, s.metrics + "/-/healthy", http.StatusOK, "running"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := get(t, c.client, c.url)
			if status != c.status || !strings.Contains(body, c.has) {
				t.Errorf("status %d, and no %q in\n%s", status, c.has, body)
			}
		})
	}
}

func TestServeSaysThatNobodyCanSignIn(t *testing.T) {
	s := serve(t, nil, sampleDatabase(t))
	s.awaitWords(t, `citygauge account add NAME@EXAMPLE.ORG --role admin --generate`)
}

func TestSiteFlags(t *testing.T) {
	database := sampleDatabase(t)
	for _, c := range []struct{ flag, want string }{
		{"--base-url=gauge.example", "--base-url gauge.example: write the scheme and the host"},
		{"--base-url=ftp://gauge.example", "write the scheme and the host"},
		{"--base-url=https://gauge.example/below", "write the scheme and the host"},
		{"--oidc-issuer=http://provider.example", "--oidc-issuer, --oidc-client-id: this cannot be"},
		{"--oidc-issuer=https://provider.example", "client id is missing"},
		{"--oidc-issuer=https://provider.example --oidc-client-secret-file=nowhere", "--oidc-client-secret-file: open nowhere"},
	} {
		t.Run(c.flag, func(t *testing.T) {
			var out, talk strings.Builder
			args := append([]string{"serve", database, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"}, strings.Fields(c.flag)...)
			status := run(t.Context(), args, streams{strings.NewReader(""), &out, &talk})
			if status != exitUsage || !strings.Contains(talk.String(), c.want) {
				t.Errorf("exit status %d:\n%s", status, &talk)
			}
		})
	}
}

// Who is signed in to the site is signed in to the Grafana behind it, and the
// site leads there.
func TestGrafanaBehindTheSite(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s for %q", r.URL.Path, r.Header.Get("X-WEBAUTH-USER"))
	}))
	defer behind.Close()
	database := sampleDatabase(t)
	addAccount(t, database, "aide@example.org", "--role=aide", "--city=aldermoor")
	s := serve(t, nil, database, "--grafana-behind="+behind.URL)
	aide, _ := signedIn(t, s.site, "aide@example.org", testPassword)
	for _, c := range []struct {
		name   string
		client *http.Client
		url    string
		has    string
	}{
		{"an aide", aide, "/grafana/api/user", `/grafana/api/user for "cgtest-1"`},
		{"nobody", s.client, "/grafana/d/citygauge-city/city", `value="/grafana/d/citygauge-city/city"`},
		{"their city", aide, "/cities/aldermoor", `href="` + s.site + "/grafana/d/citygauge-city"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, body := get(t, c.client, s.site+c.url); status != http.StatusOK || !strings.Contains(body, c.has) {
				t.Errorf("status %d, and no %q in\n%s", status, c.has, body)
			}
		})
	}
	if status, body := get(t, s.client, s.site+"/grafana/api/user"); status != http.StatusUnauthorized || strings.Contains(body, "<") {
		t.Errorf("what an open page asks for without a session is answered %d %s", status, body)
	}
	const refused = "--grafana-behind: the address of Grafana"
	if status, _, talk := finish(t, "serve", database, "--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0", "--grafana-behind=http://127.0.0.1:3000/sub/"); status != exitUsage || !strings.Contains(talk, refused) {
		t.Errorf("exit status %d:\n%s", status, talk)
	}
}

// What the server takes in is counted, by how it ended.
func TestServedUploadsAreCounted(t *testing.T) {
	database := sampleDatabase(t)
	addAccount(t, database, "admin@example.org", "--role=admin")
	s := serve(t, nil, database)
	status, token, talk := finish(t, "token", "add", database, "admin@example.org", "--title=counted")
	if status != exitDone {
		t.Fatalf("exit status %d:\n%s", status, talk)
	}
	for body, want := range map[string]int{
		"city,indicator,period,value\naldermoor,thefts,2025-Q1,93\n": http.StatusCreated,
		"city,indicator,period,value\naldermoor,thefts,2025-Q5,93\n": http.StatusUnprocessableEntity,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.site+"/api/v1/uploads", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(token))
		request.Header.Set("Content-Type", "text/csv")
		answer, err := s.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%q is answered %d, want %d", body, answer.StatusCode, want)
		}
	}
	_, text := get(t, s.client, s.metrics+"/metrics/process")
	for _, want := range []string{`citygauge_uploads_total{outcome="applied"} 1`, `citygauge_uploads_total{outcome="rejected"} 1`} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("the metrics do not have %s", want)
		}
	}
}
