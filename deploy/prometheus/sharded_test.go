package prometheus_test

import (
	"crypto/md5" //nolint:gosec // what Prometheus shards by
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/testprom"
)

// Four real servers with the sharded configuration share the cities that /sd
// lists, each city to one of them.
func TestShardsShareTheCities(t *testing.T) {
	const cities, shards = 40, 4
	sd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		type group struct {
			Targets []string          `json:"targets"`
			Labels  map[string]string `json:"labels"`
		}
		var groups []group
		for n := range cities {
			groups = append(groups, group{[]string{r.Host}, map[string]string{"__metrics_path__": "/metrics/cities/" + city(n), "instance": city(n)}})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(groups)
	}))
	t.Cleanup(sd.Close)
	text, err := os.ReadFile("sharded.yml")
	if err != nil {
		t.Fatal(err)
	}
	config, _, found := strings.Cut(string(text), "\n# Mimir")
	if !found {
		t.Fatal("where does remote write begin?")
	}
	config = strings.NewReplacer("127.0.0.1:9797", strings.TrimPrefix(sd.URL, "http://"), "scrape_interval: 30s", "scrape_interval: 1s",
		"  - rules/citygauge.yml\n", "").Replace(config)

	share := map[uint64]int{}
	for n := range cities {
		hash := md5.Sum([]byte(city(n))) //nolint:gosec // what Prometheus shards by
		share[binary.BigEndian.Uint64(hash[8:])%shards]++
	}
	for shard := range uint64(shards) {
		if share[shard] == 0 {
			t.Fatalf("the shard %d would have no city", shard)
		}
		mine := strings.NewReplacer(`regex: "0"`, fmt.Sprintf(`regex: "%d"`, shard), `shard: "0"`, fmt.Sprintf(`shard: "%d"`, shard)).Replace(config)
		t.Run(fmt.Sprint("shard ", shard), func(t *testing.T) {
			t.Parallel()
			prometheus := testprom.Start(t, mine, t.TempDir())
			prometheus.Await(t, `count(up{job="citygauge-cities"})`, strconv.Itoa(share[shard]))
		})
	}
}

func city(n int) string { return fmt.Sprintf("city-%d", n) }
