// Package prometheus holds the rules that a Prometheus applies to the metrics.
package prometheus

import _ "embed"

// Rules are recording and alerting rules, as one file of them.
//
//go:embed rules/citygauge.yml
var Rules []byte
