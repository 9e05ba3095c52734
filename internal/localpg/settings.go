package localpg

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// settingsFile is in the cluster and read after postgresql.conf; what ALTER SYSTEM sets wins over both.
const settingsFile = "citygauge.conf"

// ownSettings suit a server that shares a machine with its users and holds up to some millions of observations.
var ownSettings = map[string]string{
	"cluster_name":         "citygauge",
	"effective_cache_size": "1GB",
	"jit":                  "off", // our queries are over before it has warmed up
	"log_destination":      "stderr",
	"log_line_prefix":      "%m [%p] %u@%d ",
	"log_timezone":         "UTC",
	"logging_collector":    "off",
	"maintenance_work_mem": "128MB",
	"max_connections":      "400", // a Grafana opens up to five for each city of a cohort
	"password_encryption":  "scram-sha-256",
	"random_page_cost":     "1.1", // there are few spinning disks left
	"shared_buffers":       "256MB",
	"timezone":             "UTC",
	"work_mem":             "16MB",

	// Loading ten years of data should not be a chain of checkpoints.
	"checkpoint_timeout": "15min",
	"max_wal_size":       "2GB",
	"wal_compression":    "on",

	"listen_addresses":        loopback,
	"unix_socket_permissions": "0700",
}

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

// configure writes the settings file.
func (c *cluster) configure(a address) error {
	settings := maps.Clone(ownSettings)
	settings["port"] = strconv.Itoa(a.Port)
	settings["unix_socket_directories"] = a.Sockets
	maps.Copy(settings, c.settings)
	content, err := render(settings)
	if err != nil {
		return fmt.Errorf("configure Postgres: %w", err)
	}
	if err := c.dir.write(path.Join(clusterDir, settingsFile), content); err != nil {
		return fmt.Errorf("configure Postgres: %w", err)
	}
	return nil
}

// render returns settings as a configuration file, in which every value may stand in quotes.
func render(settings map[string]string) (string, error) {
	var b strings.Builder
	b.WriteString("# Written anew by citygauge at each start. To change a setting for good, use ALTER SYSTEM.\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		value := settings[name]
		if !settingName.MatchString(name) {
			return "", fmt.Errorf("%q cannot be the name of a setting", name)
		}
		if strings.ContainsAny(value, "\n\r\x00") {
			return "", fmt.Errorf("setting %s has a value of several lines: %q", name, value)
		}
		value = strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(value)
		fmt.Fprintf(&b, "%s = '%s'\n", name, value)
	}
	return b.String(), nil
}
