package provision

import (
	"regexp"
	"strconv"
	"strings"
)

// What is made in each organisation. UIDs belong to their organisation, so that
// links between dashboards are the same in all.
const (
	uidPrefix     = "citygauge-" // of all that is ours
	folderUID     = "citygauge"
	folderTitle   = "citygauge"
	postgresUID   = "citygauge-postgres"
	prometheusUID = "citygauge-prometheus"
	// The dashboards look for a data source whose name begins like this. Names
	// go into paths that the client does not escape: only slugs.
	postgresName   = "citygauge"
	prometheusName = "citygauge-prometheus"
)

// Names are what an installation calls things in Grafana: several may share
// one, as they may a Postgres. It is the prefix of the installation's roles.
type Names string

// City is the name of a city's organisation.
func (n Names) City(slug string) string { return string(n) + "-" + slug }

// Faculty is the name of faculty's organisation. No city's is like it: a slug
// has no _.
func (n Names) Faculty() string { return string(n) + "_faculty" }

// User is an account's login. It is no e-mail address: by one, Grafana would
// take the user who has that address for the same person, and rename them; its
// server administrator, too.
func (n Names) User(account int64) string { return string(n) + "-" + strconv.FormatInt(account, 10) }

var slug = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// organisation reports whether this is the name of one of ours.
func (n Names) organisation(name string) bool {
	rest, ok := strings.CutPrefix(name, string(n)+"-")
	return ok && slug.MatchString(rest) || name == n.Faculty()
}

// user reports whether this is the login of one of ours.
func (n Names) user(login string) bool {
	rest, ok := strings.CutPrefix(login, string(n)+"-")
	id, err := strconv.ParseInt(rest, 10, 64)
	return ok && err == nil && id > 0 && strconv.FormatInt(id, 10) == rest
}
