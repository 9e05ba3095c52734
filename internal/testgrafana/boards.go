package testgrafana

import (
	"maps"
	"net/http"
	"slices"
)

type board struct {
	id          int64
	uid, title  string
	folder      string // UID
	version     float64
	model       map[string]any
	Provisioned bool
}

func (o *org) board(uid string) *board {
	for _, b := range o.dashboards {
		if b.uid == uid {
			return b
		}
	}
	return nil
}

func (g *Grafana) search(c call) {
	list := []map[string]any{}
	if p := c.FormValue("page"); p == "" || p == "1" {
		for _, b := range c.org.dashboards {
			list = append(list, map[string]any{"id": b.id, "uid": b.uid, "title": b.title, "type": "dash-db", "folderUid": b.folder})
		}
	}
	answer(c.w, http.StatusOK, list)
}

func (g *Grafana) oneDashboard(c call) {
	b := c.org.board(c.PathValue("uid"))
	if b == nil {
		say(c.w, http.StatusNotFound, "Dashboard not found")
		return
	}
	answer(c.w, http.StatusOK, map[string]any{"dashboard": b.model, "meta": map[string]any{"folderUid": b.folder, "version": b.version}})
}

// saveDashboard, asked to overwrite, writes over whichever dashboard of the
// folder has the title, which keeps its UID.
func (g *Grafana) saveDashboard(c call) {
	var in struct {
		Dashboard map[string]any
		FolderUID string
		Overwrite bool
	}
	if !c.read(&in) {
		return
	}
	uid, _ := in.Dashboard["uid"].(string)
	title, _ := in.Dashboard["title"].(string)
	version, _ := in.Dashboard["version"].(float64)
	if in.FolderUID != "" && c.org.folder(in.FolderUID) == nil {
		say(c.w, http.StatusBadRequest, "folder not found")
		return
	}
	b := c.org.board(uid)
	n := slices.IndexFunc(c.org.dashboards, func(other *board) bool {
		return other.title == title && other.folder == in.FolderUID && other.uid != uid
	})
	switch {
	case b == nil && n >= 0 && in.Overwrite:
		b = c.org.dashboards[n]
		uid = b.uid
	case n >= 0:
		answer(c.w, http.StatusPreconditionFailed, map[string]any{"status": "name-exists", "message": "A dashboard with the same name in the folder already exists"})
		return
	case b != nil && !in.Overwrite && b.version != version:
		answer(c.w, http.StatusPreconditionFailed, map[string]any{"status": "version-mismatch", "message": "The dashboard has been changed by someone else"})
		return
	case b == nil:
		b = &board{id: g.id()}
		c.org.dashboards = append(c.org.dashboards, b)
	}
	b.uid, b.title, b.folder, b.model = uid, title, in.FolderUID, in.Dashboard
	b.version++
	b.model["uid"], b.model["id"], b.model["version"] = uid, b.id, b.version
	answer(c.w, http.StatusOK, map[string]any{"id": b.id, "uid": b.uid, "version": b.version, "status": "success"})
}

func (g *Grafana) deleteDashboard(c call) {
	b := c.org.board(c.PathValue("uid"))
	if b == nil {
		say(c.w, http.StatusNotFound, "Dashboard not found")
		return
	}
	c.org.dashboards = slices.DeleteFunc(c.org.dashboards, func(other *board) bool { return other == b })
	say(c.w, http.StatusOK, "Dashboard deleted")
}

// onePreferences knows the home by a number that a dashboard which is made anew
// does not have.
func (g *Grafana) onePreferences(c call) {
	p := map[string]any{"homeDashboardId": c.org.home, "timezone": "", "theme": ""}
	maps.Copy(p, c.org.preferences)
	for _, b := range c.org.dashboards {
		if b.id == c.org.home {
			p["homeDashboardUID"] = b.uid
		}
	}
	answer(c.w, http.StatusOK, p)
}

func (g *Grafana) changePreferences(c call) {
	in := map[string]any{}
	if !c.read(&in) {
		return
	}
	if uid, ok := in["homeDashboardUID"].(string); ok {
		b := c.org.board(uid)
		if b == nil {
			say(c.w, http.StatusNotFound, "Dashboard not found")
			return
		}
		c.org.home = b.id
		delete(in, "homeDashboardUID")
	}
	if c.org.preferences == nil {
		c.org.preferences = map[string]any{}
	}
	maps.Copy(c.org.preferences, in)
	say(c.w, http.StatusOK, "Preferences updated")
}
