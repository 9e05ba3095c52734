package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	gapi "github.com/grafana/grafana-api-golang-client"
)

// longestProbe is how long Grafana may take to reach Postgres.
const longestProbe = 5 * time.Second

// ailing has an organisation's data source tried, and is what Grafana says is
// wrong with it; empty is nothing. Nobody else notices that a login was given
// another password: its own role may do that, and so may whoever is in the
// organisation.
func (s Server) ailing(ctx context.Context, organisation int64) (wrong string) {
	for range probes {
		if wrong = s.probe(ctx, organisation); wrong == "" || wrong == silent {
			break
		}
	}
	return wrong
}

// probes is how often a data source is tried: after a restart of Postgres, the
// connections that Grafana kept fail one after the other.
const probes = keptOpen + 1

// silent is that it could not be found out in time: once more would take as long
// again.
const silent = "it does not answer"

func (s Server) probe(ctx context.Context, organisation int64) string {
	soon, cancel := context.WithTimeout(ctx, longestProbe)
	defer cancel()
	response, err := s.get(soon, organisation, nil, "api", "datasources", "uid", postgresUID, "health")
	if err == nil {
		err = response.Body.Close()
	}
	answer, answered := errors.AsType[*StatusError](err)
	switch {
	case err == nil, ctx.Err() != nil:
		return ""
	case !answered:
		return silent
	case answer.Status == http.StatusNotFound: // a Grafana that cannot try it
		return ""
	}
	return answer.Message
}

// refused is what Postgres says to a login whose password or settings are not
// those that it was given.
var refused = regexp.MustCompile(`password authentication failed|not permitted to log in|permission denied to set`)

// lockedOut reports whether Postgres does not let the data source in.
func (has standing) lockedOut() bool { return refused.MatchString(has.ailment) }

// written reports whether a data source is made or changed.
func (w *wanted) written() bool {
	return slices.ContainsFunc(w.steps, func(s step) bool { return s.Kind == DataSource && s.do != nil })
}

// warnOfAiling tells of data sources that reach nothing: of all with the same
// reason at once, for it is one that Postgres or its network has.
func (p *Prepared) warnOfAiling(some []*wanted) {
	names := map[string][]string{}
	for _, w := range some {
		if ailment := w.ailment(); ailment != "" {
			names[ailment] = append(names[ailment], w.name)
		}
	}
	for _, ailment := range slices.Sorted(maps.Keys(names)) {
		where := names[ailment][0]
		if more := len(names[ailment]) - 1; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: Grafana cannot ask the database: %s: make sure that it runs, that Grafana reaches it at --database-host, and that pg_hba.conf lets its roles in", where, ailment))
	}
}

// ailment is what is wrong with the data source, on one line, and without the
// role that newer Grafanas name: it is another one in each organisation.
func (w *wanted) ailment() string {
	text := strings.Join(strings.Fields(w.has.ailment), " ")
	for _, s := range w.organisation.dataSources {
		if s.UID == postgresUID && s.User != "" {
			text = strings.ReplaceAll(text, s.User, "…")
		}
	}
	return text
}

// warnOfConnections tells where Grafana may take all connections to the
// database, and the site with them.
func (p *Prepared) warnOfConnections(most int) {
	n := 0
	for _, w := range p.wanted {
		for _, s := range w.organisation.dataSources {
			open, _ := s.JSONData["maxOpenConns"].(float64)
			n += int(open)
		}
	}
	if most > 0 && n > most-ownConnections {
		p.Warnings = append(p.Warnings, fmt.Sprintf("Grafana may open %d connections to the database, which takes %d in all: when everybody looks at once, panels fail, and so does the site: set max_connections to %d or more, unless Grafana goes through a pooler (docs/scale.md)", n, most, n+ownConnections))
	}
}

// ownConnections is how many citygauge may need itself.
const ownConnections = 30

// asks reports whether there is a data source of ours to be tried.
func (has standing) asks() bool {
	return slices.ContainsFunc(has.dataSources, func(s *gapi.DataSource) bool { return s.UID == postgresUID })
}
