package collector_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

// A few kilobytes that unpack to one record without an end are given up long
// before they fill the memory, and many records of the same size are not.
func TestARecordWithoutAnEnd(t *testing.T) {
	const most = 16 << 20
	packed := func(begin, filler string, times int, end string) string {
		return serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, begin)
			for range times {
				if _, err := io.WriteString(z, filler); err != nil {
					return // nobody reads any more
				}
			}
			io.WriteString(z, end)
			z.Close()
		})
	}
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		name, kind, url string
	}{
		{"CSV", "csv", packed("on,what\n2026-01-03,\"", long, 64, "\"\n")},
		{"JSON", "json", packed(`{"data":[{"on":"2026-01-03","what":"`, long, 64, `"}]}`)},
		{"JSON beside its records", "json", packed(`{"about":"`, long, 64, `","data":[{"on":"2026-01-03"}]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := programme.Source{Kind: c.kind, URL: c.url, Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count"}
			if c.kind == "json" {
				s.Records = "data"
			}
			_, err := try(t, quick(t), s)
			wantFailure(t, err, collector.TooLarge, "one record of the source has more than 16 MB")
		})
	}
	t.Run("many", func(t *testing.T) {
		s := programme.Source{
			Kind: "csv", URL: packed("on,what\n", "2026-01-03,"+long+"\n", most>>20+3, ""),
			Indicator: "thefts", Fields: programme.SourceFields{Date: "on"}, Aggregate: "count",
		}
		want(t, rows(t, quick(t), s), "thefts 2026-01 19 final")
	})
}
