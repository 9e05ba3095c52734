// Package grafana serves a Grafana under /grafana/ of the site, to whoever is
// signed in to the site: they are signed in there, too.
//
// Grafana learns who it is from a header (its auth proxy), and must therefore
// be reachable through this package alone: it listens on loopback. The package
// promises that nobody but the site says who somebody is. Of what a browser
// sends, only the headers in headers.go go on, whatever the rest is called;
// cookies go neither way, so that a session left in a shared browser counts for
// nothing; and no other site's page can do anything with a visitor's session.
//
// It makes nobody known to Grafana: that is what citygauge grafana apply does.
package grafana
