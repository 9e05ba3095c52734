package provision

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"

	gapi "github.com/grafana/grafana-api-golang-client"
)

// Passwords gives database logins a password, and makes them where they are
// missing; the city that is empty is faculty's. It is not called twice at once.
type Passwords func(ctx context.Context, city, password string) (Login, error)

// work is what a step needs to change an organisation.
type work struct {
	api  api // in the organisation
	id   int64
	city string
	set  func(city, password string) (Login, error)
}

// putDataSource writes a data source, with a new password where it has one:
// the present one is known to nobody.
func (w *work) putDataSource(s gapi.DataSource, add bool) error {
	if s.UID == postgresUID {
		password := rand.Text()
		login, err := w.set(w.city, password)
		if err != nil {
			return err
		}
		s.User, s.Database = login.Role, login.Database
		s.JSONData = maps.Clone(s.JSONData)
		s.JSONData["database"], s.JSONData[passwordKey] = login.Database, login.Fingerprint
		s.SecureJSONData = map[string]any{"password": password}
	}
	if add {
		_, err := w.api.NewDataSource(&s)
		return taken(err, fmt.Sprintf("a data source that citygauge did not make is called %s", s.Name))
	}
	return w.api.UpdateDataSourceByUID(&s)
}

func (w *work) newFolder() error {
	_, err := w.api.NewFolder(folderTitle, folderUID)
	return taken(err, fmt.Sprintf("a folder that citygauge did not make is called %s", folderTitle))
}

// putDashboard saves a dashboard over the version that was read; none is nil.
// It never asks Grafana to overwrite: that would write over whichever dashboard
// has its title, whoever made it.
func (w *work) putDashboard(b dashboard, has *gapi.Dashboard) error {
	model := maps.Clone(b.model)
	if has != nil {
		model["id"], model["version"] = has.Model["id"], has.Model["version"]
	}
	_, err := w.api.NewDashboard(gapi.Dashboard{Model: model, FolderUID: folderUID, Message: "citygauge grafana apply"})
	return taken(err, fmt.Sprintf("a dashboard that citygauge did not make is in the folder %s and is called %s, or somebody saves ours at this moment", folderTitle, b.model["title"]))
}

// putPreferences changes two of an organisation's preferences. The client sends
// some of the others, too, so that they have to be as they are.
func (w *work) putPreferences(home, timezone string) error {
	p, err := w.api.OrgPreferences()
	if err != nil {
		return err
	}
	p.HomeDashboardID, p.HomeDashboardUID, p.Timezone = 0, home, timezone
	_, err = w.api.UpdateOrgPreferences(p)
	return err
}

// join makes a user a member, or gives a member the role.
func (w *work) join(login, role string) error {
	err := w.api.AddOrgUser(w.id, login, role)
	switch statusOf(err) {
	case http.StatusConflict:
	case http.StatusNotFound:
		return fmt.Errorf("%w: the user %s could not be made: perhaps somebody else's has this as e-mail address", plain(err), login)
	default:
		return err
	}
	members, err := w.api.OrgUsers(w.id)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(members, func(u gapi.OrgUser) bool { return u.Login == login || u.Email == login })
	if n < 0 || members[n].Role == role {
		return nil
	}
	return w.api.UpdateOrgUser(w.id, members[n].UserID, role)
}

// taken says whose fault it is that a name cannot be had.
func taken(err error, why string) error {
	if s := statusOf(err); s == http.StatusConflict || s == http.StatusPreconditionFailed {
		return fmt.Errorf("%w: %s: rename or move it, and run the command again", plain(err), why)
	}
	return err
}

// gone has what is not there any more be removed.
func gone(err error) error {
	if statusOf(err) == http.StatusNotFound {
		return nil
	}
	return err
}
