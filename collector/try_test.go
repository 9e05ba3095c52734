package collector_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// today is the day on which every test happens: March has not ended.
var today = programme.NewDate(2026, time.March, 15)

// springfield is a programme of one city, six hours behind UTC in winter.
func springfield(sources ...programme.Source) programme.Programme {
	p := programme.Programme{
		Cities: []programme.City{{ID: "springfield", Name: "Springfield", Country: "US", Population: 200_000, Timezone: "America/Chicago"}},
	}
	for _, i := range []programme.Indicator{
		{ID: "thefts", Title: "Thefts reported", Unit: "thefts", Frequency: programme.Monthly, Kind: programme.Count},
		{ID: "spent", Title: "Spent", Unit: "$", Frequency: programme.Quarterly, Kind: programme.Quantity},
		{ID: "calls", Title: "Calls", Unit: "calls", Frequency: programme.Weekly, Kind: programme.Quantity},
	} {
		i.City, i.Direction, i.Measure, i.Lens, i.DueDays = "springfield", programme.Decrease, programme.Latest, programme.Outcome, programme.DefaultDueDays
		p.Indicators = append(p.Indicators, i)
	}
	for _, s := range sources {
		s.City = "springfield"
		if s.ID == "" {
			s.ID = "police"
		}
		p.Sources = append(p.Sources, s)
	}
	return p
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// quick is a client that may reach the tests' servers and hardly waits.
func quick(t testing.TB, change ...func(*collector.ClientOptions)) *collector.Client {
	t.Helper()
	o := collector.ClientOptions{AllowNetworks: loopback, PerSecond: -1, FirstWait: time.Microsecond, Tries: 3}
	for _, c := range change {
		c(&o)
	}
	c := collector.NewClient(o)
	t.Cleanup(c.Close)
	return c
}

// try pulls a source of springfield and takes nothing in.
func try(t testing.TB, c *collector.Client, s programme.Source) (*collector.Trial, error) {
	t.Helper()
	p := springfield(s)
	for _, f := range collector.Check(p) {
		t.Fatalf("the source is not one: %v", f)
	}
	trial, err := collector.Try(t.Context(), c, p, p.Sources[0].Key(), today)
	if err == nil {
		t.Cleanup(func() {
			if err := trial.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return trial, err
}

// rows pulls a source that must deliver, and gives its rows, one a line.
func rows(t testing.TB, c *collector.Client, s programme.Source) string {
	t.Helper()
	trial, err := try(t, c, s)
	if err != nil {
		t.Fatal(err)
	}
	return written(trial)
}

func written(trial *collector.Trial) string {
	var text strings.Builder
	for _, r := range trial.Rows {
		text.WriteString(strings.Join(strings.Fields(strings.Join([]string{r.Indicator, r.Period, r.Value, string(r.Status), r.Note}, " ")), " ") + "\n")
	}
	return text.String()
}

func want(t testing.TB, got string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(strings.Join(lines, "\n")+"\n", got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// wantFailure makes sure that a pull failed, for a reason and in words.
func wantFailure(t testing.TB, err error, reason collector.Reason, words string) {
	t.Helper()
	f, ok := errors.AsType[*collector.Failure](err)
	if !ok || f.Reason != reason || !strings.Contains(f.Error(), words) {
		t.Errorf("the pull ended with %v, want a failure that is %s and says %q", err, reason, words)
	}
}

// serve is a server of a test's own.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// answer is a server that always says the same.
func answer(t testing.TB, kind, content string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write([]byte(content))
	})
}
