package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/citygauge/citygauge/internal/localpg"
)

const (
	// stale is the age from which on a snapshot is no longer compared in time.
	stale = 5 * time.Minute
	// unscraped is the age from which on a Prometheus does not scrape.
	unscraped = 5 * time.Minute
	// roomNeeded is how much of a disk should be free, in bytes and of all.
	roomNeeded, roomPart = 1 << 30, 0.05
	// doctorPatient is how long an answer may take.
	doctorPatient = 10 * time.Second
)

// examineFolder looks at the folder of a private Postgres.
func (g *Global) examineFolder(f *findings) {
	if g.DatabaseURL != "" {
		return
	}
	dir := g.DataDir
	if dir == "" {
		dir, _ = localpg.DefaultDir() // it was found before
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		f.say("folder", wrong, "correct --data-dir", "%v", err)
		return
	case info.Mode().Perm()&0o077 != 0:
		f.say("folder", wrong, "chmod 700 "+dir, "%s can be entered by others, and holds the key to the data", dir)
	default:
		f.ok("folder", "%s is closed to others", dir)
	}
	free, all, err := room(dir)
	switch {
	case err != nil:
		f.say("disk", unknown, "look at it with df", "how full the disk of %s is cannot be told: %v", dir, err)
	case free < roomNeeded || float64(free) < roomPart*float64(all):
		f.say("disk", wrong, "make room, or move the data directory", "the disk of %s has %d MB of %d left", dir, free>>20, all>>20)
	default:
		f.ok("disk", "%d MB of %d are free", free>>20, all>>20)
	}
}

// examineServer asks a server about itself by its metrics. It may be another
// installation's, such as a demo's; this one's id is empty where it is not known.
func (c *doctorCommand) examineServer(ctx context.Context, now func() time.Time, installation string, f *findings) {
	at := strings.TrimSuffix(strings.TrimSuffix(c.Metrics, "/"), "/metrics")
	text, err := ask(ctx, at+"/metrics/process")
	if err != nil {
		f.say("server", attention, "start citygauge serve, or name its metrics with --metrics", "no server answers: %v", err)
		return
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	value := func(name string) (float64, bool) {
		m := families[name].GetMetric()
		if len(m) == 0 {
			return 0, false
		}
		return m[0].GetGauge().GetValue(), true
	}
	up, ours := value("citygauge_database_up")
	if err != nil || !ours {
		f.say("server", wrong, "name the metrics of citygauge with --metrics", "what answers at %s is not citygauge", c.Metrics)
		return
	}
	agreed, shown := value("citygauge_snapshot_timestamp_seconds")
	age := now().Sub(time.UnixMilli(int64(agreed * 1000))).Round(time.Second)
	switch {
	case up == 0:
		f.say("server", wrong, "read its log", "the server at %s does not reach its database", c.Metrics)
	case !shown || age > stale:
		f.say("server", wrong, "read its log, and start it again", "the metrics at %s last agreed with the database %v ago", c.Metrics, age)
	case installation == "":
		f.ok("server", "the metrics at %s agree with its database, be it this one or another", c.Metrics)
	case served(families) != installation:
		f.say("server", attention, "name the metrics of this one's server with --metrics, or its database", "the server at %s is another installation's", c.Metrics)
	default:
		f.ok("server", "the metrics at %s agree with this database", c.Metrics)
	}
}

// served is the id of the installation whose metrics these are.
func served(families map[string]*dto.MetricFamily) string {
	for _, m := range families["citygauge_installation_info"].GetMetric() {
		for _, label := range m.GetLabel() {
			return label.GetValue()
		}
	}
	return ""
}

// examinePrometheus asks it when it last scraped a server.
func (c *doctorCommand) examinePrometheus(ctx context.Context, f *findings) {
	if c.Prometheus == "" {
		f.say("Prometheus", unknown, "name it with --prometheus", "it was not asked")
		return
	}
	age, err := lastScrape(ctx, c.Prometheus)
	const configure = "have it scrape the metrics, as deploy/prometheus/prometheus.yml shows"
	switch {
	case err != nil:
		f.say("Prometheus", wrong, "correct --prometheus, or start it", "%v", err)
	case age < 0:
		f.say("Prometheus", wrong, configure, "it has not scraped citygauge for five minutes")
	case age > unscraped:
		f.say("Prometheus", wrong, configure, "it last scraped citygauge %v ago", age)
	default:
		f.ok("Prometheus", "it scraped citygauge %v ago", age)
	}
}

// lastScrape is how long ago a Prometheus scraped a server; negative if it knows
// of none.
func lastScrape(ctx context.Context, prometheus string) (time.Duration, error) {
	text, err := ask(ctx, strings.TrimSuffix(prometheus, "/")+"/api/v1/query?query="+url.QueryEscape(`min(time() - timestamp(citygauge_database_up))`))
	if err != nil {
		return 0, err
	}
	var answer struct {
		Data struct {
			Result []struct {
				Value [2]any `json:"value"` // when, and what
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return 0, fmt.Errorf("%s does not answer as Prometheus does: %w", prometheus, err)
	}
	if len(answer.Data.Result) == 0 {
		return -1, nil
	}
	word, _ := answer.Data.Result[0].Value[1].(string)
	seconds, err := strconv.ParseFloat(word, 64)
	return time.Duration(seconds * float64(time.Second)).Round(time.Second), err
}

// ask is what a URL answers with, of which only a part is looked at.
func ask(ctx context.Context, from string) (string, error) {
	const longest = 16 << 20
	ctx, cancel := context.WithTimeout(ctx, doctorPatient)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, longest))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", from, response.Status)
	}
	return string(text), err
}
