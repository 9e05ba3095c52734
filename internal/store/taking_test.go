package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

func rising(m int) string { return strconv.Itoa(100 + m) }

func TestTakingIn(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	file := months("aldermoor", 21, rising)

	first := i.take(t, upload.Request{}, file)
	if want := (upload.Counts{Rows: 21, New: 21}); first.Counts != want {
		t.Errorf("first time %+v, want %+v", first.Counts, want)
	}
	want := []upload.StatusChange{{City: "aldermoor", Indicator: "thefts", Cohort: "2025", Old: progress.NoData, New: progress.MovingAway}}
	if diff := cmp.Diff(want, first.StatusChanges); diff != "" {
		t.Errorf("statuses that changed (-want +got):\n%s", diff)
	}
	again := i.take(t, upload.Request{}, file)
	if want := (upload.Counts{Rows: 21, Unchanged: 21}); again.Counts != want || len(again.Changes) != 0 {
		t.Errorf("second time %+v with changes %v, want %+v and none", again.Counts, again.Changes, want)
	}
}

// observation is how an observation of the tests' one series stands.
type observation struct {
	Period, Value, Status, Note string
	Revision                    int
}

func (i *installation) observations(t *testing.T, f store.Filter) []observation {
	t.Helper()
	var all []observation
	err := i.EachObservation(t.Context(), f, func(r store.Recorded) error {
		value := progress.Known(r.Value).String()
		if r.Status == programme.Suppressed {
			value = ""
		}
		all = append(all, observation{r.Period.String(), value, string(r.Status), r.Note, r.Revision})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRevisions(t *testing.T) {
	const header = "city,indicator,period,value"
	for _, c := range []struct {
		name    string
		files   []string // taken in one after the other
		stands  []observation
		changes []upload.Change // of the last file
	}{
		{
			name:    "a value that is new",
			files:   []string{header + "\naldermoor,thefts,2025-01,7\n"},
			stands:  []observation{{"2025-01", "7", "final", "", 1}},
			changes: []upload.Change{{New: progress.Known(7), NewStatus: programme.Final}},
		},
		{
			name:    "a value that changes",
			files:   []string{header + "\naldermoor,thefts,2025-01,7\n", header + "\naldermoor,thefts,2025-01,8\n"},
			stands:  []observation{{"2025-01", "8", "final", "", 2}},
			changes: []upload.Change{{Old: progress.Known(7), New: progress.Known(8), OldStatus: programme.Final, NewStatus: programme.Final}},
		},
		{
			name: "columns that are absent leave what stands",
			files: []string{
				header + ",status,note\naldermoor,thefts,2025-01,7,provisional,first count\n",
				header + "\naldermoor,thefts,2025-01,8\n",
			},
			stands:  []observation{{"2025-01", "8", "provisional", "first count", 2}},
			changes: []upload.Change{{Old: progress.Known(7), New: progress.Known(8), OldStatus: programme.Provisional, NewStatus: programme.Provisional}},
		},
		{
			name: "the same once more, with and without what may be absent",
			files: []string{
				header + ",status,note\naldermoor,thefts,2025-01,7,provisional,first count\n",
				header + ",status,note\naldermoor,thefts,2025-01,7,provisional,first count\n",
				header + "\naldermoor,thefts,2025-01,7\n",
			},
			stands: []observation{{"2025-01", "7", "provisional", "first count", 1}},
		},
		{
			name: "an empty cell clears a note, and nothing else changes",
			files: []string{
				header + ",note\naldermoor,thefts,2025-01,7,first count\n",
				header + ",note\naldermoor,thefts,2025-01,7,\n",
			},
			stands:  []observation{{"2025-01", "7", "final", "", 2}},
			changes: []upload.Change{{Old: progress.Known(7), New: progress.Known(7), OldStatus: programme.Final, NewStatus: programme.Final}},
		},
		{
			name:   "a suppressed value once more",
			files:  []string{header + "\naldermoor,thefts,2025-01,<5\n", header + "\naldermoor,thefts,2025-01,*\n"},
			stands: []observation{{"2025-01", "", "suppressed", "", 1}},
		},
		{
			name:    "a number of zero ends the suppression, too",
			files:   []string{header + "\naldermoor,thefts,2025-01,<5\n", header + "\naldermoor,thefts,2025-01,0\n"},
			stands:  []observation{{"2025-01", "0", "final", "", 2}},
			changes: []upload.Change{{New: progress.Known(0), OldStatus: programme.Suppressed, NewStatus: programme.Final}},
		},
		{
			name: "empty cells of columns that are present clear what stands",
			files: []string{
				header + ",status,note\naldermoor,thefts,2025-01,7,provisional,first count\n",
				header + ",status,note\naldermoor,thefts,2025-01,7,,\n",
			},
			stands:  []observation{{"2025-01", "7", "final", "", 2}},
			changes: []upload.Change{{Old: progress.Known(7), New: progress.Known(7), OldStatus: programme.Provisional, NewStatus: programme.Final}},
		},
		{
			name:    "a suppressed value",
			files:   []string{header + "\naldermoor,thefts,2025-01,7\n", header + "\naldermoor,thefts,2025-01,<5\n"},
			stands:  []observation{{"2025-01", "", "suppressed", "", 2}},
			changes: []upload.Change{{Old: progress.Known(7), OldStatus: programme.Final, NewStatus: programme.Suppressed}},
		},
		{
			name:    "a number ends the suppression",
			files:   []string{header + "\naldermoor,thefts,2025-01,<5\n", header + "\naldermoor,thefts,2025-01,3\n"},
			stands:  []observation{{"2025-01", "3", "final", "", 2}},
			changes: []upload.Change{{New: progress.Known(3), OldStatus: programme.Suppressed, NewStatus: programme.Final}},
		},
		{
			name:    "a value that is withdrawn",
			files:   []string{header + "\naldermoor,thefts,2025-01,7\n", header + "\naldermoor,thefts,2025-01,delete\n"},
			changes: []upload.Change{{Old: progress.Known(7), OldStatus: programme.Final}},
		},
		{
			name: "a value that comes back goes on counting its revisions",
			files: []string{
				header + "\naldermoor,thefts,2025-01,7\n", header + "\naldermoor,thefts,2025-01,delete\n", header + "\naldermoor,thefts,2025-01,7\n",
			},
			stands:  []observation{{"2025-01", "7", "final", "", 3}},
			changes: []upload.Change{{New: progress.Known(7), NewStatus: programme.Final}},
		},
		{
			name:  "withdrawing what is not there",
			files: []string{header + "\naldermoor,thefts,2025-01,delete\n"},
		},
	} {
		for n := range c.changes {
			c.changes[n].City, c.changes[n].Indicator, c.changes[n].Period = "aldermoor", "thefts", programme.Month(2025, 1)
		}
		for size, sized := range map[string]func(string) string{"small": small, "large": large} {
			t.Run(c.name+"/"+size, func(t *testing.T) {
				t.Parallel()
				i := install(t)
				i.apply(t, twoCities())
				var last upload.Report
				for _, file := range c.files {
					last = i.take(t, upload.Request{}, sized(file))
				}
				if diff := cmp.Diff(c.stands, i.observations(t, store.Filter{})); diff != "" {
					t.Errorf("what stands (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.changes, last.Changes, equate); diff != "" {
					t.Errorf("what the last file changed (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestAsOf(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	const header = "city,indicator,period,value\n"
	i.take(t, upload.Request{}, header+"aldermoor,thefts,2025-01,7\n")
	var then store.Filter
	if err := i.EachObservation(t.Context(), store.Filter{}, func(r store.Recorded) error {
		then.AsOf = r.RecordedAt
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	i.take(t, upload.Request{}, header+"aldermoor,thefts,2025-01,8\naldermoor,thefts,2025-02,9\n")
	i.take(t, upload.Request{}, header+"aldermoor,thefts,2025-01,delete\n")
	if diff := cmp.Diff([]observation{{"2025-01", "7", "final", "", 1}}, i.observations(t, then)); diff != "" {
		t.Errorf("what was known then (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]observation{{"2025-02", "9", "final", "", 1}}, i.observations(t, store.Filter{})); diff != "" {
		t.Errorf("what is known now (-want +got):\n%s", diff)
	}
}

func TestErrorsChangeNothing(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	file := "city,indicator,period,value\naldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,7.5\naldermoor,thefts,2025-03,8\naldermoor,thefts,2025-14,8\n"

	report := i.take(t, upload.Request{}, file)
	type found struct {
		Code   intake.Code
		Line   int
		Letter string
	}
	var problems []found
	for _, p := range report.Problems {
		problems = append(problems, found{p.Code, p.Line, p.Column.Letter})
	}
	if diff := cmp.Diff([]found{{intake.NotACount, 3, "D"}, {intake.BadPeriod, 5, "C"}}, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if !report.Refused() || report.Applied || len(i.observations(t, store.Filter{})) != 0 {
		t.Errorf("a file with errors was applied: %+v", report)
	}
	if got := i.kept(t, report.Upload); got != "rejected "+file {
		t.Errorf("kept %q, want the file as it was received, rejected", got)
	}

	report = i.take(t, upload.Request{OnError: upload.Skip}, file)
	if want := (upload.Counts{Rows: 4, New: 2, Rejected: 2}); report.Counts != want {
		t.Errorf("with errors skipped %+v, want %+v", report.Counts, want)
	}
}

// Two rows with one key are both in doubt, also where the first was staged
// before the second was read.
func TestRepeatedRowsAreSkippedTogether(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{OnError: upload.Skip}, "city,indicator,period,value\naldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,8\naldermoor,thefts,2025-01,9\n")
	if diff := cmp.Diff([]observation{{"2025-02", "8", "final", "", 1}}, i.observations(t, store.Filter{})); diff != "" {
		t.Errorf("what stands (-want +got):\n%s", diff)
	}
}

// kept is the state of an upload and its file as it was received.
func (i *installation) kept(t *testing.T, number int64) string {
	t.Helper()
	var text strings.Builder
	err := i.System(t.Context(), func(tx *store.Tx) error {
		var state string
		if err := tx.GetContext(t.Context(), &state, `select state from citygauge.upload where upload_id = $1`, number); err != nil {
			return err
		}
		var parts [][]byte
		if err := tx.SelectContext(t.Context(), &parts, `
			select content from citygauge.upload join citygauge.upload_file using (sha256) where upload_id = $1 order by part`, number); err != nil {
			return err
		}
		text.WriteString(state + " ")
		for _, p := range parts {
			text.Write(p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Six files for one city, each of which overlaps the others.
func TestOverlappingUploadsAtOnce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	const files = 6
	var all sync.WaitGroup
	reports, errs := make([]upload.Report, files), make([]error, files)
	for n := range files {
		all.Go(func() {
			file := months("aldermoor", 15+n, func(m int) string { return strconv.Itoa(n*1000 + m) })
			reports[n], errs[n] = i.tryTake(t.Context(), upload.Request{}, file)
		})
	}
	all.Wait()
	var fresh int64
	for n := range files {
		if errs[n] != nil || !reports[n].Applied {
			t.Errorf("file %d: %v, %+v", n, errs[n], reports[n].Problems)
		}
		fresh += reports[n].Counts.New
	}
	if fresh != 15+files-1 {
		t.Errorf("%d observations were new, want each period once: %d", fresh, 15+files-1)
	}
	i.wholeHistory(t)
}

// wholeHistory makes sure that every observation is the newest revision of an
// unbroken row of them.
func (i *installation) wholeHistory(t *testing.T) {
	t.Helper()
	err := i.System(t.Context(), func(tx *store.Tx) error {
		var broken int
		if err := tx.GetContext(t.Context(), &broken, `
			select count(*)
			from citygauge.observation o
			full join (
			  select city_id, indicator_id, period_start, count(*) as n, max(revision) as newest,
			         (array_agg(value order by revision desc))[1] as value, (array_agg(status order by revision desc))[1] as status
			  from citygauge.observation_revision
			  group by city_id, indicator_id, period_start
			) r using (city_id, indicator_id, period_start)
			where r.n is distinct from r.newest
			      or (r.status is null) <> (o.revision is null)
			      or r.status is not null and (o.revision, o.value) is distinct from (r.newest, r.value)`); err != nil {
			return err
		}
		if broken > 0 {
			t.Errorf("%d observations do not agree with their history", broken)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A programme that is applied while a file is being read is not judged by the
// old one.
func TestProgrammeAppliedMeanwhile(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	_, err := i.tryTake(t.Context(), upload.Request{Problem: func(intake.Problem) error {
		p := twoCities()
		p.Indicators[0].Direction = programme.Increase
		p.Targets[0].Goal.Value = 10
		i.apply(t, p)
		return nil
	}, OnError: upload.Skip}, "city,indicator,period,value\naldermoor,thefts,2025-01,7\naldermoor,thefts,2025-02,7.5\n")
	if !strings.Contains(fmt.Sprint(err), "applied anew") {
		t.Errorf("the upload ended with %v, want a conflict", err)
	}
	if got := i.observations(t, store.Filter{}); len(got) != 0 {
		t.Errorf("%v was taken in", got)
	}
}
