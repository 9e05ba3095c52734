package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// prometheusConfig scrapes one address, and applies the rules, often enough to
// watch a change arrive.
const prometheusConfig = `# Written by citygauge demo at each start.
global:
  scrape_interval: 5s
  evaluation_interval: 5s
rule_files: [rules.yml]
scrape_configs:
  - job_name: citygauge
    static_configs:
      - targets: [%q]
`

// Prometheus starts the Prometheus on PATH (2.42 or newer), scraping metrics,
// the host:port of citygauge's metrics listener, every five seconds, and applying
// rules, the text of a file of them. Its configuration, data and log are kept in
// folder, which is made if needed and stays afterwards. It returns once Prometheus is ready; bound the wait with
// ctx, which has no further effect from then on. Without a Prometheus the error
// is [ErrNotInstalled].
func Prometheus(ctx context.Context, folder, metrics string, rules []byte) (*Process, error) {
	path, err := findProgram("install it (Debian: apt install prometheus), or go on without", "prometheus")
	if err != nil {
		return nil, err
	}
	folder, err = prepareFolder(folder)
	if err != nil {
		return nil, fmt.Errorf("prepare the folder of Prometheus: %w", err)
	}
	config := filepath.Join(folder, "prometheus.yml")
	err = errors.Join(
		os.WriteFile(config, fmt.Appendf(nil, prometheusConfig, metrics), 0o600),
		os.WriteFile(filepath.Join(folder, "rules.yml"), rules, 0o600),
	)
	if err != nil {
		return nil, fmt.Errorf("configure Prometheus: %w", err)
	}
	return program{
		name:   "Prometheus",
		path:   path,
		folder: folder,
		command: func(port int) (args, env []string) {
			return []string{
				"--config.file=" + config,
				"--storage.tsdb.path=" + filepath.Join(folder, "data"),
				"--web.listen-address=" + net.JoinHostPort(loopback, strconv.Itoa(port)),
			}, nil
		},
		ready:    "/-/ready",
		freePort: freePort,
		patience: stopPatience,
	}.start(ctx)
}
