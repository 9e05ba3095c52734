package grafana

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A session ends while a dashboard is open: what its page asks for then must
// not look like an answer without rows, of which its panels would say that there
// are no targets.
func TestTheSessionEndedUnderAnOpenPage(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		name, request string
		status        int
		want          string
	}{
		{"a query", "POST /grafana/api/ds/query HTTP/1.1\nContent-Length: 0\nHost: site\nConnection: close\n\n", http.StatusUnauthorized, `{"message":"You are not signed in any more`},
		{"reading", "GET /grafana/api/search HTTP/1.1\nHost: site\nConnection: close\n\n", http.StatusUnauthorized, `{"message":"You are not signed in any more`},
		{"reading, as newer ones do", "GET /grafana/apis/folder.grafana.app/v1beta1/namespaces/default/folders HTTP/1.1\nHost: site\nConnection: close\n\n", http.StatusUnauthorized, `{"message":"You are not signed in any more`},
		{"the page itself", "GET /grafana/d/citygauge-city/city HTTP/1.1\nHost: site\nConnection: close\n\n", http.StatusSeeOther, "/sign-in"},
		{"a query, while sessions cannot be read", "POST /grafana/api/ds/query HTTP/1.1\nContent-Length: 0\nHost: site\nCookie: who=unsaid\nConnection: close\n\n", http.StatusServiceUnavailable, `{"message":"Who you are cannot be found out`},
		{"the page, while sessions cannot be read", "GET /grafana/ HTTP/1.1\nHost: site\nCookie: who=unsaid\nConnection: close\n\n", http.StatusSeeOther, "/sign-in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r, body := s.send(t, c.request); r.StatusCode != c.status || !strings.Contains(body, c.want) {
				t.Errorf("the answer is %d %s, want %d %s", r.StatusCode, body, c.status, c.want)
			}
		})
	}
	if r := s.Requests(); len(r) > 0 {
		t.Errorf("Grafana was asked for %v", r)
	}
}

// Signing in and out is the site's: Grafana's own pages lead to its start.
func TestGrafanasOwnSignIn(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/grafana/login", "/grafana/logout"} {
		if r, _ := s.send(t, "GET "+path+" HTTP/1.1\n"+asOne+"\n"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != Path {
			t.Errorf("%s is answered %d to %q", path, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

// Grafana 10 leads whom it does not know to its own sign-in, at which nobody can
// do anything, as does one of any version that is not configured for the site.
func TestLedAway(t *testing.T) {
	for _, c := range []struct {
		name, location string
		status         int
		want           string
	}{
		{"unknown to a newer Grafana", "/grafana/login?redirectTo=%2Fd", http.StatusForbidden, "citygauge grafana apply"},
		{"a Grafana that is served from no sub-path", "/login", http.StatusBadGateway, "not set up yet"},
		{"by its whole address", "http://site/login", http.StatusBadGateway, "not set up yet"},
		{"a link to somewhere else", "https://elsewhere.example/x", http.StatusFound, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", c.location)
				w.WriteHeader(http.StatusFound)
			}))
			defer behind.Close()
			defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
			p, err := New(Options{
				Upstream: behind.URL, Who: func(*http.Request) (string, error) { return "citygauge-9", nil }, Log: slog.New(slog.DiscardHandler),
			})
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://site/grafana/", http.NoBody))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("the answer is %d %s, want %d %s", w.Code, w.Body, c.status, c.want)
			}
		})
	}
}

func TestGrafanaIsAway(t *testing.T) {
	p, err := New(Options{
		Upstream: "http://127.0.0.1:1", Who: func(*http.Request) (string, error) { return "citygauge-1", nil }, Log: slog.New(slog.DiscardHandler),
		Organisation: func(city string) string { return city },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/grafana/", "/grafana/d/x/y?var-city=z"} {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "do not answer at this moment") {
			t.Errorf("%s is answered %d %s", path, w.Code, w.Body)
		}
	}
	for _, address := range []string{"", "127.0.0.1:3000", "http://127.0.0.1:3000/grafana/", "http://a:b@127.0.0.1:3000", "ftp://x"} {
		if _, err := New(Options{Upstream: address, Log: slog.New(slog.DiscardHandler)}); err == nil {
			t.Errorf("the address %q is accepted", address)
		}
	}
}
