package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// grafanaInstallation is how the installed Grafana is run.
type grafanaInstallation struct {
	executable string
	subcommand []string
	home       string // the folder with conf/defaults.ini and public/
}

// findGrafana finds the Grafana on PATH and its home.
//
// What Debian's and Red Hat's packages put on PATH is a shell script, which
// would read the installation's own settings and not pass a signal on: where
// the home has the executable itself, that is the one to run.
func findGrafana() (grafanaInstallation, error) {
	onPath, err := findProgram("install it (https://grafana.com/grafana/download), or go on without", "grafana", "grafana-server")
	if err != nil {
		return grafanaInstallation{}, err
	}
	home, err := grafanaHome(onPath, []string{"/usr/share/grafana", "/usr/local/share/grafana"})
	if err != nil {
		return grafanaInstallation{}, err
	}
	executable := onPath
	for _, name := range []string{"grafana", "grafana-server"} {
		path := filepath.Join(home, "bin", name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			executable = path
			break
		}
	}
	var subcommand []string
	if !strings.HasPrefix(filepath.Base(executable), "grafana-server") {
		subcommand = []string{"server"}
	}
	return grafanaInstallation{executable, subcommand, home}, nil
}

// grafanaHome finds the home that belongs to an executable: around it, as the
// archives have it, in share/grafana beside its folder, as Homebrew and Nix
// have it, or where the packages put it.
func grafanaHome(executable string, packaged []string) (string, error) {
	places := []string{executable}
	if resolved, err := filepath.EvalSymlinks(executable); err == nil {
		places = append(places, resolved)
	}
	var homes []string
	for _, place := range places {
		prefix := filepath.Dir(filepath.Dir(place))
		homes = append(homes, prefix, filepath.Join(prefix, "share", "grafana"))
	}
	homes = append(homes, packaged...)
	if declared := os.Getenv("GRAFANA_HOME"); declared != "" {
		homes = slices.Insert(homes, 0, declared)
	}
	for _, home := range homes {
		if _, err := os.Stat(filepath.Join(home, "conf", "defaults.ini")); err == nil {
			return home, nil
		}
	}
	return "", fmt.Errorf("find the home of %s: none of %s has conf/defaults.ini; name it in GRAFANA_HOME",
		executable, strings.Join(homes, ", "))
}
