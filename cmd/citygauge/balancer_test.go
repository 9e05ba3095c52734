package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// balancer hands each request to the next of several sites.
type balancer struct {
	sites []*httputil.ReverseProxy
	asked []atomic.Int64
	turn  atomic.Int64
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := int(b.turn.Add(1)) % len(b.sites)
	b.asked[n].Add(1)
	b.sites[n].ServeHTTP(w, r)
}

// Two servers behind a balancer that knows nothing of sessions are one site:
// whoever is signed in at one is at the other, until they sign out, and what
// either takes in is shown by both.
func TestServersBehindABalancer(t *testing.T) {
	database := sampleDatabase(t)
	addAccount(t, database, "aide@example.org", "--role=aide", "--city=aldermoor")
	status, token, talk := finish(t, "token", "add", database, "aide@example.org", "--title=monthly")
	if status != exitDone {
		t.Fatalf("exit status %d:\n%s", status, talk)
	}
	var between balancer
	front := httptest.NewServer(&between)
	defer front.Close()
	servers := []*server{serve(t, nil, database, "--base-url="+front.URL), serve(t, nil, database, "--base-url="+front.URL)}
	for _, s := range servers {
		at, err := url.Parse(s.site)
		if err != nil {
			t.Fatal(err)
		}
		site := httputil.NewSingleHostReverseProxy(at)
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		site.Transport = transport
		between.sites = append(between.sites, site)
		s.awaitMetric(t, aldermoorValue+"80")
	}
	between.asked = make([]atomic.Int64, len(servers))

	aide, led := signedIn(t, front.URL, "aide@example.org", testPassword)
	if led != "/cities/aldermoor" {
		t.Errorf("an aide is led to %s", led)
	}
	for range 4 {
		if status, page := get(t, aide, front.URL+"/cities/aldermoor"); status != http.StatusOK || !strings.Contains(page, "/cities/aldermoor/upload") {
			t.Fatalf("status %d\n%s", status, page)
		}
	}
	for _, value := range []string{"95", "90"} { // one is taken in by each
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL+"/api/v1/uploads",
			strings.NewReader("city,indicator,period,value\naldermoor,thefts,2025-Q1,"+value+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(token))
		request.Header.Set("Content-Type", "text/csv")
		answer, err := aide.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			t.Fatalf("an upload is answered %s", answer.Status)
		}
		for _, s := range servers {
			s.awaitMetric(t, aldermoorValue+value)
		}
	}
	for n, s := range servers {
		if asked := between.asked[n].Load(); asked < 3 {
			t.Errorf("server %d was asked %d times", n, asked)
		}
		if _, text := get(t, s.client, s.metrics+"/metrics/process"); !strings.Contains(text, "\ncitygauge_uploads_total{outcome=\"applied\"} 1\n") {
			t.Errorf("server %d has not taken in one upload", n)
		}
	}

	left, err := aide.PostForm(front.URL+"/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	left.Body.Close()
	for range servers {
		if _, page := get(t, aide, front.URL+"/cities/aldermoor"); !strings.Contains(page, `action="/sign-in"`) {
			t.Errorf("after signing out:\n%s", page)
		}
	}
}
