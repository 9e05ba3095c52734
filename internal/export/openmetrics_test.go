package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/export"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testprom"
)

// boston is everything that ended before 14 October 2025 in Boston.
func boston(t testing.TB) export.Span {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return export.Span{To: programme.NewDate(2025, time.October, 13), Zone: zone}
}

// openMetrics is the history of the sample.
func openMetrics(t testing.TB, s export.Span) []byte {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	history, err := export.NewHistory()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range observations() {
		if err := history.Observation(o.Observation, s); err != nil {
			t.Fatal(err)
		}
	}
	for _, j := range judgeables(t) {
		for _, o := range j.series {
			observation := programme.Observation{City: j.of.City, Indicator: j.of.ID, Period: o.Period, Value: o.Value, Status: o.Status}
			if err := history.Observation(observation, s); err != nil {
				t.Fatal(err)
			}
		}
		if err := history.Target(j.of, j.cohort, j.resolved, j.series, s); err != nil {
			t.Fatal(err)
		}
	}
	var text bytes.Buffer
	n, err := history.WriteTo(&text)
	if err != nil || n != int64(text.Len()) {
		t.Fatalf("%d of %d bytes written, error %v", n, text.Len(), err)
	}
	if err := history.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// TestPrometheusTakesHistoryIn asks a real Prometheus for what promtool made of
// an export.
func TestPrometheusTakesHistoryIn(t *testing.T) {
	file, data := filepath.Join(t.TempDir(), "history.om"), t.TempDir()
	if err := os.WriteFile(file, openMetrics(t, boston(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	create := exec.CommandContext(t.Context(), testprom.Program(t, "promtool"),
		"tsdb", "create-blocks-from", "openmetrics", file, data, "--max-block-duration=8760h")
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("promtool tsdb create-blocks-from openmetrics: %v\n%s", err, out)
	}
	prometheus := testprom.Start(t, "", data, "--storage.tsdb.retention.time=100y")
	prometheus.Await(t, "vector(1)", "1")
	const robberies, judged = `city="boston-ma",indicator="robberies"`, `city="boston-ma",indicator="robberies",cohort="2025"`
	for _, c := range []struct{ name, series, at, want string }{
		{"the second before January is over", `value{` + robberies + `}`, "2025-01-31T23:59:59-05:00", "66"},
		{"January is over", `value{` + robberies + `}`, "2025-02-01T00:00:00-05:00", "46"},
		{"in summer time", `value{` + robberies + `}`, "2025-07-01T00:00:00-04:00", "51"},
		{"the middle of a month", `value{` + robberies + `}`, "2025-03-15T12:00:00-04:00", "57"},
		{"the first value", `value{` + robberies + `}`, "2024-02-20T00:00:00Z", "61"},
		{"before the first", `value{` + robberies + `}`, "2024-01-31T00:00:00Z", ""},
		{"long after the last", `value{` + robberies + `}`, "2025-12-01T00:00:00Z", ""},
		{"all digits", `value{city="riverton",indicator="weekly"}`, "2025-03-20T00:00:00Z", "0.30000000000000004"},
		{"a tiny one", `value{city="riverton",indicator="monthly"}`, "2025-04-02T00:00:00Z", "1e-07"},
		{"a suppressed one", `value{city="riverton",indicator="withheld"}`, "2025-04-02T00:00:00Z", ""},
		{"of a year that is not over", `value{city="riverton",indicator="annual"}`, "2026-01-02T00:00:00Z", ""},
		{"the measure, 574 by the share of 2024's first nine months", `measure{` + judged + `}`, "2025-10-01T04:00:00Z", "750.6153846153846"},
		{"the baseline", `baseline{` + judged + `}`, "2025-05-05T00:00:00Z", "833"},
		{"the target", `target{` + judged + `}`, "2025-05-05T00:00:00Z", "749.7"},
		{"the status that holds", `status{` + judged + `,status="on-track"}`, "2025-07-10T00:00:00Z", "1"},
		{"one that does not", `status{` + judged + `,status="slipping"}`, "2025-07-10T00:00:00Z", "0"},
		{"a status without figures", `status{city="boston-ma",indicator="beds",status="awaiting"}`, "2025-09-10T00:00:00Z", "0"},
		{"a figure that is not known", `measure{city="boston-ma",indicator="beds"}`, "2025-09-10T00:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			expression := `last_over_time(citygauge_indicator_` + c.series + `[32d])`
			if got := prometheus.Query(t, expression, at); got != c.want {
				t.Errorf("%s is %q, want %q", expression, got, c.want)
			}
		})
	}
}

// TestOpenMetricsOrder has what the format asks for: metrics one after the
// other, series one after the other, samples in order of time.
func TestOpenMetricsOrder(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(string(openMetrics(t, boston(t))), "\n"), "\n")
	if last := lines[len(lines)-1]; last != "# EOF" {
		t.Errorf("the last line is %s", last)
	}
	sample := regexp.MustCompile(`^((citygauge_indicator_\w+)\{[a-z0-9=",-]+\}) \S+ (\d+)$`)
	seen := map[string]bool{}
	family, series, samples, before := "", "", 0, int64(0)
	for _, line := range lines[:len(lines)-1] {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			family = strings.TrimSuffix(name, " gauge")
			continue
		}
		if strings.HasPrefix(line, "# HELP "+family+" ") {
			continue
		}
		found := sample.FindStringSubmatch(line)
		if found == nil || found[2] != family {
			t.Fatalf("among the samples of %s: %s", family, line)
		}
		samples++
		if found[1] != series {
			if seen[found[1]] {
				t.Errorf("comes back: %s", line)
			}
			series, before = found[1], 0
			seen[series] = true
		}
		at, err := strconv.ParseInt(found[3], 10, 64)
		if err != nil || at <= before {
			t.Errorf("not after %d: %s", before, line)
		}
		before = at
	}
	if samples < 100 {
		t.Errorf("%d samples", samples)
	}
}

