package testgrafana

import (
	"maps"
	"net/http"
	"slices"
)

type source struct {
	ID        int64          `json:"id"`
	UID       string         `json:"uid"`
	Name      string         `json:"name"`
	Type      string         `json:"type"`
	Access    string         `json:"access"`
	URL       string         `json:"url"`
	User      string         `json:"user"`
	Database  string         `json:"database"`
	IsDefault bool           `json:"isDefault"`
	ReadOnly  bool           `json:"readOnly"`
	BasicAuth bool           `json:"basicAuth"`
	JSONData  map[string]any `json:"jsonData"`

	secure map[string]any
}

type sourceIn struct {
	source
	SecureJSONData map[string]any `json:"secureJsonData"`
}

func (g *Grafana) listSources(c call) {
	answer(c.w, http.StatusOK, append([]*source{}, c.org.sources...))
}

// newSource takes being the default away from any other.
func (g *Grafana) newSource(c call) {
	var in sourceIn
	if !c.read(&in) {
		return
	}
	for _, s := range c.org.sources {
		if s.Name == in.Name {
			say(c.w, http.StatusConflict, "data source with the same name already exists")
			return
		}
		if s.UID == in.UID {
			say(c.w, http.StatusConflict, "data source with the same uid already exists")
			return
		}
	}
	c.org.makeDefault(in.IsDefault)
	in.ID, in.secure = g.id(), in.SecureJSONData
	c.org.sources = append(c.org.sources, &in.source)
	answer(c.w, http.StatusOK, map[string]any{"id": in.ID})
}

// makeDefault takes being the default away from all, for another one to have.
func (o *org) makeDefault(another bool) {
	for _, s := range o.sources {
		s.IsDefault = s.IsDefault && !another
	}
}

// changeSource keeps the secrets that it is not given.
func (g *Grafana) changeSource(c call) {
	var in sourceIn
	if !c.read(&in) {
		return
	}
	for _, s := range c.org.sources {
		if s.UID != c.PathValue("uid") {
			continue
		}
		if s.ReadOnly {
			say(c.w, http.StatusForbidden, "Cannot update read-only data source")
			return
		}
		secure := maps.Clone(s.secure)
		if secure == nil {
			secure = map[string]any{}
		}
		maps.Copy(secure, in.SecureJSONData)
		c.org.makeDefault(in.IsDefault)
		id := s.ID
		*s = in.source
		s.ID, s.secure = id, secure
		say(c.w, http.StatusOK, "Datasource updated")
		return
	}
	say(c.w, http.StatusNotFound, "Data source not found")
}

func (g *Grafana) deleteSource(c call) {
	n := slices.IndexFunc(c.org.sources, func(s *source) bool { return s.Name == c.PathValue("name") })
	if n < 0 {
		say(c.w, http.StatusNotFound, "Data source not found")
		return
	}
	c.org.sources = slices.Delete(c.org.sources, n, n+1)
	say(c.w, http.StatusOK, "Data source deleted")
}

func (g *Grafana) health(c call) {
	for _, s := range c.org.sources {
		if s.UID != c.PathValue("uid") {
			continue
		}
		if password, _ := s.secure["password"].(string); g.Health != nil {
			if wrong := g.Health(s.User, password); wrong != "" {
				answer(c.w, http.StatusBadRequest, map[string]any{"message": wrong, "status": "ERROR"})
				return
			}
		}
		answer(c.w, http.StatusOK, map[string]any{"message": "Database Connection OK", "status": "OK"})
		return
	}
	say(c.w, http.StatusInternalServerError, "Unable to load datasource metadata")
}

type folder struct {
	ID    int64  `json:"id"`
	UID   string `json:"uid"`
	Title string `json:"title"`
}

func (o *org) folder(uid string) *folder {
	for _, f := range o.folders {
		if f.UID == uid {
			return f
		}
	}
	return nil
}

func (g *Grafana) listFolders(c call) {
	answer(c.w, http.StatusOK, append([]*folder{}, c.org.folders...))
}

func (g *Grafana) oneFolder(c call) {
	if f := c.org.folder(c.PathValue("uid")); f != nil {
		answer(c.w, http.StatusOK, f)
		return
	}
	say(c.w, http.StatusNotFound, "folder not found")
}

func (g *Grafana) newFolder(c call) {
	var in folder
	if !c.read(&in) {
		return
	}
	switch {
	case c.org.folder(in.UID) != nil:
		say(c.w, http.StatusPreconditionFailed, "the folder has been changed by someone else")
	case slices.ContainsFunc(c.org.folders, func(f *folder) bool { return f.Title == in.Title }):
		say(c.w, http.StatusConflict, "a folder or dashboard in the general folder with the same name already exists")
	default:
		in.ID = g.id()
		c.org.folders = append(c.org.folders, &in)
		answer(c.w, http.StatusOK, in)
	}
}

func (g *Grafana) changeFolder(c call) {
	var in struct {
		Title     string
		Overwrite bool
	}
	f := c.org.folder(c.PathValue("uid"))
	if !c.read(&in) {
		return
	}
	switch {
	case f == nil:
		say(c.w, http.StatusNotFound, "folder not found")
	case !in.Overwrite:
		say(c.w, http.StatusPreconditionFailed, "the folder has been changed by someone else")
	default:
		f.Title = in.Title
		answer(c.w, http.StatusOK, f)
	}
}
