// Package testgrafana is a stand-in for a Grafana of its API, as Grafana 9.4
// behaves: with its organisations, its versions and its surprises. It is
// imported by tests alone, and holds nothing that was not seen in the real one.
package testgrafana
