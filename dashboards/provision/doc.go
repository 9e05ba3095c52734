// Package provision makes a Grafana match the programme: an organisation for
// each city and one for faculty, with data sources, dashboards, preferences and
// the accounts that may look at them.
//
// Access is by organisation, because in Grafana's open-source edition a viewer
// can send any query to every data source of the organisation. A city's has one
// data source, which logs in to Postgres as that city's role. Nothing is put
// into the main organisation.
//
// It reads what stands, tells the difference, and does no more than that: a
// second run does nothing, and one after a failure goes on where that ended.
// Everything it makes has a name or UID that follows from the programme, which
// is how it knows its own things again. It changes and removes no others, and
// removes its own only on request; who may no longer see a city is taken out of
// its organisation at once.
//
// It goes through [gapi], whose traps are kept in client.go and transport.go.
//
// [gapi]: https://pkg.go.dev/github.com/grafana/grafana-api-golang-client
package provision
