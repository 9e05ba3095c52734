// Command generate writes Grafana's alert rules; go generate runs it in the
// package's folder.
package main

import (
	"log"
	"os"

	"github.com/citygauge/citygauge/deploy/grafana"
)

func main() {
	rules, err := os.ReadFile("../prometheus/rules/citygauge.yml")
	if err != nil {
		log.Fatal(err)
	}
	text, err := grafana.Alerts(rules)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("provisioning/alerting/citygauge.yaml", text, 0o644); err != nil {
		log.Fatal(err)
	}
}
