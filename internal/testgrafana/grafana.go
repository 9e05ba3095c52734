package testgrafana

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// User and Password are of the server administrator.
const (
	User     = "admin"
	Password = "secret"
)

// Request is one that was answered.
type Request struct {
	Method, Path string
	Org          string // the organisation that it names; empty is none
	Host         string
	Header       http.Header
	Trailer      http.Header // announced
}

// Grafana is a stand-in that listens.
type Grafana struct {
	// URL is where it is, under /grafana/, as served from a sub-path.
	URL string
	// AutoAssignRole is the role of whoever is made in an organisation.
	AutoAssignRole string

	// Health is what is wrong with a data source that has a password; empty, or
	// without a function, is nothing.
	Health func(user, password string) string

	mu       sync.Mutex
	next     int64 // id
	orgs     []*org
	users    []*user
	requests []Request
	fail     func(*http.Request) int
}

type org struct {
	id          int64
	name        string
	members     map[int64]string // roles by user
	sources     []*source
	folders     []*folder
	dashboards  []*board
	preferences map[string]any
	home        int64 // id of a dashboard
}

type user struct {
	id                           int64
	login, email, name, password string
	admin                        bool
}

// New starts one that has a main organisation and a server administrator.
func New(t testing.TB) *Grafana {
	t.Helper()
	g := &Grafana{AutoAssignRole: "Viewer", next: 1}
	g.users = []*user{{id: 1, login: User, email: "admin@localhost", password: Password, admin: true}}
	g.orgs = []*org{{id: 1, name: "Main Org.", members: map[int64]string{1: "Admin"}}}
	server := httptest.NewServer(http.StripPrefix("/grafana", g.recorded(g.routes())))
	t.Cleanup(server.Close)
	g.URL = server.URL + "/grafana/"
	return g
}

// Fail has requests be answered with a status, as long as the function says one
// that is not 0.
func (g *Grafana) Fail(status func(*http.Request) int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fail = status
}

// Requests are those since the last call.
func (g *Grafana) Requests() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.requests
	g.requests = nil
	return all
}

func (g *Grafana) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.requests = append(g.requests, Request{r.Method, r.URL.Path, r.Header.Get("X-Grafana-Org-Id"), r.Host, r.Header.Clone(), r.Trailer.Clone()})
		if g.fail != nil {
			if status := g.fail(r); status != 0 {
				say(w, status, http.StatusText(status))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Organisation makes one as another administrator does, who alone is in it.
func (g *Grafana) Organisation(name string) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	o := &org{id: g.id(), name: name, members: map[int64]string{g.id(): "Admin"}}
	g.orgs = append(g.orgs, o)
	return o.id
}

// Secret is what a data source keeps and nobody can read.
func (g *Grafana) Secret(organisation int64, uid, key string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, o := range g.orgs {
		for _, s := range o.sources {
			if o.id == organisation && s.UID == uid {
				text, _ := s.secure[key].(string)
				return text
			}
		}
	}
	return ""
}

// Do is a request of the server administrator, as somebody makes one by hand.
// It gives the status and the answer, where that is an object.
func (g *Grafana) Do(t testing.TB, method, path string, organisation int64, body any) (int, map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, g.URL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(User, Password)
	r.Header.Set("X-Grafana-Org-Id", strconv.FormatInt(organisation, 10))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if strings.HasPrefix(string(content), "{") {
		if err := json.Unmarshal(content, &answer); err != nil {
			t.Fatal(err)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests = g.requests[:len(g.requests)-1]
	return response.StatusCode, answer
}

// Must is [Grafana.Do] of what has to work.
func (g *Grafana) Must(t testing.TB, method, path string, organisation int64, body any) map[string]any {
	t.Helper()
	status, answer := g.Do(t, method, path, organisation, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s is answered with %d: %v", method, path, status, answer)
	}
	return answer
}

func (g *Grafana) id() int64 {
	g.next++
	return g.next
}

func say(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]any{"message": message})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// Rename gives a data source another type, as an upgrade does.
func (g *Grafana) Rename(organisation int64, uid, kind string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.org(organisation).sources {
		if s.UID == uid {
			s.Type = kind
		}
	}
}
