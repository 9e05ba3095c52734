package provision

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	gapi "github.com/grafana/grafana-api-golang-client"

	"github.com/citygauge/citygauge/internal/declare"
)

// mostFields is how many fields of one thing a plan lists.
const mostFields = 6

// step is a change, and how it is made.
type step struct {
	Change
	do func(*work) error // nil where there is nothing to do
}

// difference is the steps from what stands in an organisation to what should,
// in the order in which they can be made. Without prune, what is ours and no
// longer wanted stays.
func (o organisation) difference(has standing, names Names, prune bool) []step {
	d := differing{organisation: o, has: has, names: names, unwanted: declare.Keep}
	if prune {
		d.unwanted = declare.Remove
	}
	d.leaving() // first, so that nothing keeps from being out who may not see the city
	d.dataSources()
	d.folder()
	d.dashboards()
	d.preferences()
	d.joining() // last, so that one who cannot keeps nothing else from being done
	return d.steps
}

type differing struct {
	organisation
	has      standing
	names    Names
	unwanted declare.Action
	steps    []step
}

func (d *differing) add(k Kind, name string, a declare.Action, fields []declare.FieldChange, do func(*work) error) {
	c := Change{Organisation: d.name, Kind: k, Name: name, Action: a, Fields: fields}
	if more := len(fields) - mostFields; more > 0 {
		c.Fields, c.More = fields[:mostFields], more
	}
	if a == declare.Keep {
		do = nil
	}
	d.steps = append(d.steps, step{c, do})
}

func (d *differing) dataSources() {
	for _, want := range d.organisation.dataSources {
		n := slices.IndexFunc(d.has.dataSources, func(s *gapi.DataSource) bool { return s.UID == want.UID })
		if n < 0 {
			d.add(DataSource, want.Name, declare.Create, nil, func(w *work) error { return w.putDataSource(want, true) })
			continue
		}
		has := *d.has.dataSources[n]
		want.IsDefault = has.IsDefault // somebody's choice
		if sameType(has.Type, want.Type) {
			want.Type = has.Type
		}
		fields := fieldsOf("", dataSourceFields(has), dataSourceFields(want))
		if want.UID == postgresUID && d.has.lockedOut() && has.JSONData[passwordKey] == want.JSONData[passwordKey] {
			fields = append(fields, newPassword)
		}
		if len(fields) > 0 {
			d.add(DataSource, want.Name, declare.Modify, secretless(fields), func(w *work) error { return w.putDataSource(want, false) })
		}
	}
	for _, has := range d.has.dataSources {
		if ours(has.UID) && !slices.ContainsFunc(d.organisation.dataSources, func(s gapi.DataSource) bool { return s.UID == has.UID }) {
			d.add(DataSource, has.Name, d.unwanted, nil, func(w *work) error { return gone(w.api.DeleteDataSourceByName(has.Name)) })
		}
	}
}

// ours reports whether a UID is of something that we made: Grafana's own have
// no prefix.
func ours(uid string) bool { return strings.HasPrefix(uid, uidPrefix) }

func dataSourceFields(s gapi.DataSource) map[string]any {
	return map[string]any{
		"name": s.Name, "type": s.Type, "access": s.Access, "url": s.URL, "user": s.User, "database": s.Database,
		"basicAuth": s.BasicAuth, "withCredentials": s.WithCredentials, "settings": normal(s.JSONData),
	}
}

var newPassword = declare.FieldChange{Name: "password", Old: "the one so far", New: "a new one"}

// secretless says that a password changes, not what its fingerprint is.
func secretless(fields []declare.FieldChange) []declare.FieldChange {
	for n, f := range fields {
		if f.Name == "settings."+passwordKey {
			fields[n] = newPassword
		}
	}
	return fields
}

func (d *differing) folder() {
	switch has := d.has.folder; {
	case has == nil:
		d.add(Folder, folderTitle, declare.Create, nil, func(w *work) error { return w.newFolder() })
	case has.Title != folderTitle:
		fields := []declare.FieldChange{{Name: "title", Old: has.Title, New: folderTitle}}
		d.add(Folder, folderTitle, declare.Modify, fields, func(w *work) error { return w.api.UpdateFolder(folderUID, folderTitle) })
	}
}