func TestSpan(t *testing.T) {
	s := boston(t)
	s.From, s.To = programme.NewDate(2025, time.February, 28), programme.NewDate(2025, time.March, 30)
	got := map[string]bool{}
	for _, at := range regexp.MustCompile(`(?m)^[^#].* (\d+)$`).FindAllSubmatch(openMetrics(t, s), -1) {
		seconds, err := strconv.ParseInt(string(at[1]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got[time.Unix(seconds, 0).In(s.Zone).Format(time.RFC3339)] = true
	}
	want := map[string]bool{
		"2025-03-01T00:00:00-05:00": true, // of February
		"2025-03-16T00:00:00-04:00": true, // of a day
		"2025-03-17T00:00:00-04:00": true, // of a week
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("times of samples (-want +got):\n%s", diff)
	}
}

func TestEmptyHistory(t *testing.T) {
	s := boston(t)
	s.To = programme.NewDate(2020, time.January, 1)
	text := string(openMetrics(t, s))
	if regexp.MustCompile(`(?m)^[^#]`).MatchString(text) || !strings.HasSuffix(text, "\n# EOF\n") {
		t.Errorf("the history of nothing is:\n%s", text)
	}
}

func TestHistoryLeavesNothingBehind(t *testing.T) {
	openMetrics(t, boston(t))
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestHistoryWithoutRoom(t *testing.T) {
	t.Run("for temporary files", func(t *testing.T) {
		t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
		if _, err := export.NewHistory(); !errors.Is(err, os.ErrNotExist) || !strings.Contains(fmt.Sprint(err), "TMPDIR") {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("for the text", func(t *testing.T) {
		history, err := export.NewHistory()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := history.WriteTo(full{}); !errors.Is(err, errFull) {
			t.Errorf("error is %v", err)
		}
		if err := history.Close(); err != nil {
			t.Error(err)
		}
	})
}
