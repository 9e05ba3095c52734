package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

func keyed(key, csv string) upload.Request {
	r := request(csv)
	r.Key = key
	return r
}

func TestKeyIsAnsweredOnce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	var observed int
	i.Observe = func(upload.Report, error, time.Duration) { observed++ }
	file := months("aldermoor", 21, func(int) string { return "7" }) + "brightwater,thefts,2025-01,*\n"
	first := i.import1(t, keyed("a", file))
	if first.Counts.New != 22 || len(first.StatusChanges) != 1 {
		t.Errorf("the first time %+v", first)
	}
	stood := i.everything(t)
	again := i.import1(t, keyed("a", file))
	if diff := cmp.Diff(first, again, equate, cmp.AllowUnexported(upload.Report{})); diff != "" {
		t.Errorf("the second time another answer (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(stood, i.everything(t)); diff != "" {
		t.Errorf("the second time something changed:\n%s", diff)
	}
	if observed != 1 {
		t.Errorf("%d uploads were counted, want 1", observed)
	}

	// A refusal, too, is answered once.
	bad := header + "\naldermoor,thefts,2025-01,x\n"
	refused := i.import1(t, keyed("b", bad))
	problems := 0
	r := keyed("b", bad)
	r.Problem = func(intake.Problem) error { problems++; return nil }
	if again := i.import1(t, r); !again.Refused() || problems != 1 || cmp.Diff(refused, again, equate, cmp.AllowUnexported(upload.Report{})) != "" {
		t.Errorf("the refused file is answered %+v with %d problems, and before %+v", again, problems, refused)
	}

	for _, c := range []struct {
		name string
		edit func(*upload.Request)
		want error
	}{
		{"another file", func(r *upload.Request) { *r = keyed("a", bad) }, upload.ErrKeyReused},
		{"the refused file under the other's key", func(r *upload.Request) { r.Key = "b" }, upload.ErrKeyReused},
		{"read in another way", func(r *upload.Request) { r.Decimal = intake.DecimalComma }, upload.ErrKeyReused},
		{"for other cities", func(r *upload.Request) { r.Scope = upload.Scope{"aldermoor", "brightwater"} }, upload.ErrKeyReused},
		{"where the first is not visible", func(r *upload.Request) { r.Scope = upload.Scope{"aldermoor"} }, upload.ErrKeyReused},
		{"under another name", func(r *upload.Request) { r.Name = "other.csv" }, nil},
		{"by another account", func(r *upload.Request) { r.Account = "other" }, nil},
		{"without a key", func(r *upload.Request) { r.Key = "" }, nil},
	} {
		r := keyed("a", file)
		c.edit(&r)
		if c.want != nil && r.Scope != nil {
			r = onlyAldermoor(r)
		}
		if _, err := i.Import(t.Context(), r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if n := i.count(t, `select count(*) from citygauge.observation_revision`); n != 22 {
		t.Errorf("%d revisions, want 22", n)
	}
}

// onlyAldermoor is the request with a file that a scope of this city allows.
func onlyAldermoor(r upload.Request) upload.Request {
	r.Content = request(months("aldermoor", 21, rising)).Content
	return r
}

func (i *installation) import1(t testing.TB, r upload.Request) upload.Report {
	t.Helper()
	report, err := i.Import(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// The same key many times at once: each sender is answered with the one upload.
func TestKeyByManyAtOnce(t *testing.T) {
	i := install(t)
	i.apply(t, twoCities())
	for name, file := range map[string]string{"good": months("aldermoor", 21, rising), "bad": header + "\naldermoor,thefts,2025-01,x\n"} {
		const many = 8
		var all sync.WaitGroup
		reports, errs := make([]upload.Report, many), make([]error, many)
		for n := range many {
			all.Go(func() { reports[n], errs[n] = i.Import(context.Background(), keyed(name, file)) })
		}
		all.Wait()
		for n := range many {
			if errs[n] != nil || cmp.Diff(reports[0], reports[n], equate, cmp.AllowUnexported(upload.Report{})) != "" {
				t.Errorf("%s: one was answered %v, %+v; another %+v", name, errs[n], reports[n].Counts, reports[0].Counts)
			}
		}
	}
	if n := i.count(t, `select count(*) from citygauge.upload`); n != 2 {
		t.Errorf("%d uploads, want 2", n)
	}
}
