package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

const header = "city,indicator,period,value"

// aide sends from the account of the tests.
var aide = upload.Sender{Account: "aide"}

// request is a file that the aide sends.
func request(csv string) upload.Request {
	return upload.Request{
		Account: aide.Account, Name: "observations.csv",
		Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
	}
}

func (i *installation) preview(t testing.TB, r upload.Request) upload.Report {
	t.Helper()
	report, err := i.Preview(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (i *installation) commit(t testing.TB, token string) upload.Report {
	t.Helper()
	report, err := i.Commit(t.Context(), token, aide)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (i *installation) record(t testing.TB, number int64) upload.Record {
	t.Helper()
	record, _, err := i.Upload(t.Context(), nil, number)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// everything is all that an import changes, as text; when it was changed, and by
// which upload, left out.
func (i *installation) everything(t testing.TB) string {
	t.Helper()
	var text string
	err := i.System(t.Context(), func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &text, `
			select concat_ws(E'\n',
			  (select string_agg(o::text, E'\n' order by o) from citygauge.observation o),
			  (select string_agg((to_jsonb(r) - '{upload_id,recorded_at}'::text[])::text, E'\n' order by city_id, indicator_id, period_start, revision)
			   from citygauge.observation_revision r),
			  (select string_agg((to_jsonb(a) - 'assessed_at')::text, E'\n' order by city_id, indicator_id, cohort_id, day) from citygauge.assessment a),
			  (select string_agg((to_jsonb(a) - 'assessed_at')::text, E'\n' order by city_id, indicator_id, cohort_id, day, assessed_at)
			   from citygauge.assessment_revision a),
			  (select string_agg((to_jsonb(t) - 'declared_at')::text, E'\n' order by city_id, indicator_id, cohort_id) from citygauge.target t),
			  (select string_agg((to_jsonb(t) - 'declared_at')::text, E'\n' order by city_id, indicator_id, cohort_id, version) from citygauge.target_revision t),
			  (select string_agg(t::text, E'\n' order by t) from citygauge.trajectory t),
			  (select string_agg(s::text, E'\n' order by s) from citygauge.city_state s))`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// apart is what a preview's report and that of an import differ in.
var apart = cmp.Options{cmpopts.IgnoreFields(upload.Report{}, "Applied", "Upload", "Token"), cmp.AllowUnexported(upload.Report{})}

// A preview answers exactly what the import then does, whatever stands, and
// changes nothing.
func TestPreviewIsTheImport(t *testing.T) {
	before := months("aldermoor", 19, rising) + "brightwater,thefts,2025-01,7\nbrightwater,thefts,2025-02,8\n"
	for _, c := range []struct{ name, file string }{
		{"a new year", months("aldermoor", 21, rising)},
		{"corrections", months("aldermoor", 15, func(m int) string { return fmt.Sprint(90 - m) })},
		{"of two cities", months("aldermoor", 21, rising) + "brightwater,thefts,2025-01,70\n"},
		{"withdrawals, statuses and notes", header + ",status,note\naldermoor,thefts,2025-03,delete,,\nbrightwater,thefts,2025-01,7,provisional,first count\nbrightwater,thefts,2025-02,<5,,\n"},
		{"the newest withdrawn, so that the next are missing", header + "\naldermoor,thefts,2025-07,delete\n"},
		{"the newest suppressed", header + "\naldermoor,thefts,2025-07,<5\n"},
		{"nothing new", before},
		{"no values", header + "\naldermoor,thefts,2025-03,\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := install(t)
			i.apply(t, twoCities())
			i.take(t, upload.Request{}, before)
			stood := i.everything(t)

			shown := i.preview(t, request(c.file))
			if diff := cmp.Diff(stood, i.everything(t)); diff != "" {
				t.Fatalf("the preview changed something:\n%s", diff)
			}
			if shown.Applied || shown.Refused() || shown.Token == "" {
				t.Errorf("the preview answers %+v", shown)
			}
			if got, want := i.kept(t, shown.Upload), "previewed "+c.file; got != want {
				t.Errorf("kept %q, want %q", got, want)
			}
			done := i.commit(t, shown.Token)
			if diff := cmp.Diff(shown, done, apart, equate); diff != "" {
				t.Errorf("the commit did another thing (-shown +done):\n%s", diff)
			}
			if !done.Applied || done.Upload != shown.Upload || i.record(t, done.Upload).State != upload.Applied {
				t.Errorf("the preview %d was committed as %d, applied %v", shown.Upload, done.Upload, done.Applied)
			}

			other := install(t)
			other.apply(t, twoCities())
			other.take(t, upload.Request{}, before)
			imported := other.take(t, upload.Request{}, c.file)
			if diff := cmp.Diff(imported, done, apart, equate); diff != "" {
				t.Errorf("the import answers otherwise (-import +commit):\n%s", diff)
			}
			if diff := cmp.Diff(other.everything(t), i.everything(t)); diff != "" {
				t.Errorf("the import does otherwise (-import +commit):\n%s", diff)
			}
		})
	}
}

// What happened between a preview and its commit matters where it moves what
// was shown, and nowhere else.
func TestCommitIsWhatWasShown(t *testing.T) {
	const file = header + ",status,note\naldermoor,thefts,2025-01,7,,counted\naldermoor,thefts,2025-02,8,,\naldermoor,thefts,2025-03,delete,,\n"
	const stands = header + ",status,note\naldermoor,thefts,2025-02,8,,\naldermoor,thefts,2025-03,9,provisional,early\naldermoor,thefts,2025-04,1,,\n"
	for _, c := range []struct {
		name, meanwhile string
		conflict        bool
	}{
		{"another period", header + "\naldermoor,thefts,2024-12,7\n", false},
		{"another city", header + "\nbrightwater,thefts,2025-01,7\n", false},
		{"a value came", header + "\naldermoor,thefts,2025-01,5\n", true},
		{"a value came, and it is the same", header + ",note\naldermoor,thefts,2025-01,7,counted\n", true},
		{"a value that was right changed", header + "\naldermoor,thefts,2025-02,9\n", true},
		{"a status changed", header + ",status,note\naldermoor,thefts,2025-03,9,final,early\n", true},
		{"a note changed", header + ",status,note\naldermoor,thefts,2025-03,9,provisional,late\n", true},
		{"a value was withdrawn", header + "\naldermoor,thefts,2025-03,delete\n", true},
		{"a value was suppressed", header + "\naldermoor,thefts,2025-03,*\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := install(t)
			i.apply(t, twoCities())
			i.take(t, upload.Request{}, stands)
			shown := i.preview(t, request(file))
			i.take(t, upload.Request{}, c.meanwhile)
			stood := i.everything(t)
			_, err := i.Commit(t.Context(), shown.Token, aide)
			if !c.conflict {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, upload.ErrConflict) {
				t.Fatalf("the commit ended with %v, want a conflict", err)
			}
			if diff := cmp.Diff(stood, i.everything(t)); diff != "" {
				t.Errorf("the refused commit changed something:\n%s", diff)
			}
			if state := i.record(t, shown.Upload).State; state != upload.Previewed {
				t.Errorf("the upload is %s now", state)
			}
		})
	}
}

// Data that moved away and back is what was shown.
func TestCommitAfterThereAndBack(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,7\n")
	shown := i.preview(t, request(header+"\naldermoor,thefts,2025-01,9\n"))
	i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,8\n")
	i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,7\n")
	if done := i.commit(t, shown.Token); done.Counts.Changed != 1 {
		t.Errorf("%+v", done.Counts)
	}
}

func TestTokens(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	now := time.Now()
	i.Now = func() time.Time { return now }
	file := header + "\naldermoor,thefts,2025-01,7\n"
	scoped := request(file)
	scoped.Scope = upload.Scope{"aldermoor"}

	shown := i.preview(t, scoped)
	for _, c := range []struct {
		name  string
		token string
		by    upload.Sender
	}{
		{"that nobody was given", "AAAAAAAAAAAAAAAAAAAAAAAAAA", aide},
		{"that is empty", "", aide},
		{"of another account", shown.Token, upload.Sender{Account: "other"}},
		{"of a city that the account may no longer write", shown.Token, upload.Sender{Account: "aide", Scope: upload.Scope{"brightwater"}}},
		{"of an account that may write nothing", shown.Token, upload.Sender{Account: "aide", Scope: upload.Scope{}}},
	} {
		if _, err := i.Commit(t.Context(), c.token, c.by); !errors.Is(err, upload.ErrNoToken) {
			t.Errorf("a token %s ended with %v", c.name, err)
		}
	}
	for what, by := range map[string]upload.Sender{"another account": {Account: "other"}, "no city": {Account: aide.Account, Scope: upload.Scope{}}} {
		if _, err := i.Confirm(t.Context(), shown.Upload, by); !errors.Is(err, upload.ErrNoToken) {
			t.Errorf("confirming as %s ended with %v", what, err)
		}
	}
	now = now.Add(upload.TokenLife + time.Second)
	if _, err := i.Confirm(t.Context(), shown.Upload, aide); !errors.Is(err, upload.ErrNoToken) {
		t.Errorf("confirming after a day ended with %v", err)
	}
	if _, err := i.Commit(t.Context(), shown.Token, aide); !errors.Is(err, upload.ErrNoToken) || !strings.Contains(err.Error(), "older than 24 hours") {
		t.Errorf("an old token ended with %v", err)
	}
	now = now.Add(-2 * time.Second)
	i.commit(t, shown.Token)
	if _, err := i.Commit(t.Context(), shown.Token, aide); !errors.Is(err, upload.ErrNoToken) || !strings.Contains(err.Error(), "it was used, and upload 1 was applied") {
		t.Errorf("a used token ended with %v", err)
	}
	if _, err := i.Confirm(t.Context(), shown.Upload, aide); !errors.Is(err, upload.ErrNoToken) {
		t.Errorf("confirming once more ended with %v", err)
	}
	var kept int
	if kept = i.count(t, `select count(*) from citygauge.upload u where u::text like '%`+shown.Token+`%'`); kept != 0 {
		t.Error("the token is kept as it is")
	}
	if refused := i.preview(t, request("city\n")); !refused.Refused() || refused.Token != "" || i.record(t, refused.Upload).State != upload.Rejected {
		t.Errorf("the preview of a bad file: %+v", refused)
	} else if _, err := i.Confirm(t.Context(), refused.Upload, aide); !errors.Is(err, upload.ErrNoToken) || !strings.Contains(err.Error(), "was refused") {
		t.Errorf("confirming a refused file ended with %v", err)
	}
}

// Who may write fewer cities than when the preview was made commits nothing of
// the others.
func TestCommitWithLessThanBefore(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	shown := i.preview(t, request(header+"\naldermoor,thefts,2025-01,7\n"))
	// All of its cities are still in scope.
	if _, err := i.Commit(t.Context(), shown.Token, upload.Sender{Account: "aide", Scope: upload.Scope{"aldermoor"}}); err != nil {
		t.Error(err)
	}
	both := i.preview(t, request(header+"\naldermoor,thefts,2025-02,7\nbrightwater,thefts,2025-02,7\n"))
	if _, err := i.Commit(t.Context(), both.Token, upload.Sender{Account: "aide", Scope: upload.Scope{"aldermoor"}}); !errors.Is(err, upload.ErrNoToken) {
		t.Errorf("a preview of two cities was committed for one: %v", err)
	}
}

func TestOneTokenCommittedByManyAtOnce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	shown := i.preview(t, request(months("aldermoor", 21, rising)))
	const many = 8
	var all sync.WaitGroup
	errs := make([]error, many)
	for n := range many {
		all.Go(func() { _, errs[n] = i.Commit(context.Background(), shown.Token, aide) })
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if !errors.Is(err, upload.ErrNoToken) {
			t.Errorf("one ended with %v", err)
		}
	}
	if n := i.count(t, `select count(*) from citygauge.observation_revision`); done != 1 || n != 21 {
		t.Errorf("%d commits succeeded, %d revisions were made; want 1 and 21", done, n)
	}
}
