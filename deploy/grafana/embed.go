// Package grafana holds what provisions a Grafana of one organisation by files.
package grafana

import (
	"embed"
	"io/fs"
)

//go:embed provisioning
var files embed.FS

// Provisioning is laid out as Grafana's provisioning folder: datasources/ and
// dashboards/. The files say which environment variables they need.
func Provisioning() fs.FS {
	sub, err := fs.Sub(files, "provisioning")
	if err != nil {
		panic(err)
	}
	return sub
}
