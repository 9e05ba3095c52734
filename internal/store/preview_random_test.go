package store_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/testdb"
	"github.com/citygauge/citygauge/internal/upload"
)

// manyMeasures is manySeries by every measure, with baselines that are given,
// that are frozen, and that are measured anew until their cohort starts.
func manyMeasures() programme.Programme {
	p := manySeries()
	p.Cohorts = append(p.Cohorts, programme.Cohort{ID: "2026", Starts: programme.NewDate(2026, 1, 1), Ends: programme.NewDate(2026, 12, 31)})
	for n := range p.Cities {
		p.Cities[n].Cohorts = append(p.Cities[n].Cohorts, "2026")
	}
	measures := []programme.Measure{programme.Total, programme.Latest, programme.Rolling, programme.Mean, programme.RollingMean}
	for n := range p.Indicators {
		i, later := &p.Indicators[n], p.Targets[n]
		i.Measure = measures[n%len(measures)]
		if n%2 == 0 { // without noise, so that little moves their statuses
			i.Kind = programme.Quantity
			p.Targets[n].Baseline.Auto, p.Targets[n].Baseline.Value = false, 55
			if i.Measure == programme.Total || i.Measure == programme.Rolling {
				p.Targets[n].Baseline.Value = 12 * 55
			}
		}
		if i.Measure == programme.Latest || i.Measure == programme.Mean {
			later.Cohort = "2026"
			later.Baseline.Period = programme.Range{From: programme.Month(2024, 1), To: programme.Month(2024, 6)}
			p.Targets = append(p.Targets, later)
		}
	}
	return p
}

// any makes a request of one or two cities, small or large, of which errors may
// be left out.
func (f *smallFiles) any() upload.Request {
	var csv strings.Builder
	var scope upload.Scope
	header, wide := "", f.IntN(4) == 0
	for len(scope) == 0 || wide && len(scope) < 2 {
		city, some := f.next()
		names, rows, _ := strings.Cut(some, "\n")
		if len(scope) > 0 && (city == scope[0] || names != header) {
			continue
		}
		if header == "" {
			header = names
			fmt.Fprintf(&csv, "city,%s\n", names)
		}
		for row := range strings.Lines(rows) {
			csv.WriteString(city + "," + row)
		}
		scope = append(scope, city)
	}
	if f.IntN(3) == 0 {
		csv.WriteString(strings.Repeat("\n", 600<<10)) // what is that long has a table
	}
	r := request(csv.String())
	if r.Scope = scope; wide {
		r.Scope = nil
	}
	if f.IntN(2) == 0 {
		r.OnError = upload.Skip
	}
	return r
}

// said is all that a preview's report and that of an import have in common.
func said(t *testing.T, r upload.Report) string {
	t.Helper()
	r.Applied, r.Upload, r.Token = false, 0, ""
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever stands and whatever comes, a preview says to the letter what the
// import then does, and changes nothing; its commit does what the import does.
func TestPreviewsOfAnythingAreTheImports(t *testing.T) {
	const files = 60
	source := &smallFiles{Rand: rand.New(rand.NewPCG(4, 2026))}
	var before strings.Builder
	before.WriteString(header + "\n")
	for _, city := range []string{"aldermoor", "brightwater"} {
		for s := range seriesEach {
			for m := 6 * (source.IntN(4) / 3); m < 19+source.IntN(3); m++ {
				fmt.Fprintf(&before, "%s,i%d,%s,%d\n", city, s, programme.Month(2024, 1).Plus(m), 40+source.IntN(20))
			}
		}
	}
	shows, imports := install(t), install(t)
	for _, i := range []*installation{shows, imports} {
		i.apply(t, manyMeasures())
		i.take(t, upload.Request{}, before.String())
	}
	stands := imports.everything(t)
	var all upload.Counts
	seen := map[string]int{}
	for n := range files {
		r := source.any()
		shown := shows.preview(t, r)
		if diff := cmp.Diff(stands, shows.everything(t)); diff != "" {
			t.Fatalf("the preview of file %d changed something:\n%s", n, diff)
		}
		done := imports.import1(t, r)
		if diff := cmp.Diff(said(t, done), said(t, shown)); diff != "" {
			t.Errorf("file %d (-import +preview):\n%s", n, diff)
		}
		if shown.Refused() != done.Refused() {
			t.Fatalf("file %d was refused (%v), and in the preview (%v)", n, done.Refused(), shown.Refused())
		}
		if shown.Refused() {
			seen["refused"]++
			continue
		}
		if diff := cmp.Diff(said(t, done), said(t, shows.commit(t, shown.Token))); diff != "" {
			t.Errorf("file %d (-import +commit):\n%s", n, diff)
		}
		stands = imports.everything(t)
		if diff := cmp.Diff(stands, shows.everything(t)); diff != "" {
			t.Fatalf("what stands after file %d (-import +commit):\n%s", n, diff)
		}
		all.New, all.Changed, all.Unchanged, all.Withdrawn = all.New+done.Counts.New, all.Changed+done.Counts.Changed, all.Unchanged+done.Counts.Unchanged, all.Withdrawn+done.Counts.Withdrawn
		seen["status"] += len(done.StatusChanges)
		for _, p := range done.Problems {
			seen[string(p.Code)]++
		}
	}
	seen["new"], seen["changed"], seen["unchanged"], seen["withdrawn"] = int(all.New), int(all.Changed), int(all.Unchanged), int(all.Withdrawn)
	seen["moved"] = imports.count(t, `select count(*) from citygauge.target where cohort_id = (select cohort_id from citygauge.cohort where slug = '2026') and version > 2`)
	for _, what := range []string{"refused", "status", "new", "changed", "unchanged", "withdrawn", "moved", string(store.BaselineFrozen), "unusual-change"} {
		if seen[what] == 0 {
			t.Errorf("no file had anything %s: %v", what, seen)
		}
	}
}

// What a preview would change is not written, not even to be rolled back: that
// would be in the way until it is vacuumed.
func TestPreviewWritesItsRecordAlone(t *testing.T) {
	testdb.OneServer(t, "the sizes of tables are known to its workers")
	i := install(t)
	i.apply(t, manyIndicators())
	i.take(t, upload.Request{}, benchFile(1))
	sizes := func() (text string) {
		err := i.System(t.Context(), func(tx *store.Tx) error {
			return tx.GetContext(t.Context(), &text, `
				select string_agg(relname || ' ' || pg_relation_size(oid), E'\n' order by relname)
				from pg_class
				where relnamespace = 'citygauge'::regnamespace and relkind in ('r', 'i') and relname not like 'upload%' and relname not like 'audit%'`)
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := sizes()
	file := benchFile(benchMonths)
	for _, csv := range []string{file, file + strings.Repeat("\n", 600<<10)} {
		if shown := i.preview(t, request(csv)); shown.Counts.New != benchIndicators*(benchMonths-1) {
			t.Fatalf("%+v", shown.Counts)
		}
	}
	if diff := cmp.Diff(before, sizes()); diff != "" {
		t.Errorf("tables grew (-before +after):\n%s", diff)
	}
	i.take(t, upload.Request{}, file)
	if before == sizes() {
		t.Error("the import did not grow a table either")
	}
}
