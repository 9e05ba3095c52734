package provision

import (
	"context"
	"net/http"
	"slices"

	gapi "github.com/grafana/grafana-api-golang-client"
)

// standing is what an organisation has. Its zero value is one that is not there
// yet.
type standing struct {
	id     int64 // 0 where it is not there
	joined bool  // whether we can look into it

	dataSources []*gapi.DataSource
	ailment     string                               // of ours that asks Postgres; empty is none
	folder      *gapi.Folder                         // ours; nil where it is not there
	listed      []gapi.FolderDashboardSearchResponse // all dashboards
	dashboards  map[string]*gapi.Dashboard
	preferences gapi.Preferences
	members     []gapi.OrgUser
}

// read reads an organisation; uids are of the dashboards that are read whole.
// One that we are no administrator of has members, and nothing else is known of
// it.
func (s Server) read(ctx context.Context, id int64, uids []string) (has standing, err error) {
	server, err := s.in(ctx, mainOrganisation)
	if err != nil {
		return has, err
	}
	has.id = id
	if has.members, err = server.OrgUsers(id); err != nil {
		return has, err
	}
	has.joined = slices.ContainsFunc(has.members, func(u gapi.OrgUser) bool { return s.self(u) && u.Role == admin })
	if !has.joined {
		return has, nil
	}
	api, err := s.in(ctx, id)
	if err != nil {
		return has, err
	}
	if has.dataSources, err = api.DataSources(); err != nil {
		return has, err
	}
	if has.asks() {
		has.ailment = s.ailing(ctx, id)
	}
	if has.folder, err = orNil(api.FolderByUID(folderUID)); err != nil {
		return has, err
	}
	if has.preferences, err = api.OrgPreferences(); err != nil {
		return has, err
	}
	if has.listed, err = api.Dashboards(); err != nil {
		return has, err
	}
	// What was made a moment ago may not be listed yet, in newer Grafanas.
	has.dashboards = map[string]*gapi.Dashboard{}
	for _, uid := range uids {
		if has.dashboards[uid], err = orNil(api.DashboardByUID(uid)); err != nil {
			return has, err
		}
	}
	return has, nil
}

// orNil has what is not found be nil.
func orNil[T any](found *T, err error) (*T, error) {
	if statusOf(err) == http.StatusNotFound {
		return nil, nil
	}
	return found, err
}

// self reports whether a member is the administrator that we are.
func (s Server) self(u gapi.OrgUser) bool { return u.Login == s.User || u.Email == s.User }