func (d *differing) dashboards() {
	for _, want := range d.organisation.dashboards {
		has := d.has.dashboards[want.uid]
		if has == nil {
			d.add(Dashboard, want.uid, declare.Create, nil, func(w *work) error { return w.putDashboard(want, nil) })
			continue
		}
		fields := fieldsOf("", models(has.Model), models(want.model))
		if has.Meta.FolderUID != folderUID {
			fields = append(fields, declare.FieldChange{Name: "folder", Old: has.Meta.FolderUID, New: folderUID})
		}
		if len(fields) > 0 {
			d.add(Dashboard, want.uid, declare.Modify, fields, func(w *work) error { return w.putDashboard(want, has) })
		}
	}
	for _, has := range d.has.listed {
		if ourDashboard(has) && !slices.ContainsFunc(d.organisation.dashboards, func(b dashboard) bool { return b.uid == has.UID }) {
			d.add(Dashboard, has.UID, d.unwanted, nil, func(w *work) error { return gone(w.api.DeleteDashboardByUID(has.UID)) })
		}
	}
}

// ourDashboard reports whether we made a dashboard: outside of our folder,
// somebody else chose its UID.
func ourDashboard(d gapi.FolderDashboardSearchResponse) bool {
	return ours(d.UID) && d.FolderUID == folderUID
}

// models is a dashboard without what Grafana numbers.
func models(m map[string]any) map[string]any {
	m = maps.Clone(m)
	delete(m, "id")
	delete(m, "version")
	return m
}

func (d *differing) preferences() {
	has := map[string]any{"home": d.has.preferences.HomeDashboardUID, "timezone": d.has.preferences.Timezone}
	fields := fieldsOf("", has, map[string]any{"home": d.home, "timezone": d.timezone})
	action := declare.Modify
	if d.has.id == 0 {
		action = declare.Create
	}
	if len(fields) > 0 {
		d.add(Preferences, "of the organisation", action, fields, func(w *work) error { return w.putPreferences(d.home, d.timezone) })
	}
}

// leaving takes out at once who may not see the city any more, and gives members
// the role that they should have.
func (d *differing) leaving() {
	for _, has := range d.has.members {
		role := d.members[has.Login]
		switch {
		case role == "" && d.names.user(has.Login):
			d.add(Member, has.Login, declare.Remove, nil, func(w *work) error { return gone(w.api.RemoveOrgUser(w.id, has.UserID)) })
		case role != "" && role != has.Role:
			fields := []declare.FieldChange{{Name: "role", Old: has.Role, New: role}}
			d.add(Member, has.Login, declare.Modify, fields, func(w *work) error { return w.api.UpdateOrgUser(w.id, has.UserID, role) })
		}
	}
}

// joining takes in who is missing. Whoever is made in this organisation is in it
// already, with the role that this Grafana gives to everybody.
func (d *differing) joining() {
	for _, login := range slices.Sorted(maps.Keys(d.members)) {
		if role := d.members[login]; !slices.ContainsFunc(d.has.members, func(u gapi.OrgUser) bool { return u.Login == login }) {
			d.add(Member, login, declare.Create, nil, func(w *work) error { return w.join(login, role) })
		}
	}
}

// fieldsOf is where two values differ, by the path to each leaf.
func fieldsOf(path string, has, want any) []declare.FieldChange {
	if reflect.DeepEqual(has, want) {
		return nil
	}
	join := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	var fields []declare.FieldChange
	switch w := want.(type) {
	case map[string]any:
		h, ok := has.(map[string]any)
		if !ok {
			break
		}
		keys := map[string]any{}
		maps.Copy(keys, h)
		maps.Copy(keys, w)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			fields = append(fields, fieldsOf(join(key), h[key], w[key])...)
		}
		return fields
	case []any:
		h, ok := has.([]any)
		if !ok || len(h) != len(w) {
			break
		}
		for n := range w {
			fields = append(fields, fieldsOf(join(fmt.Sprint(n)), h[n], w[n])...)
		}
		return fields
	}
	return []declare.FieldChange{{Name: cmp.Or(path, "all"), Old: short(has), New: short(want)}}
}

const mostText = 40 // characters of a value

func short(v any) string {
	text := ""
	switch v := v.(type) {
	case nil:
	case string:
		text = v
	case []any:
		text = fmt.Sprintf("%d entries", len(v))
	default:
		encoded, _ := json.Marshal(v)
		text = string(encoded)
	}
	if r := []rune(text); len(r) > mostText {
		return string(r[:mostText]) + "…"
	}
	return text
}

// normal is what JSON makes of a map, in which every number is a float64.
func normal(m map[string]any) map[string]any {
	n := map[string]any{}
	if m != nil {
		text, _ := json.Marshal(m)
		_ = json.Unmarshal(text, &n)
	}
	return n
}
