package provision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	gapi "github.com/grafana/grafana-api-golang-client"

	"github.com/citygauge/citygauge/dashboards"
	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
)

// Login is a role that a data source logs in to Postgres as.
type Login struct {
	Role, Database string
	Connections    int    // at most; negative is any number
	Fingerprint    string // of its password; empty where it cannot log in yet
}

// Desired is what a Grafana should have.
type Desired struct {
	Names    Names
	Cities   []programme.City
	Accounts []account.Account
	Faculty  Login
	Logins   map[string]Login // by city

	Database   Database
	Prometheus string // its URL, as Grafana reaches it; empty where there is none
	// Dashboards are files of Grafana's JSON; nil is all of citygauge's.
	Dashboards fs.FS
}

// Database is where Grafana reaches Postgres.
type Database struct {
	Host        string // host:port
	SSLMode     string // as libpq's sslmode
	Connections int    // that it takes in all; 0 is not known
}

// organisation is what one organisation should have.
type organisation struct {
	name        string
	city        string // empty is faculty's
	home        string // UID of a dashboard
	timezone    string
	dataSources []gapi.DataSource // secrets apart
	dashboards  []dashboard
	members     map[string]string // roles by login
}

// dashboard is one as Grafana keeps it.
type dashboard struct {
	uid   string
	model map[string]any
}

// user is somebody who should be in Grafana.
type user struct {
	login, name string
	first       string // organisation that they are made in
}

// Roles in Grafana. A viewer may ask data sources anything already; an editor
// may also keep dashboards of their own.
const (
	viewer = "Viewer"
	editor = "Editor"
	admin  = "Admin" // of an organisation: its data sources
)

// ofCities are the dashboards that a city's organisation has. Faculty's has all:
// the one for operators too, where there is a Prometheus for it to read.
var ofCities = []string{dashboards.CityUID, dashboards.IndicatorUID, dashboards.HealthUID}

// organisations are those that should be, in the order of names.
func (d Desired) organisations() ([]organisation, error) {
	files := d.Dashboards
	if files == nil {
		files = dashboards.Files()
	}
	all, err := readDashboards(files)
	if err != nil {
		return nil, err
	}
	if d.Prometheus == "" {
		all = slices.DeleteFunc(all, func(b dashboard) bool { return b.uid == dashboards.OperationsUID })
	}
	faculty := organisation{
		name: d.Names.Faculty(), home: dashboards.CohortUID, timezone: "utc",
		dataSources: []gapi.DataSource{d.postgres(d.Faculty)}, dashboards: all, members: map[string]string{},
	}
	if d.Prometheus != "" {
		faculty.dataSources = append(faculty.dataSources, prometheus(d.Prometheus))
	}
	list := []organisation{faculty}
	for _, c := range d.Cities {
		if !slug.MatchString(c.ID) {
			return nil, fmt.Errorf("city %q: its id is no slug", c.ID)
		}
		list = append(list, organisation{
			name: d.Names.City(c.ID), city: c.ID, home: dashboards.CityUID, timezone: cmp.Or(c.Timezone, "utc"),
			dataSources: []gapi.DataSource{d.postgres(d.Logins[c.ID])},
			dashboards:  slices.DeleteFunc(slices.Clone(all), func(b dashboard) bool { return !slices.Contains(ofCities, b.uid) }),
			members:     map[string]string{},
		})
	}
	for _, a := range d.Accounts {
		for _, o := range list {
			if role := roleIn(a, o.city); role != "" {
				o.members[d.Names.User(a.ID)] = role
			}
		}
	}
	slices.SortFunc(list, func(a, b organisation) int { return cmp.Compare(a.name, b.name) })
	return list, nil
}

// roleIn is an account's role in a city's organisation, or in faculty's. Whoever
// sees all cities sees them in faculty's, and is in no other.
func roleIn(a account.Account, city string) string {
	switch {
	case a.Disabled:
	case a.Role == account.Admin && city == "":
		return editor
	case a.Role == account.Faculty && city == "":
		return viewer
	case a.Role.OfCities() && slices.Contains(a.Cities, city):
		return viewer
	}
	return ""
}

// users are those who should be in Grafana: whoever is in an organisation.
func (d Desired) users(organisations []organisation) []user {
	var list []user
	for _, a := range d.Accounts {
		u := user{login: d.Names.User(a.ID), name: cmp.Or(a.Title, a.Name)}
		for _, o := range organisations {
			if o.members[u.login] != "" {
				u.first = o.name
				list = append(list, u)
				break
			}
		}
	}
	return list
}

// readDashboards reads them all, in the order of UIDs.
func readDashboards(files fs.FS) ([]dashboard, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	byUID := map[string]dashboard{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var b dashboard
		if err := json.Unmarshal(text, &b.model); err != nil {
			return nil, fmt.Errorf("dashboard %s: %w", name, err)
		}
		b.uid, _ = b.model["uid"].(string)
		byUID[b.uid] = b
	}
	list := make([]dashboard, 0, len(byUID))
	for _, uid := range slices.Sorted(maps.Keys(byUID)) {
		list = append(list, byUID[uid])
	}
	return list, nil
}
