package provision

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"

	gapi "github.com/grafana/grafana-api-golang-client"

	"github.com/citygauge/citygauge/internal/declare"
)

// userStep is a change of a user, and how it is made. A user is made in an
// organisation: without one, Grafana puts them into the main one.
type userStep struct {
	first string // name of that organisation; empty where nobody is made
	do    func(a api, organisation int64) error
}

// planUsers plans who is missing, who is more than they should be, and who is
// no longer wanted. Their names are set once: to Grafana, a user who came
// through the site is an external one, whom it refuses to rename.
func (p *Prepared) planUsers(ctx context.Context, users []user) error {
	server, err := p.server.in(ctx, mainOrganisation)
	if err != nil {
		return err
	}
	all, err := server.Users()
	if err != nil {
		return err
	}
	byLogin := map[string]gapi.UserSearch{}
	for _, u := range all {
		byLogin[u.Login] = u
	}
	for _, u := range users {
		has, ok := byLogin[u.login]
		switch {
		case !ok:
			p.userStep(Change{Name: u.login, Action: declare.Create}, userStep{u.first, u.create})
		case has.IsAdmin:
			fields := []declare.FieldChange{{Name: "server administrator", Old: "true", New: "false"}}
			p.userStep(Change{Name: u.login, Action: declare.Modify, Fields: fields}, userStep{do: func(a api, _ int64) error {
				return a.UpdateUserPermissions(has.ID, false)
			}})
		}
	}
	for _, has := range all {
		if p.names.user(has.Login) && !slices.ContainsFunc(users, func(u user) bool { return u.login == has.Login }) {
			p.userStep(Change{Name: has.Login, Action: p.opts.unwanted()}, userStep{do: func(a api, _ int64) error {
				return gone(a.DeleteUser(has.ID))
			}})
		}
	}
	return nil
}

func (p *Prepared) userStep(c Change, s userStep) {
	c.Kind = User
	p.Changes = append(p.Changes, c)
	if c.Action != declare.Keep {
		p.users = append(p.users, s)
	}
}

// create makes a user, whose password nobody knows: they come through the site.
func (u user) create(a api, organisation int64) error {
	if organisation == 0 {
		return fmt.Errorf("user %s: the organisation %s, in which to make them, could not be made", u.login, u.first)
	}
	_, err := a.CreateUser(gapi.User{Login: u.login, Name: u.name, OrgID: organisation, Password: rand.Text()})
	if statusOf(err) == http.StatusPreconditionFailed { // since the plan was made
		return nil
	}
	if err != nil {
		return fmt.Errorf("user %s: %w", u.login, plain(err))
	}
	return nil
}

// unwanted is what is done with what is ours and no longer wanted.
func (o Options) unwanted() declare.Action {
	if o.Prune {
		return declare.Remove
	}
	return declare.Keep
}
