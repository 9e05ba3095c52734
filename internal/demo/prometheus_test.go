package demo

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const rules = `groups:
  - name: test
    rules:
      - record: twice:citygauge_database_up
        expr: 2 * citygauge_database_up
`

func TestPrometheusScrapes(t *testing.T) {
	scraped := make(chan struct{}, 1)
	metrics := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "citygauge_database_up 1")
		select {
		case scraped <- struct{}{}:
		default:
		}
	}))
	defer metrics.Close()
	process, err := Prometheus(t.Context(), t.TempDir(), strings.TrimPrefix(metrics.URL, "http://"), []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	select {
	case <-scraped:
	case <-time.After(time.Minute):
		t.Fatal("no scrape within a minute")
	}
	query := process.URL + "/api/v1/query?query=" + url.QueryEscape(`twice:citygauge_database_up{job="citygauge"} == 2`)
	for deadline := time.Now().Add(time.Minute); !bytes.Contains(get(t, query), []byte(`"twice:citygauge_database_up"`)); {
		if time.Now().After(deadline) {
			t.Fatalf("what was scraped, doubled, is not there; Prometheus says %s", get(t, query))
		}
	}
	if config := get(t, process.URL+"/api/v1/status/config"); !bytes.Contains(config, []byte("scrape_interval: 5s")) {
		t.Errorf("it does not scrape every five seconds: %s", config)
	}
	connection := hold(t, process.URL)
	process.Stop()
	awaitEnd(t, connection)
	if err := process.Err(); err != nil {
		t.Errorf("after Stop the error is %v", err)
	}
}

func TestPrometheusTakesUpItsData(t *testing.T) {
	folder := t.TempDir()
	for range 2 {
		process, err := Prometheus(t.Context(), folder, "127.0.0.1:1", nil)
		if err != nil {
			t.Fatal(err)
		}
		process.Stop()
	}
}
