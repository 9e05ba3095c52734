package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

var (
	aldermoor = upload.Scope{"aldermoor"}
	both      = upload.Scope{"aldermoor", "brightwater"}
)

// Who sees which upload: where all of its cities are in scope, and nothing of
// the others.
func TestUploadsByScope(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	send := func(scope upload.Scope, csv string) int64 {
		r := request(csv)
		r.Scope = scope
		return i.import1(t, r).Upload
	}
	ours := send(nil, header+"\naldermoor,thefts,2025-01,1\n")
	theirs := send(nil, header+"\nbrightwater,thefts,2025-01,1\n")
	common := send(nil, header+"\naldermoor,thefts,2025-02,1\nbrightwater,thefts,2025-02,1\n")
	oursRefused := send(aldermoor, "period,value\nx\n")
	bothRefused := send(both, "period,value\nx\n")
	unknown := send(nil, "period,value\nx\n")
	oursEmpty := send(aldermoor, header+"\naldermoor,thefts,2025-01,\n")
	r := request(header + "\naldermoor,thefts,2025-03,1\n")
	r.Scope = aldermoor
	oursShown := i.preview(t, r).Upload
	all := []int64{oursShown, oursEmpty, unknown, bothRefused, oursRefused, common, theirs, ours}

	for _, c := range []struct {
		name  string
		scope upload.Scope
		want  []int64
	}{
		{"all", nil, all},
		{"both cities", both, []int64{oursShown, oursEmpty, bothRefused, oursRefused, common, theirs, ours}},
		{"one city", aldermoor, []int64{oursShown, oursEmpty, oursRefused, ours}},
		{"the other city", upload.Scope{"brightwater"}, []int64{theirs}},
		{"no city", upload.Scope{}, nil},
		{"a city that does not exist", upload.Scope{"nowhere"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			records, err := i.Uploads(t.Context(), c.scope, nil, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, numbers(records), equate); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			seen := map[int64]bool{}
			for _, n := range c.want {
				seen[n] = true
			}
			for _, n := range append(all, 0, 99) {
				want := error(nil)
				if !seen[n] {
					want = upload.ErrNoUpload
				}
				if _, _, err := i.Upload(t.Context(), c.scope, n); !errors.Is(err, want) {
					t.Errorf("upload %d: %v, want %v", n, err, want)
				}
				if err := i.UploadFile(t.Context(), c.scope, n, &strings.Builder{}); !errors.Is(err, want) {
					t.Errorf("file of upload %d: %v, want %v", n, err, want)
				}
				if err := i.Problems(t.Context(), n, upload.Sender{Scope: c.scope}, func(intake.Problem) error { return nil }); !errors.Is(err, want) {
					t.Errorf("problems of upload %d: %v, want %v", n, err, want)
				}
			}
		})
	}

	page, err := i.Uploads(t.Context(), aldermoor, nil, oursEmpty, 1)
	if err != nil || len(page) != 1 || page[0].Number != oursRefused {
		t.Errorf("the page of one before %d is %v, %v; want %d", oursEmpty, page, err, oursRefused)
	}
}

func numbers(records []upload.Record) []int64 {
	var all []int64
	for _, r := range records {
		all = append(all, r.Number)
	}
	return all
}

func TestRecordAndReport(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	at := time.Date(2025, time.October, 10, 9, 30, 0, 0, time.UTC)
	i.Now = func() time.Time { return at }
	file := header + "\naldermoor,thefts,2025-01,1\nbrightwater,thefts,2025-01,*\naldermoor,thefts,2025-02,\naldermoor,thefts,2025-03,x\n"
	r := request(file)
	r.OnError, r.Decimal = upload.Skip, intake.DecimalPoint
	sent := i.import1(t, r)
	record, report, err := i.Upload(t.Context(), nil, sent.Upload)
	if err != nil {
		t.Fatal(err)
	}
	want := upload.Record{
		Number: sent.Upload, At: at, Account: "aide", File: "observations.csv", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(file))),
		Bytes: int64(len(file)), Cities: both, State: upload.Applied, Counts: upload.Counts{Rows: 4, New: 2, Skipped: 1, Rejected: 1},
		Reading: upload.Reading{OnError: upload.Skip, Decimal: intake.DecimalPoint},
	}
	if diff := cmp.Diff(want, record, cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sent, report, equate, cmp.AllowUnexported(upload.Report{})); diff != "" {
		t.Errorf("the report (-sent +kept):\n%s", diff)
	}
}

// Files come back byte for byte: empty ones, and those of several parts.
func TestFilesComeBack(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	const part = 1 << 20
	for _, file := range []string{"", "\xff\x00\xfe", header + "\n" + strings.Repeat("x", part), strings.Repeat("y", 2*part), strings.Repeat("z", 2*part+1)} {
		sent := i.import1(t, request(file))
		var back strings.Builder
		if err := i.UploadFile(t.Context(), nil, sent.Upload, &back); err != nil || back.String() != file {
			t.Errorf("of a file of %d bytes came back %d, %v", len(file), back.Len(), err)
		}
	}
}

