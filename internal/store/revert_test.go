package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

func (i *installation) revert(t testing.TB, number int64) upload.Report {
	t.Helper()
	report, err := i.Revert(t.Context(), number, aide)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A file that is recorded with other cities than it changed keeps none of them
// waiting when it is reverted.
func TestRevertLocksWhatWasChanged(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	number := i.take(t, upload.Request{OnError: upload.Skip}, header+"\naldermoor,thefts,2025-01,7\nbrightwater,thefts,2025-01,4711.5\n").Upload
	other, err := open(t, i.db.Superuser).Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback()
	var brightwater int32
	if err := other.Get(&brightwater, `select city_id from citygauge.city where slug = 'brightwater'`); err != nil {
		t.Fatal(err)
	}
	other.MustExec(`select 1 from citygauge.city_state where city_id = $1 for update`, brightwater)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // else it would wait for ever
	defer cancel()
	report, err := i.Revert(ctx, number, aide)
	if err != nil || report.Counts.Withdrawn != 1 {
		t.Fatalf("it reports %+v (%v)", report.Counts, err)
	}
	if record := i.record(t, report.Upload); len(record.Cities) != 2 {
		t.Errorf("the revert is recorded with %v, another file than it reverts", record.Cities)
	}
}

// present is what stands of the tests' one series, without how often it was
// revised.
func (i *installation) present(t *testing.T) []observation {
	t.Helper()
	all := i.observations(t, store.Filter{})
	for n := range all {
		all[n].Revision = 0
	}
	return all
}

func TestRevertRestoresWhatStood(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, months("aldermoor", 12, rising))
	i.take(t, upload.Request{}, header+",status,note\n"+
		"aldermoor,thefts,2025-01,70,,\naldermoor,thefts,2025-02,8,provisional,first count\naldermoor,thefts,2025-03,*,,too few\naldermoor,thefts,2025-04,9,estimated,guess\n")
	stood := i.present(t)
	status := i.status(t)
	undone := i.take(t, upload.Request{}, header+",status,note\n"+
		"aldermoor,thefts,2025-01,700,,\naldermoor,thefts,2025-02,8,,counted\naldermoor,thefts,2025-03,4,,\naldermoor,thefts,2025-04,delete,,\naldermoor,thefts,2025-05,1,,\n")
	done := i.present(t)
	generation := i.count(t, `select generation from citygauge.city_state where city_id = 1`)

	report := i.revert(t, undone.Upload)
	if diff := cmp.Diff(stood, i.present(t)); diff != "" {
		t.Errorf("what stands is not what stood (-stood +stands):\n%s", diff)
	}
	if diff := cmp.Diff(status, i.status(t)); diff != "" {
		t.Errorf("it was not judged again:\n%s", diff)
	}
	if want := (upload.Counts{Rows: 5, New: 1, Changed: 3, Withdrawn: 1}); report.Counts != want || !report.Applied || report.Reverts != undone.Upload {
		t.Errorf("it reports %+v, want %+v", report, want)
	}
	if len(report.Changes) != 5 || report.Changes[0].Old != progress.Known(700) || report.Changes[0].New != progress.Known(70) {
		t.Errorf("it changes %+v", report.Changes)
	}
	if now := i.count(t, `select generation from citygauge.city_state where city_id = 1`); now != generation+1 {
		t.Errorf("the generation was %d and is %d", generation, now)
	}
	if r := i.record(t, undone.Upload); r.State != upload.Reverted || r.RevertedBy != report.Upload {
		t.Errorf("the upload is %+v", r)
	}
	if r := i.record(t, report.Upload); r.State != upload.Applied || r.Reverts != undone.Upload || r.Account != aide.Account || r.Cities[0] != "aldermoor" {
		t.Errorf("its revert is %+v", r)
	}
	if err := i.UploadFile(t.Context(), nil, report.Upload, &strings.Builder{}); !errors.Is(err, upload.ErrNoFile) {
		t.Errorf("the file of a revert: %v", err)
	}
	i.wholeHistory(t)

	// A revert is an upload like others: reverted, it is as if it had not been.
	again := i.revert(t, report.Upload)
	if diff := cmp.Diff(done, i.present(t)); diff != "" {
		t.Errorf("reverting the revert (-done +stands):\n%s", diff)
	}
	i.states(t, map[int64]upload.State{undone.Upload: upload.Applied, report.Upload: upload.Reverted, again.Upload: upload.Applied})
	// And so on, to and fro.
	last := i.revert(t, again.Upload)
	if diff := cmp.Diff(stood, i.present(t)); diff != "" {
		t.Errorf("reverting that (-stood +stands):\n%s", diff)
	}
	i.states(t, map[int64]upload.State{
		undone.Upload: upload.Reverted, report.Upload: upload.Applied, again.Upload: upload.Reverted, last.Upload: upload.Applied,
	})
	i.wholeHistory(t)
}

