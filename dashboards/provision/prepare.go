package provision

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	gapi "github.com/grafana/grafana-api-golang-client"
	"golang.org/x/sync/errgroup"

	"github.com/citygauge/citygauge/internal/declare"
)

// Options are how a Grafana is made to match.
type Options struct {
	Prune       bool // remove what we made and is no longer wanted
	Rotate      bool // give every data source a new password
	Concurrency int  // organisations at once; 0 is one
	Passwords   Passwords
	// Progress, where there is one, is told how many of all organisations are
	// done. It is called by one goroutine at a time.
	Progress func(done, of int)
}

// Prepared is a plan that can be carried out.
type Prepared struct {
	Plan

	server Server
	names  Names
	opts   Options
	wanted []*wanted
	users  []userStep
	excess []gapi.Org // of ours, to remove
	set    func(ctx context.Context) func(city, password string) (Login, error)
}

// wanted is an organisation that should be, as it stands.
type wanted struct {
	organisation
	has   standing
	steps []step
}

// Prepare reads a Grafana, which it does not change, and plans what makes it
// match.
func Prepare(ctx context.Context, server Server, d Desired, o Options) (*Prepared, error) {
	if err := server.Check(); err != nil {
		return nil, err
	}
	if o.Rotate {
		d = d.withNewPasswords()
	}
	organisations, err := d.organisations()
	if err != nil {
		return nil, err
	}
	p := &Prepared{server: server, names: d.Names, opts: o, set: onePasswordAtATime(o.Passwords)}
	p.State = state(d, organisations)
	// By one request, not by one for each organisation: who asks a few times with
	// a wrong password is locked out for minutes.
	all, err := server.organisations(ctx)
	if err != nil {
		return nil, ended(ctx, plain(err))
	}
	for _, want := range organisations {
		p.wanted = append(p.wanted, &wanted{organisation: want, has: standing{id: all[want.name]}})
	}
	if err := p.each(ctx, func(w *wanted) (err error) {
		if w.has.id != 0 {
			w.has, err = server.read(ctx, w.has.id, w.uids())
		}
		w.steps = w.difference(w.has, p.names, o.Prune)
		return err
	}); err != nil {
		return nil, err
	}
	for _, w := range p.wanted {
		p.tell(w)
	}
	p.warnOfAiling(slices.DeleteFunc(slices.Clone(p.wanted), (*wanted).written))
	if err := p.planUsers(ctx, d.users(organisations)); err != nil {
		return nil, ended(ctx, plain(err))
	}
	p.planExcess(all)
	p.warnOfConnections(d.Database.Connections)
	p.sort()
	return p, nil
}

// tell adds an organisation to the plan.
func (p *Prepared) tell(w *wanted) {
	switch {
	case w.has.id == 0:
		p.Changes = append(p.Changes, Change{Kind: Organisation, Name: w.name, Action: declare.Create})
	case !w.has.joined:
		p.Changes = append(p.Changes, Change{Organisation: w.name, Kind: Member, Name: p.server.User, Action: declare.Create})
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: what is in it can be seen only after apply has joined it", w.name))
		return
	}
	for _, s := range w.steps {
		p.Changes = append(p.Changes, s.Change)
	}
	for _, s := range w.has.dataSources {
		if !ours(s.UID) {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: citygauge did not make the data source %q: whoever is in the organisation can ask it anything", w.name, s.Name))
		}
	}
	for _, m := range w.has.members {
		if !p.names.user(m.Login) && !p.server.self(m) {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: %s is in it, whom citygauge did not put there", w.name, m.Login))
		}
	}
}

func (o organisation) uids() []string {
	list := make([]string, len(o.dashboards))
	for n, b := range o.dashboards {
		list[n] = b.uid
	}
	return list
}

// each does something for every organisation, several at once. All of them are
// tried; the error has all of theirs.
func (p *Prepared) each(ctx context.Context, do func(*wanted) error) error {
	return each(ctx, p.opts.Concurrency, p.wanted, func(w *wanted) error {
		if err := do(w); err != nil {
			return fmt.Errorf("organisation %s: %w", w.name, plain(err))
		}
		return nil
	})
}

func each[T any](ctx context.Context, concurrency int, all []T, do func(T) error) error {
	var group errgroup.Group
	group.SetLimit(max(concurrency, 1))
	failed := make([]error, len(all))
	for n, one := range all {
		group.Go(func() error {
			if failed[n] = ctx.Err(); failed[n] == nil {
				failed[n] = do(one)
			}
			return nil
		})
	}
	_ = group.Wait() // failed has every error, not the first alone
	return ended(ctx, compact(failed))
}

// ended is an error or, where the context ended, why it did: that is then what
// went wrong with each thing.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// mostErrors is how many errors are told: a Grafana that is down has one for
// each organisation.
const mostErrors = 5

func compact(failed []error) error {
	failed = slices.DeleteFunc(failed, func(err error) bool { return err == nil })
	if more := len(failed) - mostErrors; more > 0 {
		failed = append(failed[:mostErrors:mostErrors], fmt.Errorf("… and %d more", more))
	}
	return errors.Join(failed...)
}

func (d Desired) withNewPasswords() Desired {
	logins := map[string]Login{}
	for city, l := range d.Logins {
		l.Fingerprint = ""
		logins[city] = l
	}
	d.Logins, d.Faculty.Fingerprint = logins, ""
	return d
}

// onePasswordAtATime keeps Postgres from being asked to change its roles by
// several sessions at once, which it refuses.
func onePasswordAtATime(set Passwords) func(context.Context) func(string, string) (Login, error) {
	var lock sync.Mutex
	return func(ctx context.Context) func(string, string) (Login, error) {
		return func(city, password string) (Login, error) {
			lock.Lock()
			defer lock.Unlock()
			return set(ctx, city, password)
		}
	}
}

// state is a fingerprint of what is desired, passwords apart.
func state(d Desired, organisations []organisation) string {
	type desired struct {
		Name, Home, Timezone string
		DataSources          []gapi.DataSource
		Dashboards           []map[string]any
		Members              map[string]string
	}
	var all []desired
	for _, o := range organisations {
		one := desired{Name: o.name, Home: o.home, Timezone: o.timezone, Members: o.members}
		for _, s := range o.dataSources {
			s.JSONData = normal(s.JSONData)
			delete(s.JSONData, passwordKey)
			one.DataSources = append(one.DataSources, s)
		}
		for _, b := range o.dashboards {
			one.Dashboards = append(one.Dashboards, b.model)
		}
		all = append(all, one)
	}
	var logins []string
	for _, u := range d.users(organisations) {
		logins = append(logins, u.login+" in "+u.first)
	}
	text, _ := json.Marshal([]any{all, logins})
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