// A report lists the first problems; all of them are found in the file again.
func TestEveryProblem(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	for _, rows := range []int{3, upload.Listed - 1, upload.Listed, upload.Listed + 200} {
		r := request("indicator,period,value\n" + strings.Repeat("thefts,2025-01,x\n", rows))
		r.Scope = aldermoor
		var told, found []intake.Problem
		r.Problem = func(p intake.Problem) error { told = append(told, p); return nil }
		sent := i.import1(t, r)
		if err := i.Problems(t.Context(), sent.Upload, aide, func(p intake.Problem) error { found = append(found, p); return nil }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(told, found); diff != "" || len(told) < rows {
			t.Errorf("of %d rows, %d problems were told (-told +found):\n%s", rows, len(told), diff)
		}
	}
}

// Daily work removes previews that cannot be committed any more, and files that
// no upload has; all else stays.
func TestOldPreviewsGo(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	file := func(month string) string { return header + "\naldermoor,thefts," + month + ",1\n" }
	old := time.Now().Add(-upload.TokenLife - time.Minute)
	i.Now = func() time.Time { return old }
	gone, shared := i.preview(t, request(file("2025-01"))), i.preview(t, request(file("2025-02")))
	applied, refused := i.import1(t, request(file("2025-03"))), i.import1(t, request("x\n"))
	committed := i.preview(t, request(file("2025-04")))
	i.commit(t, committed.Token)
	i.Now = time.Now
	young := i.preview(t, request(file("2025-05")))
	same := i.preview(t, request(file("2025-02")))

	if _, err := i.Daily(t.Context()); err != nil {
		t.Fatal(err)
	}
	records, err := i.Uploads(t.Context(), nil, nil, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	want := []int64{same.Upload, young.Upload, committed.Upload, refused.Upload, applied.Upload}
	if diff := cmp.Diff(want, numbers(records)); diff != "" {
		t.Errorf("after %d and %d had to go (-want +got):\n%s", gone.Upload, shared.Upload, diff)
	}
	for _, n := range want {
		if err := i.UploadFile(t.Context(), nil, n, &strings.Builder{}); err != nil {
			t.Errorf("file of upload %d: %v", n, err)
		}
	}
	if n := i.count(t, `select count(distinct sha256) from citygauge.upload_file`); n != len(want) {
		t.Errorf("%d files are kept, want %d", n, len(want))
	}
}

// A file stays that an upload is just being recorded with, while the only other
// upload of it goes.
func TestFileOfAnUploadUnderWayStays(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	old := time.Now().Add(-upload.TokenLife - time.Minute)
	i.Now = func() time.Time { return old }
	file := header + "\naldermoor,thefts,2025-01,1\n"
	i.preview(t, request(file))
	cleaned := make(chan error, 1)
	err := i.System(t.Context(), func(tx *store.Tx) error {
		// As an import does, of which this is the last part.
		if _, err := tx.Exec(`
			insert into citygauge.upload (received_at, account, file_name, sha256, bytes, city_ids, state, report)
			select now(), account, file_name, sha256, bytes, city_ids, 'applied', report from citygauge.upload`); err != nil {
			return err
		}
		if _, err := tx.Exec(`select from citygauge.upload_file where part = 0 for key share`); err != nil {
			return err
		}
		go func() {
			_, err := i.Daily(t.Context())
			cleaned <- err
		}()
		i.awaitWaiting(t, "%upload_file%")
		return nil
	})
	if err := errors.Join(err, <-cleaned); err != nil {
		t.Fatal(err)
	}
	var back strings.Builder
	if err := i.UploadFile(t.Context(), nil, 2, &back); err != nil || back.String() != file {
		t.Errorf("its file is %q, %v", back.String(), err)
	}
	if n := i.count(t, `select count(*) from citygauge.upload`); n != 1 {
		t.Errorf("%d uploads are left, want the applied one", n)
	}
}

// A file that is just being removed is kept anew.
func TestFileThatGoesIsKeptAnew(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	file := header + "\naldermoor,thefts,2025-01,1\n"
	i.preview(t, request(file))
	sent := make(chan upload.Report, 1)
	err := i.System(t.Context(), func(tx *store.Tx) error {
		// As daily work does.
		if _, err := tx.Exec(`delete from citygauge.upload; delete from citygauge.upload_file`); err != nil {
			return err
		}
		go func() {
			report, err := i.Import(t.Context(), request(file))
			if err != nil {
				t.Error(err)
			}
			sent <- report
		}()
		i.awaitWaiting(t, "%upload_file%")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var back strings.Builder
	if err := i.UploadFile(t.Context(), nil, (<-sent).Upload, &back); err != nil || back.String() != file {
		t.Errorf("its file is %q, %v", back.String(), err)
	}
}

// awaitWaiting waits until a statement waits for a lock.
func (i *installation) awaitWaiting(t *testing.T, like string) {
	t.Helper()
	db := i.superuser(t)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	end := time.Now().Add(time.Minute)
	for waiting := 0; waiting == 0; <-look.C {
		if time.Now().After(end) {
			t.Fatalf("nothing waits like %s", like)
		}
		if err := db.Get(&waiting, `
			select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`, like); err != nil {
			t.Fatal(err)
		}
	}
}

// An upload is listed under the cities that its rows speak of, and seen by who
// may see these and whatever else its file may speak of.
func TestWhatAFileSpeaksOf(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	scopes := map[string]upload.Scope{"all": nil, "both": both, "aldermoor": aldermoor, "brightwater": {"brightwater"}}
	every, mayAll := []string{"all", "both"}, []string{"all"}
	ours := []string{"aldermoor", "all", "both"}
	for _, c := range []struct {
		name   string
		sender upload.Scope
		file   string
		listed []string
		seen   []string
	}{
		{"whole", nil, "aldermoor,thefts,2025-01,1,\n", aldermoor, ours},
		{"a row of another city left out", nil, "aldermoor,thefts,2025-01,2,\nbrightwater,thefts,2025-01,4711.5,\n", both, every},
		{"so by who may write both", both, "aldermoor,thefts,2025-01,3,\nbrightwater,thefts,2025-01,4711.5,\n", both, every},
		{"a row without a value, but with a note", nil, "aldermoor,thefts,2025-01,4,\nbrightwater,thefts,2025-02,,secret\n", both, every},
		{"a row of a city that is not known", nil, "aldermoor,thefts,2025-01,5,\nelsewhere,thefts,2025-01,4711,\n", aldermoor, mayAll},
		{"so by who may write both", both, "aldermoor,thefts,2025-01,6,\nelsewhere,thefts,2025-01,4711,\n", aldermoor, every},
		{"so by who may write one", aldermoor, "aldermoor,thefts,2025-01,7,\nbrightwater,thefts,2025-01,4711,\n", aldermoor, ours},
		{"a row in a quote", nil, "aldermoor,thefts,2025-01,8,\n\"brightwater,thefts\n", aldermoor, mayAll},
		{"a total", nil, "aldermoor,thefts,2025-01,9,\nBrightwater and others,,,4711,\n", aldermoor, mayAll},
		{"a total of a city", nil, "aldermoor,thefts,2025-01,10,\nBrightwater,,,4711,\n", both, every},
	} {
		t.Run(c.name, func(t *testing.T) {
			number := i.take(t, upload.Request{Scope: c.sender, OnError: upload.Skip}, header+",note\n"+c.file).Upload
			back := i.revert(t, number).Upload // it names the same cities
			for _, n := range []int64{number, back} {
				var seen []string
				for name, scope := range scopes {
					switch record, _, err := i.Upload(t.Context(), scope, n); {
					case err == nil:
						seen = append(seen, name)
						if diff := cmp.Diff(c.listed, record.Cities); diff != "" {
							t.Errorf("upload %d is listed under (-want +got):\n%s", n, diff)
						}
					case !errors.Is(err, upload.ErrNoUpload):
						t.Fatal(err)
					}
					for _, city := range both {
						records, err := i.Uploads(t.Context(), scope, []string{city}, 0, 100)
						if err != nil {
							t.Fatal(err)
						}
						if got, want := slices.Contains(numbers(records), n), slices.Contains(seen, name) && slices.Contains(c.listed, city); got != want {
							t.Errorf("of %s, %s is listed %v, want %v", city, name, got, want)
						}
					}
				}
				slices.Sort(seen)
				if diff := cmp.Diff(c.seen, seen); diff != "" {
					t.Errorf("upload %d is seen by (-want +got):\n%s", n, diff)
				}
			}
		})
	}
}

// A city's login and the files of dashboards see as much.
func TestWhatALoginSeesOfAFile(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	number := i.take(t, upload.Request{OnError: upload.Skip}, header+"\naldermoor,thefts,2025-01,1\nelsewhere,thefts,2025-01,4711\n").Upload
	own := i.take(t, upload.Request{}, header+"\naldermoor,thefts,2025-01,2\n").Upload
	login, err := i.CityLogin(t.Context(), "aldermoor", password)
	if err != nil {
		t.Fatal(err)
	}
	var seen []int64
	if err := i.as(t, login).Select(&seen, `select upload_id from report.file order by upload_id`); err != nil || !slices.Equal(seen, []int64{own}) {
		t.Errorf("the city's login sees %v (%v), want %d", seen, err, own)
	}
	var cities []string
	if err := i.superuser(t).Select(&cities, `select city from report.upload where upload_id = $1`, number); err != nil || !slices.Equal(cities, aldermoor) {
		t.Errorf("the file is listed under %v (%v)", cities, err)
	}
}
