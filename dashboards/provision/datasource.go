package provision

import (
	"cmp"

	gapi "github.com/grafana/grafana-api-golang-client"
)

const (
	postgresType = "postgres"
	// postgresAlias is what Grafana calls it from 10.3 on.
	postgresAlias  = "grafana-postgresql-datasource"
	prometheusType = "prometheus"

	// passwordKey is the field of a data source with its password's fingerprint:
	// a password cannot be read back.
	passwordKey = "citygaugePassword"

	// unknown is no password's fingerprint.
	unknown = "unknown"

	// withoutLimit is how many connections Grafana opens where the role may have
	// any number.
	withoutLimit = 20
	keptOpen     = 2
	// longestLife of a connection, in seconds: what a viewer sets in one (SET
	// search_path …) stays for the next to use it.
	longestLife = 300
)

// postgres is the data source that logs in as a role. It opens at most half of
// the connections that the role may have: while Grafana takes a new password
// up, the connections of the old one are still open.
func (d Desired) postgres(l Login) gapi.DataSource {
	connections := float64(withoutLimit)
	if l.Connections >= 0 {
		connections = float64(max(l.Connections/2, 1))
	}
	return gapi.DataSource{
		UID: postgresUID, Name: postgresName, Type: postgresType, Access: "proxy",
		URL: d.Database.Host, User: l.Role, Database: l.Database,
		JSONData: map[string]any{
			"database":        l.Database, // newer Grafanas look here only
			"sslmode":         d.Database.SSLMode,
			"postgresVersion": 1500.0,
			"timescaledb":     false,
			"maxOpenConns":    connections,
			"maxIdleConns":    float64(keptOpen),
			"connMaxLifetime": float64(longestLife),
			passwordKey:       cmp.Or(l.Fingerprint, unknown),
		},
	}
}

func prometheus(url string) gapi.DataSource {
	return gapi.DataSource{
		UID: prometheusUID, Name: prometheusName, Type: prometheusType, Access: "proxy", URL: url,
		JSONData: map[string]any{"httpMethod": "POST"},
	}
}

func sameType(a, b string) bool {
	known := func(t string) string {
		if t == postgresAlias {
			return postgresType
		}
		return t
	}
	return known(a) == known(b)
}
