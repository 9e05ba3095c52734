package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

func small(file string) string { return file }

// large is a file that is compared in a table: blank lines say nothing.
func large(file string) string { return file + strings.Repeat("\n", 600<<10) }

// What a large file would leave as it is, somebody else changes while it is being
// read. It is put in force nevertheless, as if the file had come later.
func TestChangedWhileALargeFileIsRead(t *testing.T) {
	const header = "city,indicator,period,value\n"
	for _, c := range []struct {
		name         string
		before, file string
		meanwhile    string
		counts       upload.Counts
		stands       []observation
	}{
		{
			name:      "what stood",
			before:    "aldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,8\n",
			file:      "aldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,8\n",
			meanwhile: "aldermoor,thefts,2025-01,9\n",
			counts:    upload.Counts{Rows: 3, Changed: 1, Unchanged: 1, Rejected: 1},
			stands:    []observation{{"2025-01", "7", "final", "", 3}, {"2025-02", "8", "final", "", 1}},
		},
		{
			name:      "another city alone",
			before:    "aldermoor,thefts,2025-01,7\n",
			file:      "aldermoor,thefts,2025-01,7\n",
			meanwhile: "brightwater,thefts,2025-01,9\n",
			counts:    upload.Counts{Rows: 2, Unchanged: 1, Rejected: 1},
			stands:    []observation{{"2025-01", "7", "final", "", 1}, {"2025-01", "9", "final", "", 1}},
		},
		{
			name:      "where nothing stood",
			file:      "aldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,8\n",
			meanwhile: "aldermoor,thefts,2025-01,9\n",
			counts:    upload.Counts{Rows: 3, New: 1, Changed: 1, Rejected: 1},
			stands:    []observation{{"2025-01", "7", "final", "", 2}, {"2025-02", "8", "final", "", 1}},
		},
		{
			name:      "where one was withdrawn",
			file:      "aldermoor,thefts,2025-01,7\n",
			meanwhile: "aldermoor,thefts,2025-01,9\n;aldermoor,thefts,2025-01,delete\n",
			counts:    upload.Counts{Rows: 2, New: 1, Rejected: 1},
			stands:    []observation{{"2025-01", "7", "final", "", 3}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := install(t)
			i.apply(t, twoCities())
			if c.before != "" {
				i.take(t, upload.Request{}, header+c.before)
			}
			temporary := t.TempDir()
			t.Setenv("TMPDIR", temporary)
			// The last row is wrong, and nothing else is left to read.
			report := i.take(t, upload.Request{OnError: upload.Skip, Problem: func(intake.Problem) error {
				if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
					t.Errorf("if it was killed now, it would leave behind %v, %v", left, err)
				}
				for file := range strings.SplitSeq(c.meanwhile, ";") {
					i.take(t, upload.Request{}, header+file)
				}
				return nil
			}}, large(header+c.file+"aldermoor,thefts,2025-03,7.5\n"))
			if report.Counts != c.counts {
				t.Errorf("the file is counted as %+v, want %+v", report.Counts, c.counts)
			}
			if diff := cmp.Diff(c.stands, i.observations(t, store.Filter{})); diff != "" {
				t.Errorf("what stands (-want +got):\n%s", diff)
			}
			i.wholeHistory(t)
			if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
				t.Errorf("it left behind %v, %v", left, err)
			}
		})
	}
}

// Of two rows with one key none counts, not even as one that changes nothing.
func TestRepeatedRowsOfALargeFile(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	const header = "city,indicator,period,value\n"
	i.take(t, upload.Request{}, header+"aldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,8\naldermoor,thefts,2025-03,9\n")
	report := i.take(t, upload.Request{OnError: upload.Skip},
		large(header+"aldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,9\naldermoor,thefts,2025-03,9\naldermoor,thefts,2025-01,7\n"))
	if want := (upload.Counts{Rows: 4, Changed: 1, Unchanged: 1, Rejected: 2}); report.Counts != want {
		t.Errorf("counted %+v, want %+v", report.Counts, want)
	}
}
