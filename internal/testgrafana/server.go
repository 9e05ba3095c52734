package testgrafana

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

func orgJSON(o *org) map[string]any { return map[string]any{"id": o.id, "name": o.name} }

// listOrgs counts pages from 0 and gives 1,000 unless it is told otherwise.
func (g *Grafana) listOrgs(c call) {
	per, page := 1000, 0
	if n, err := strconv.Atoi(c.FormValue("perpage")); err == nil {
		per = n
	}
	if n, err := strconv.Atoi(c.FormValue("page")); err == nil {
		page = n
	}
	list := []map[string]any{}
	for n, o := range g.orgs {
		if n >= page*per && n < (page+1)*per {
			list = append(list, orgJSON(o))
		}
	}
	answer(c.w, http.StatusOK, list)
}

func (g *Grafana) newOrg(c call) {
	var in struct{ Name string }
	if !c.read(&in) {
		return
	}
	if slices.ContainsFunc(g.orgs, func(o *org) bool { return o.name == in.Name }) {
		say(c.w, http.StatusConflict, "Organization name taken")
		return
	}
	o := &org{id: g.id(), name: in.Name, members: map[int64]string{c.by.id: "Admin"}}
	g.orgs = append(g.orgs, o)
	answer(c.w, http.StatusOK, map[string]any{"orgId": o.id})
}

func (g *Grafana) orgByName(c call) {
	for _, o := range g.orgs {
		if o.name == c.PathValue("name") {
			answer(c.w, http.StatusOK, orgJSON(o))
			return
		}
	}
	say(c.w, http.StatusNotFound, "Organization not found")
}

func (g *Grafana) deleteOrg(c call) {
	o := g.org(c.number("org"))
	switch o {
	case nil:
		say(c.w, http.StatusNotFound, "Failed to delete organization. ID not found")
	case c.org:
		say(c.w, http.StatusBadRequest, "Can not delete org for current user")
	default:
		g.orgs = slices.DeleteFunc(g.orgs, func(other *org) bool { return other == o })
		say(c.w, http.StatusOK, "Organization deleted")
	}
}

func (g *Grafana) listMembers(c call) {
	o := g.org(c.number("org"))
	list := []map[string]any{}
	if o != nil {
		for _, u := range g.users {
			if role := o.members[u.id]; role != "" {
				list = append(list, map[string]any{"orgId": o.id, "userId": u.id, "login": u.login, "email": u.email, "role": role})
			}
		}
	}
	answer(c.w, http.StatusOK, list)
}

func (g *Grafana) addMember(c call) {
	var in struct{ LoginOrEmail, Role string }
	if !c.read(&in) {
		return
	}
	o, u := g.org(c.number("org")), g.named(in.LoginOrEmail)
	switch {
	case o == nil || u == nil:
		say(c.w, http.StatusNotFound, "User not found")
	case o.members[u.id] != "":
		say(c.w, http.StatusConflict, "User is already member of this organization")
	default:
		o.members[u.id] = in.Role
		say(c.w, http.StatusOK, "User added to organization")
	}
}

func (g *Grafana) changeMember(c call) {
	var in struct{ Role string }
	if !c.read(&in) {
		return
	}
	o, id := g.org(c.number("org")), c.number("user")
	if o == nil || o.members[id] == "" {
		say(c.w, http.StatusNotFound, "organization user not found")
		return
	}
	o.members[id] = in.Role
	say(c.w, http.StatusOK, "Organization user updated")
}

func (g *Grafana) removeMember(c call) {
	o, id := g.org(c.number("org")), c.number("user")
	if o == nil || o.members[id] == "" {
		say(c.w, http.StatusNotFound, "User not found")
		return
	}
	delete(o.members, id)
	say(c.w, http.StatusOK, "User removed from organization")
}

// listUsers counts pages from 1.
func (g *Grafana) listUsers(c call) {
	list := []map[string]any{}
	if p := c.FormValue("page"); p == "" || p == "1" {
		for _, u := range g.users {
			list = append(list, map[string]any{"id": u.id, "login": u.login, "email": u.email, "name": u.name, "isAdmin": u.admin})
		}
	}
	answer(c.w, http.StatusOK, list)
}

// newUser puts whoever is made without an organisation into the main one.
func (g *Grafana) newUser(c call) {
	var in struct {
		Login, Email, Name, Password string
		OrgID                        int64
	}
	if !c.read(&in) {
		return
	}
	u := &user{login: in.Login, email: cmp.Or(in.Email, in.Login), name: in.Name, password: in.Password}
	o := g.org(cmp.Or(in.OrgID, 1))
	switch {
	case slices.ContainsFunc(g.users, func(o *user) bool { return o.login == u.login || o.email == u.email }):
		say(c.w, http.StatusPreconditionFailed, "User with email or username already exists")
	case len(in.Password) < 4:
		say(c.w, http.StatusBadRequest, "Password is missing or too short")
	case o == nil:
		say(c.w, http.StatusBadRequest, "organization not found")
	default:
		u.id = g.id()
		g.users = append(g.users, u)
		o.members[u.id] = g.AutoAssignRole
		answer(c.w, http.StatusOK, map[string]any{"id": u.id})
	}
}

func (g *Grafana) deleteUser(c call) {
	id := c.number("user")
	g.users = slices.DeleteFunc(g.users, func(u *user) bool { return u.id == id })
	for _, o := range g.orgs {
		delete(o.members, id)
	}
	say(c.w, http.StatusOK, "User deleted")
}

func (g *Grafana) permissions(c call) {
	var in struct{ IsGrafanaAdmin bool }
	if !c.read(&in) {
		return
	}
	for _, u := range g.users {
		if u.id == c.number("user") {
			u.admin = in.IsGrafanaAdmin
		}
	}
	say(c.w, http.StatusOK, "User permissions updated")
}

func (g *Grafana) ownOrgs(c call) {
	list := []map[string]any{}
	for _, o := range g.orgs {
		if role := o.members[c.by.id]; role != "" {
			list = append(list, map[string]any{"orgId": o.id, "name": o.name, "role": role})
		}
	}
	answer(c.w, http.StatusOK, list)
}
