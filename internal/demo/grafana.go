package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// GrafanaOptions are what a Grafana of the demo shows, and where it lives.
type GrafanaOptions struct {
	// Folder holds its configuration, data and log. It is made if needed and
	// stays afterwards.
	Folder string
	// Provisioning is laid out as Grafana's provisioning folder, with
	// datasources/ and dashboards/. Its files may name the environment
	// variables CITYGAUGE_GRAFANA_DB_HOST, _NAME, _USER, _PASSWORD and
	// _SSLMODE, CITYGAUGE_PROMETHEUS_URL and CITYGAUGE_DASHBOARDS (the folder
	// with the dashboards).
	Provisioning fs.FS
	Dashboards   fs.FS // dashboards as JSON files
	Database     GrafanaDatabase
	Prometheus   string // URL; empty where there is none
}

// GrafanaDatabase is how Grafana signs in to Postgres.
type GrafanaDatabase struct {
	Host     string // host:port
	Name     string
	User     string
	Password string
	SSLMode  string // as libpq's sslmode, such as disable
}

// Grafana starts the Grafana on PATH (9.4 or newer), provisioned with data
// sources and dashboards. Whoever can reach the loopback interface may look at
// everything and change nothing: there is no sign-in. It returns once Grafana
// answers, a moment before the last dashboard is provisioned. That takes up to
// a minute where its database is new and the machine slow: bound the wait with
// ctx, which has no further effect from then on. Without a Grafana the error
// is [ErrNotInstalled].
func Grafana(ctx context.Context, o GrafanaOptions) (*Process, error) {
	installed, err := findGrafana()
	if err != nil {
		return nil, err
	}
	folder, err := prepareFolder(o.Folder)
	if err != nil {
		return nil, fmt.Errorf("prepare the folder of Grafana: %w", err)
	}
	// Without a configuration file of its own it would read the installation's.
	config := filepath.Join(folder, "grafana.ini")
	if err := os.WriteFile(config, []byte("; citygauge demo hands over all settings in the environment.\n"), 0o600); err != nil {
		return nil, fmt.Errorf("configure Grafana: %w", err)
	}
	for name, files := range map[string]fs.FS{provisioningFolder: o.Provisioning, dashboardsFolder: o.Dashboards} {
		if err := replaceFolder(filepath.Join(folder, name), files); err != nil {
			return nil, fmt.Errorf("write Grafana's %s: %w", name, err)
		}
	}
	settings := slices.Concat(o.environment(folder), privateSettings(), dateSettings())
	return program{
		name:   "Grafana",
		path:   installed.executable,
		folder: folder,
		command: func(port int) (args, env []string) {
			args = slices.Concat(installed.subcommand, []string{"--homepath=" + installed.home, "--config=" + config})
			return args, slices.Concat(settings, []string{"GF_SERVER_HTTP_PORT=" + strconv.Itoa(port)})
		},
		ready:    "/api/health",
		freePort: freePort,
		patience: stopPatience,
	}.start(ctx)
}

const (
	provisioningFolder = "provisioning"
	dashboardsFolder   = "dashboards"
)

// replaceFolder makes a folder hold these files and no others: a dashboard
// that no longer exists would be shown for ever.
func replaceFolder(path string, files fs.FS) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.CopyFS(path, files)
}

// environment is what the provisioning files refer to, and where things are.
func (o GrafanaOptions) environment(folder string) []string {
	return []string{
		"CITYGAUGE_GRAFANA_DB_HOST=" + o.Database.Host,
		"CITYGAUGE_GRAFANA_DB_NAME=" + o.Database.Name,
		"CITYGAUGE_GRAFANA_DB_USER=" + o.Database.User,
		"CITYGAUGE_GRAFANA_DB_PASSWORD=" + o.Database.Password,
		"CITYGAUGE_GRAFANA_DB_SSLMODE=" + o.Database.SSLMode,
		"CITYGAUGE_PROMETHEUS_URL=" + o.Prometheus,
		"CITYGAUGE_DASHBOARDS=" + filepath.Join(folder, dashboardsFolder),
		"GF_PATHS_PROVISIONING=" + filepath.Join(folder, provisioningFolder),
		"GF_PATHS_DATA=" + filepath.Join(folder, "data"),
		"GF_PATHS_LOGS=" + filepath.Join(folder, "data", "log"),
		"GF_PATHS_PLUGINS=" + filepath.Join(folder, "data", "plugins"),
		"GF_LOG_MODE=console",
	}
}

// privateSettings keep Grafana on this machine: nobody outside reaches it, and
// it calls nobody (from version 11 it would install plugins at each start).
func privateSettings() []string {
	return []string{
		"GF_SERVER_PROTOCOL=http",
		"GF_SERVER_HTTP_ADDR=" + loopback,
		"GF_SERVER_DOMAIN=" + loopback,
		"GF_AUTH_ANONYMOUS_ENABLED=true",
		"GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer",
		"GF_AUTH_DISABLE_LOGIN_FORM=true",
		"GF_AUTH_BASIC_ENABLED=false",
		"GF_SECURITY_ADMIN_PASSWORD=" + rand.Text(), // nobody's: the default one is known to all
		"GF_SECURITY_DISABLE_GRAVATAR=true",
		"GF_ANALYTICS_REPORTING_ENABLED=false",
		"GF_ANALYTICS_CHECK_FOR_UPDATES=false",
		"GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false",
		"GF_ANALYTICS_FEEDBACK_LINKS_ENABLED=false",
		"GF_NEWS_NEWS_FEED_ENABLED=false",
		"GF_SNAPSHOTS_EXTERNAL_ENABLED=false",
		"GF_PLUGINS_PLUGIN_ADMIN_ENABLED=false",
		"GF_PLUGINS_PREINSTALL_DISABLED=true",
		"GF_PLUGINS_PREINSTALL_AUTO_UPDATE=false",
		"GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED=true",
	}
}

// dateSettings have months named: 03/04 is April in one country and March in
// another.
func dateSettings() []string {
	return []string{
		"GF_DATE_FORMATS_FULL_DATE=D MMM YYYY HH:mm",
		"GF_DATE_FORMATS_INTERVAL_HOUR=D MMM HH:mm",
		"GF_DATE_FORMATS_INTERVAL_DAY=D MMM",
		"GF_DATE_FORMATS_INTERVAL_MONTH=MMM YYYY",
	}
}
