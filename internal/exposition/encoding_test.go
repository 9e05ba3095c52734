package exposition

import "testing"

func TestAcceptsGzip(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers []string
		want    bool
	}{
		{"no header", nil, false},
		{"empty", []string{""}, false},
		{"named", []string{"gzip"}, true},
		{"Prometheus", []string{"gzip, identity;q=0.5"}, true},
		{"browser", []string{"gzip, deflate, br, zstd"}, true},
		{"old name", []string{"x-gzip"}, true},
		{"capitals", []string{"GZIP"}, true},
		{"weight", []string{"br, gzip ; q=0.1"}, true},
		{"refused", []string{"gzip;q=0"}, false},
		{"refused with decimals", []string{"gzip; Q=0.000, *"}, false},
		{"anything", []string{"*"}, true},
		{"anything else", []string{"*, gzip;q=0"}, false},
		{"nothing else", []string{"identity, *;q=0"}, false},
		{"named beside nothing", []string{"*;q=0, gzip"}, true},
		{"bad weight", []string{"gzip;q=much"}, false},
		{"weight that is no number", []string{"gzip;q=NaN"}, false},
		{"two headers", []string{"deflate", "gzip"}, true},
		{"other", []string{"gzipped"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := acceptsGzip(c.headers); got != c.want {
				t.Errorf("acceptsGzip(%q) = %v", c.headers, got)
			}
		})
	}
}
