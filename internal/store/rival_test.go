package store_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/upload"
)

// Servers that take in the same deliveries at the same time, each in an order of
// its own, and beside people's files of the same cities, take each in once.
func TestRivalsTakeEachInOnce(t *testing.T) {
	const rivals, files = 4, 24
	i := install(t)
	i.apply(t, manySeries())
	file := func(key, account, city, csv string) upload.Request {
		return upload.Request{
			Name: "small.csv", Account: account, Key: key, Scope: upload.Scope{city},
			Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
		}
	}
	var all []upload.Request
	for n := range files {
		city := []string{"aldermoor", "brightwater"}[n%2]
		all = append(all, file(fmt.Sprint(n), "source:police", city, fmt.Sprintf("indicator,period,value\ni%d,2025-01,%d\ni%d,2025-02,7\n", n/2, n, n/2)))
	}
	var group sync.WaitGroup
	outcomes := make([][]upload.Outcome, rivals)
	for r := range rivals {
		mine := make([]upload.Request, files)
		order := rand.New(rand.NewPCG(uint64(r), 1)).Perm(files)
		for n, at := range order {
			mine[n] = all[at]
		}
		group.Go(func() {
			got := i.ImportAll(t.Context(), mine)
			outcomes[r] = make([]upload.Outcome, files)
			for n, at := range order {
				outcomes[r][at] = got[n]
			}
		})
	}
	for n := range 4 {
		group.Go(func() {
			for m := range 3 {
				r := file("", "aide", "aldermoor", fmt.Sprintf("indicator,period,value\ni%d,2024-0%d,%d\n", m, n+1, m))
				if _, err := i.Import(t.Context(), r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for n := range files {
		for r := range rivals {
			if diff := cmp.Diff(outcomes[0][n], outcomes[r][n], equate, cmp.AllowUnexported(upload.Report{})); diff != "" {
				t.Errorf("file %d is answered (-one +another):\n%s", n, diff)
			}
		}
		if o := outcomes[0][n]; o.Err != nil || o.Report.Counts.New != 2 {
			t.Errorf("file %d: %+v, %v", n, o.Report, o.Err)
		}
	}
	i.wholeHistory(t)
	for what, query := range map[string]string{
		"uploads":   `select count(*) from citygauge.upload where key is not null and state = 'applied'`,
		"entries":   `select count(*) from citygauge.audit join citygauge.upload using (upload_id) where key is not null`,
		"revisions": `select count(*) / 2 from citygauge.observation_revision join citygauge.upload using (upload_id) where key is not null`,
	} {
		if n := i.count(t, query); n != files {
			t.Errorf("there are %d %s, want %d", n, what, files)
		}
	}
}
