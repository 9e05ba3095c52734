package testgrafana

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// call is a request by somebody, in an organisation.
type call struct {
	*http.Request
	w   http.ResponseWriter
	by  *user
	org *org // that it names and the user is in; nil otherwise
}

func (c call) read(into any) bool {
	if err := json.NewDecoder(c.Body).Decode(into); err != nil {
		say(c.w, http.StatusBadRequest, "bad request data")
		return false
	}
	return true
}

func (c call) number(name string) int64 {
	n, _ := strconv.ParseInt(c.PathValue(name), 10, 64)
	return n
}

func (g *Grafana) routes() http.Handler {
	mux := http.NewServeMux()
	server := func(pattern string, do func(call)) { mux.HandleFunc(pattern, g.as(do, g.serverAdmin)) }
	inside := func(pattern string, do func(call)) { mux.HandleFunc(pattern, g.as(do, g.orgAdmin)) }
	anybody := func(pattern string, do func(call)) { mux.HandleFunc(pattern, g.as(do, nil)) }

	server("GET /api/orgs", g.listOrgs)
	server("POST /api/orgs", g.newOrg)
	server("GET /api/orgs/{org}/{name}", func(c call) { // of the number and users, or name and a name
		if c.PathValue("org") == "name" {
			g.orgByName(c)
			return
		}
		g.listMembers(c)
	})
	server("DELETE /api/orgs/{org}", g.deleteOrg)
	server("POST /api/orgs/{org}/users", g.addMember)
	server("PATCH /api/orgs/{org}/users/{user}", g.changeMember)
	server("DELETE /api/orgs/{org}/users/{user}", g.removeMember)
	server("GET /api/users", g.listUsers)
	server("POST /api/admin/users", g.newUser)
	server("DELETE /api/admin/users/{user}", g.deleteUser)
	server("PUT /api/admin/users/{user}/permissions", g.permissions)

	inside("GET /api/datasources", g.listSources)
	inside("POST /api/datasources", g.newSource)
	inside("PUT /api/datasources/uid/{uid}", g.changeSource)
	inside("GET /api/datasources/uid/{uid}/health", g.health)
	inside("DELETE /api/datasources/name/{name}", g.deleteSource)
	inside("GET /api/folders", g.listFolders)
	inside("GET /api/folders/{uid}", g.oneFolder)
	inside("POST /api/folders", g.newFolder)
	inside("PUT /api/folders/{uid}", g.changeFolder)
	inside("GET /api/search", g.search)
	inside("GET /api/dashboards/uid/{uid}", g.oneDashboard)
	inside("POST /api/dashboards/db", g.saveDashboard)
	inside("DELETE /api/dashboards/uid/{uid}", g.deleteDashboard)
	inside("GET /api/org/preferences", g.onePreferences)
	inside("PATCH /api/org/preferences", g.changePreferences)

	anybody("GET /api/user", func(c call) { answer(c.w, http.StatusOK, map[string]any{"id": c.by.id, "login": c.by.login}) })
	anybody("GET /api/user/orgs", g.ownOrgs)
	anybody("GET /api/live/ws", g.live)
	anybody("GET /d/", func(c call) { // which leads, under the address it is configured with, to the other organisation
		if c.FormValue("orgId") != "" {
			http.Redirect(c.w, c.Request, "http://configured.example/grafana"+c.URL.RequestURI(), http.StatusFound)
			return
		}
		answer(c.w, http.StatusOK, map[string]any{"page": c.URL.Path, "login": c.by.login})
	})
	anybody("GET /", func(c call) { answer(c.w, http.StatusOK, map[string]any{"page": c.URL.Path, "login": c.by.login}) })
	anybody("POST /", func(c call) { answer(c.w, http.StatusOK, map[string]any{"page": c.URL.Path, "login": c.by.login}) })
	return mux
}

// as finds out who asks: by the auth proxy's header, then by password.
func (g *Grafana) as(do func(call), may func(call) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := call{Request: r, w: w}
		if name, password, ok := r.BasicAuth(); ok {
			if c.by = g.named(name); c.by == nil || c.by.password != password {
				say(w, http.StatusUnauthorized, "invalid username or password")
				return
			}
		} else if login := r.Header.Get("X-WEBAUTH-USER"); login != "" {
			if c.by = g.named(login); c.by == nil {
				w.Header().Set("Content-Type", "text/html; charset=UTF-8")
				w.WriteHeader(http.StatusProxyAuthRequired)
				return
			}
			// By an e-mail address it finds the user who has that, and renames them.
			c.by.login = login
		} else {
			say(w, http.StatusUnauthorized, "Unauthorized")
			return
		}
		id, err := strconv.ParseInt(r.Header.Get("X-Grafana-Org-Id"), 10, 64)
		if err != nil {
			id = 1
		}
		if o := g.org(id); o != nil && o.members[c.by.id] != "" {
			c.org = o
		}
		if may != nil && !may(c) {
			say(w, http.StatusForbidden, "You'll need additional permissions to perform this action.")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "grafana_session", Value: "x"})
		do(c)
	}
}

func (g *Grafana) serverAdmin(c call) bool { return c.by.admin }

func (g *Grafana) orgAdmin(c call) bool { return c.org != nil && c.org.members[c.by.id] == "Admin" }

// named finds by an address only what looks like one.
func (g *Grafana) named(loginOrEmail string) *user {
	address := strings.Contains(loginOrEmail, "@")
	for _, u := range g.users {
		if u.login == loginOrEmail || address && u.email == loginOrEmail {
			return u
		}
	}
	return nil
}

func (g *Grafana) org(id int64) *org {
	for _, o := range g.orgs {
		if o.id == id {
			return o
		}
	}
	return nil
}
