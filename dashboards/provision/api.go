package provision

import gapi "github.com/grafana/grafana-api-golang-client"

// api is what of Grafana's API is used, in one organisation and for one
// request's context. What has a UID is named by it: Grafana 13 turns the
// numbers of data sources off.
type api interface {
	// Of the whole server.
	OrgByName(name string) (gapi.Org, error)
	NewOrg(name string) (int64, error)
	DeleteOrg(id int64) error
	Users() ([]gapi.UserSearch, error)
	CreateUser(gapi.User) (int64, error)
	DeleteUser(id int64) error
	UpdateUserPermissions(id int64, admin bool) error
	OrgUsers(org int64) ([]gapi.OrgUser, error)
	AddOrgUser(org int64, login, role string) error
	UpdateOrgUser(org, user int64, role string) error
	RemoveOrgUser(org, user int64) error

	// Of the organisation.
	DataSources() ([]*gapi.DataSource, error)
	NewDataSource(*gapi.DataSource) (int64, error)
	UpdateDataSourceByUID(*gapi.DataSource) error
	DeleteDataSourceByName(name string) error // there is none by UID
	Folders() ([]gapi.Folder, error)
	FolderByUID(uid string) (*gapi.Folder, error)
	NewFolder(title string, uid ...string) (gapi.Folder, error)
	UpdateFolder(uid, title string, newUID ...string) error
	Dashboards() ([]gapi.FolderDashboardSearchResponse, error)
	DashboardByUID(uid string) (*gapi.Dashboard, error)
	NewDashboard(gapi.Dashboard) (*gapi.DashboardSaveResponse, error)
	DeleteDashboardByUID(uid string) error
	OrgPreferences() (gapi.Preferences, error)
	UpdateOrgPreferences(gapi.Preferences) (gapi.UpdateOrgPreferencesResponse, error)
}

var _ api = (*gapi.Client)(nil)
