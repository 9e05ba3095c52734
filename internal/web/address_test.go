package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAddress believes a proxy on this machine, and nobody else.
func TestAddress(t *testing.T) {
	for _, c := range []struct {
		name, from string
		via        []string
		want       string
	}{
		{"without a proxy", "192.0.2.1:443", nil, "192.0.2.1"},
		{"IPv6", "[2001:db8::1]:443", nil, "2001:db8::1"},
		{"somebody who claims to be another", "192.0.2.1:443", []string{"198.51.100.7"}, "192.0.2.1"},
		{"through a proxy here", "127.0.0.1:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"who claims to be another, through a proxy here", "[::1]:5000", []string{"203.0.113.9", "203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		{"a proxy that says nonsense", "127.0.0.1:5000", []string{"unknown"}, "127.0.0.1"},
		{"no address", "pipe", nil, "pipe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.from
			for _, v := range c.via {
				r.Header.Add("X-Forwarded-For", v)
			}
			if got := address(r); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