// status is the newest status of the first city's target.
func (i *installation) status(t *testing.T) (status string) {
	t.Helper()
	err := i.System(t.Context(), func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &status, `
			select (to_jsonb(a) - 'assessed_at')::text from citygauge.assessment a where city_id = 1 order by day desc limit 1`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func (i *installation) states(t *testing.T, want map[int64]upload.State) {
	t.Helper()
	got := map[int64]upload.State{}
	for number := range want {
		got[number] = i.record(t, number).State
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestRevertLosesNothingThatCameLater(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	first := i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,1\naldermoor,thefts,2025-02,2\n")
	second := i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,10\n")
	other := i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-03,3\n")

	stood := i.everything(t)
	_, err := i.Revert(t.Context(), first.Upload, aide)
	if want := "revert upload 1: later changes would be lost: aldermoor/thefts 2025-01 by upload 2: revert those first, or send the right values"; !errors.Is(err, upload.ErrLaterRevisions) || err.Error() != want {
		t.Errorf("it ended with %v, want %s", err, want)
	}
	if diff := cmp.Diff(stood, i.everything(t)); diff != "" {
		t.Errorf("the refused revert changed something:\n%s", diff)
	}
	i.states(t, map[int64]upload.State{first.Upload: upload.Applied, second.Upload: upload.Applied, other.Upload: upload.Applied})

	// Once that is reverted itself, nothing stands in the way.
	i.revert(t, second.Upload)
	i.revert(t, first.Upload)
	if diff := cmp.Diff([]observation{{Period: "2025-03", Value: "3", Status: "final"}}, i.present(t)); diff != "" {
		t.Errorf("what stands (-want +got):\n%s", diff)
	}
	// What was reverted last comes back first.
	if _, err := i.Revert(t.Context(), second.Upload, aide); !errors.Is(err, upload.ErrNotApplied) {
		t.Errorf("reverting it a second time ended with %v", err)
	}
}

func TestRevertOfWhatIsNotInForce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	refused := i.take(t, upload.Request{}, "city\n")
	shown := i.preview(t, request(header+"\naldermoor,thefts,2025-01,1\n"))
	foreign := i.take(t, upload.Request{}, header+"\nbrightwater,thefts,2025-01,1\n")
	empty := i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,\n")
	ours := upload.Sender{Account: "aide", Scope: upload.Scope{"aldermoor"}}
	for _, c := range []struct {
		name   string
		number int64
		by     upload.Sender
		want   error
	}{
		{"refused", refused.Upload, aide, upload.ErrNotApplied},
		{"previewed", shown.Upload, aide, upload.ErrNotApplied},
		{"unknown", 99, aide, upload.ErrNoUpload},
		{"of another city", foreign.Upload, ours, upload.ErrNoUpload},
		{"unknown, for one city", 99, ours, upload.ErrNoUpload},
		{"that changed nothing", empty.Upload, aide, nil},
	} {
		if _, err := i.Revert(t.Context(), c.number, c.by); !errors.Is(err, c.want) {
			t.Errorf("an upload %s: %v, want %v", c.name, err, c.want)
		}
	}
}

// By an uploader of one city, through the policies; by several at once.
func TestScopedRevertOnce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	ours := upload.Sender{Account: "aide", Scope: upload.Scope{"aldermoor"}}
	done := i.take(t, upload.Request{Scope: ours.Scope}, months("aldermoor", 21, rising))
	const many = 4
	var all sync.WaitGroup
	errs := make([]error, many)
	for n := range many {
		all.Go(func() { _, errs[n] = i.Revert(t.Context(), done.Upload, ours) })
	}
	all.Wait()
	reverted := 0
	for _, err := range errs {
		if err == nil {
			reverted++
		} else if !errors.Is(err, upload.ErrNotApplied) {
			t.Error(err)
		}
	}
	if left := len(i.observations(t, store.Filter{})); reverted != 1 || left != 0 {
		t.Errorf("%d reverts succeeded, %d observations are left; want 1 and 0", reverted, left)
	}
}

// A later change by an upload that one may not see counts.
func TestRevertSeesChangesOfHiddenUploads(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	ours := upload.Sender{Account: "aide", Scope: upload.Scope{"aldermoor"}}
	done := i.take(t, upload.Request{Scope: ours.Scope}, header+"\naldermoor,thefts,2025-01,1\n")
	i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,2\nbrightwater,thefts,2025-01,2\n")
	if _, err := i.Revert(t.Context(), done.Upload, ours); !errors.Is(err, upload.ErrLaterRevisions) || strings.Contains(err.Error(), "brightwater") {
		t.Errorf("it ended with %v", err)
	}
}
