package provision

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	gapi "github.com/grafana/grafana-api-golang-client"

	"github.com/citygauge/citygauge/internal/declare"
)

// planExcess plans what becomes of organisations of ours whose city is gone.
func (p *Prepared) planExcess(all map[string]int64) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if p.names.organisation(name) && !slices.ContainsFunc(p.wanted, func(w *wanted) bool { return w.name == name }) {
			p.Changes = append(p.Changes, Change{Kind: Organisation, Name: name, Action: p.opts.unwanted()})
			if p.opts.Prune {
				p.excess = append(p.excess, gapi.Org{ID: all[name], Name: name})
			}
		}
	}
}

// onePage is how many organisations are asked for at once.
const onePage = 100

// organisations are the numbers of all, by name. It asks for page after page,
// which the client does not.
func (s Server) organisations(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	for page := 0; ; page++ {
		response, err := s.get(ctx, mainOrganisation, url.Values{"perpage": {strconv.Itoa(onePage)}, "page": {strconv.Itoa(page)}}, "api", "orgs")
		if err != nil {
			return nil, err
		}
		var some []gapi.Org
		err = json.NewDecoder(response.Body).Decode(&some)
		if err := response.Body.Close(); err != nil {
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("read Grafana's organisations: %w", err)
		}
		for _, o := range some {
			all[o.Name] = o.ID
		}
		if len(some) == 0 {
			return all, nil
		}
	}
}

// remove takes an organisation away or, where it has what we did not make, what
// is ours from it.
func (p *Prepared) remove(ctx context.Context, o gapi.Org) error {
	server, err := p.server.in(ctx, mainOrganisation)
	if err != nil {
		return err
	}
	w := &wanted{organisation: organisation{name: o.Name}}
	if w.has, err = p.joined(ctx, o.ID, nil); err != nil {
		return err
	}
	inside, err := p.server.in(ctx, o.ID)
	if err != nil {
		return err
	}
	folders, err := inside.Folders()
	if err != nil {
		return err
	}
	if !p.othersIn(w.has, folders) {
		return gone(server.DeleteOrg(o.ID))
	}
	doing := &work{api: inside, id: o.ID}
	for _, s := range w.difference(w.has, p.names, true) {
		if s.Action == declare.Remove {
			if err := s.do(doing); err != nil {
				return err
			}
		}
	}
	p.Warnings = append(p.Warnings, fmt.Sprintf("%s: kept, without what was citygauge's, for it has what citygauge did not make", o.Name))
	return nil
}

// othersIn reports whether an organisation has anything that we did not make.
func (p *Prepared) othersIn(has standing, folders []gapi.Folder) bool {
	return slices.ContainsFunc(has.dataSources, func(s *gapi.DataSource) bool { return !ours(s.UID) }) ||
		slices.ContainsFunc(has.listed, func(d gapi.FolderDashboardSearchResponse) bool { return !ourDashboard(d) }) ||
		slices.ContainsFunc(folders, func(f gapi.Folder) bool { return f.UID != folderUID }) ||
		slices.ContainsFunc(has.members, func(u gapi.OrgUser) bool { return !p.names.user(u.Login) && !p.server.self(u) })
}
