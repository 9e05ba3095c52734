package collector_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/citygauge/citygauge/collector"
)

func TestPrivateNetworksAreRefused(t *testing.T) {
	reached := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a private address was reached") })
	port := reached[strings.LastIndex(reached, ":"):]
	strict := quick(t, func(o *collector.ClientOptions) { o.AllowNetworks = nil; o.Tries = 1 })
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255", "2130706433", "127.1",
	} {
		t.Run(host, func(t *testing.T) {
			_, err := try(t, strict, thefts("http://"+host+port+"/thefts.csv"))
			if host == "2130706433" || host == "127.1" { // names that some resolve to addresses
				if err == nil {
					t.Error("it was reached")
				}
				return
			}
			wantFailure(t, err, collector.NotAllowed, "inside a private network")
		})
	}
}

// A source outside may send anywhere: what counts is the address that is
// connected to.
func TestRedirectsIntoPrivateNetworksAreRefused(t *testing.T) {
	inside := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a private address was reached") })
	outside := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(inside, "127.0.0.1", "127.0.0.2", 1), http.StatusFound)
	})
	client := quick(t, func(o *collector.ClientOptions) {
		o.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		o.Tries = 1
	})
	_, err := try(t, client, thefts(outside))
	wantFailure(t, err, collector.NotAllowed, "127.0.0.2 is inside a private network")
}

// Nor is anything followed but what is on the web.
func TestRedirectsToFilesAreRefused(t *testing.T) {
	for _, to := range []string{"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"} {
		asked := 0
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
		_, err := try(t, quick(t), thefts(url))
		wantFailure(t, err, collector.NotAllowed, "and only http: and https: are followed")
		if asked != 1 {
			t.Errorf("to %s: it was asked %d times", to, asked)
		}
	}
}

func TestSecretsStayWithTheirHost(t *testing.T) {
	t.Setenv("TOKEN", "s3cret")
	var seen, elsewhere http.Header
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		elsewhere = r.Header
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	})
	first := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		http.Redirect(w, r, strings.Replace(other, "127.0.0.1", "localhost", 1), http.StatusFound)
	})
	s := thefts(first)
	s.Token = "${env:TOKEN}"
	want(t, rows(t, quick(t), s), "thefts 2026-01 9")
	if seen.Get("Authorization") != "Bearer s3cret" || elsewhere.Get("Authorization") != "" {
		t.Errorf("the token went to the source as %q, and elsewhere as %q", seen.Get("Authorization"), elsewhere.Get("Authorization"))
	}
	s.URL = "http://127.0.0.1:1/?key=s3cret"
	if _, err := try(t, quick(t), s); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the error is %v", err)
	}
}

func TestProxies(t *testing.T) {
	var through []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		through = append(through, r.URL.String())
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	})
	t.Setenv("HTTP_PROXY", proxy)
	t.Setenv("NO_PROXY", "")
	t.Setenv("REQUEST_METHOD", "")
	client := quick(t, func(o *collector.ClientOptions) { o.AllowNetworks = nil; o.Tries = 1 })
	want(t, rows(t, client, thefts("http://1.1.1.1/thefts.csv")), "thefts 2026-01 9")
	if len(through) != 1 || through[0] != "http://1.1.1.1/thefts.csv" {
		t.Errorf("through the proxy went %v", through)
	}
	_, err := try(t, client, thefts("http://10.1.1.1/thefts.csv"))
	wantFailure(t, err, collector.NotAllowed, "10.1.1.1 is inside a private network")
}

func TestBusySources(t *testing.T) {
	for _, c := range []struct {
		name, header, value string
		wait                time.Duration
	}{
		{"for seconds", "Retry-After", "7200", 2 * time.Hour},
		{"until a time", "Retry-After", "Sat, 14 Mar 2026 02:00:00 GMT", 2 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked++
				w.Header().Set("Date", "Sat, 14 Mar 2026 00:00:00 GMT")
				w.Header().Set(c.header, c.value)
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			_, err := try(t, quick(t), thefts(url))
			wantFailure(t, err, collector.Busy, "503")
			if f := collector.FailureOf(err); f.After != c.wait || !f.Retry || asked != 1 {
				t.Errorf("it waits %s (again: %t) after %d requests", f.After, f.Retry, asked)
			}
		})
	}
	t.Run("and well again", func(t *testing.T) {
		left := 2
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if left--; left >= 0 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			w.Header().Set("Content-Type", csvText)
			fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
		})
		want(t, rows(t, quick(t), thefts(url)), "thefts 2026-01 9")
	})
	t.Run("and never well", func(t *testing.T) {
		asked := 0
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "ORA-01555")
		})
		_, err := try(t, quick(t), thefts(url))
		wantFailure(t, err, collector.Unreachable, "500 Internal Server Error: ORA-01555")
		if asked != 3 {
			t.Errorf("it was asked %d times", asked)
		}
	})
	t.Run("gone", func(t *testing.T) {
		asked := 0
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(http.StatusNotFound) })
		_, err := try(t, quick(t), thefts(url))
		wantFailure(t, err, collector.Refused, "404")
		if asked != 1 {
			t.Errorf("it was asked %d times", asked)
		}
	})
}

// A source that says nothing any more is given up.
func TestSilence(t *testing.T) {
	over := make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n")
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-over:
		}
	})
	defer close(over)
	_, err := try(t, quick(t, func(o *collector.ClientOptions) { o.Patience = 50 * time.Millisecond; o.Tries = 1 }), thefts(url))
	wantFailure(t, err, collector.Unreachable, "the source fell silent")
}

func TestHostsAreSpared(t *testing.T) {
	const connections, sources = 3, 24
	var now, most atomic.Int64
	arrived, together := make(chan struct{}, sources), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for n := now.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		arrived <- struct{}{}
		<-together
		now.Add(-1)
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	}))
	defer server.Close()
	client := quick(t, func(o *collector.ClientOptions) { o.Connections = connections })
	var group sync.WaitGroup
	for range sources {
		group.Go(func() {
			p := springfield(thefts(server.URL))
			trial, err := collector.Try(t.Context(), client, p, p.Sources[0].Key(), today)
			if err != nil {
				t.Error(err)
				return
			}
			trial.Close()
		})
	}
	// As many as may come are there before any of them is let go.
	for range connections {
		<-arrived
	}
	close(together)
	group.Wait()
	if most.Load() != connections {
		t.Errorf("%d requests came at a time, want %d", most.Load(), connections)
	}
}
