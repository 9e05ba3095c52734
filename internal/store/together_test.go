package store_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/store"
	"github.com/citygauge/citygauge/internal/upload"
)

const seriesEach = 12 // of two cities

// smallFiles makes files of one city each, with what files may have: new values,
// corrections, withdrawals, statuses, notes, and errors.
type smallFiles struct {
	*rand.Rand
	n int
}

func (f *smallFiles) next() (city, csv string) {
	f.n++
	var b strings.Builder
	full := f.IntN(2) == 0
	b.WriteString("indicator,period,value")
	if full {
		b.WriteString(",status,note")
	}
	b.WriteString("\n")
	for _, series := range f.Perm(seriesEach)[:1+f.IntN(2)] {
		first := f.IntN(12)
		for m := range 1 + f.IntN(9) {
			if f.IntN(300) == 0 {
				m = 0 // twice the same
			}
			value := fmt.Sprint(40 + f.IntN(20))
			switch f.IntN(40) {
			case 0:
				value = "<5"
			case 1:
				value = "delete"
			case 2:
				value = "4000"
			case 3:
				value = ""
			}
			if f.IntN(200) == 0 {
				value = "many"
			}
			fmt.Fprintf(&b, "i%d,%s,%s", series, programme.Month(2024, 1).Plus(first+m), value)
			if full {
				b.WriteString([]string{",,", ",provisional,", ",,counted twice", ",estimated,\"a \"\"guess\"\", {as} \\ such\""}[f.IntN(4)])
			}
			b.WriteString("\n")
		}
	}
	return []string{"aldermoor", "brightwater"}[f.IntN(2)], b.String()
}

func manySeries() programme.Programme {
	p := twoCities()
	indicators, targets := p.Indicators, p.Targets
	p.Indicators, p.Targets = nil, nil
	for n, i := range indicators {
		for s := range seriesEach {
			i.ID, i.Title = fmt.Sprintf("i%d", s), fmt.Sprintf("Indicator %d", s)
			targets[n].Indicator = i.ID
			p.Indicators, p.Targets = append(p.Indicators, i), append(p.Targets, targets[n])
		}
	}
	return p
}

// Files that are taken in together come to what they come to one after the other,
// and so does a small file whose rows go through a table, as those of a large one
// do: in every table, and in every report.
func TestTogetherIsOneAfterTheOther(t *testing.T) {
	const rounds, files = 5, 16
	alone, together, large := install(t), install(t), install(t)
	for _, i := range []*installation{alone, together, large} {
		i.apply(t, manySeries())
	}
	source := &smallFiles{Rand: rand.New(rand.NewPCG(20, 26))}
	for range rounds {
		var small, padded []upload.Request
		for range files {
			city, csv := source.next()
			r := upload.Request{Name: "small.csv", Account: "source:police", Scope: upload.Scope{city}, Key: fmt.Sprint(source.n)}
			r.Content = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil }
			small = append(small, r)
			r.Content = func() (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader(csv + strings.Repeat("\n", 600<<10))), nil
			}
			padded = append(padded, r)
		}
		outcomes := together.ImportAll(t.Context(), small)
		for n := range small {
			want := alone.import1(t, small[n])
			if outcomes[n].Err != nil {
				t.Fatal(outcomes[n].Err)
			}
			same := cmp.Options{equate, cmp.AllowUnexported(upload.Report{}), cmpopts.IgnoreFields(upload.Report{}, "Upload")}
			if diff := cmp.Diff(want, outcomes[n].Report, same); diff != "" {
				t.Errorf("file %s (-alone +together):\n%s", small[n].Key, diff)
			}
			if diff := cmp.Diff(want, large.import1(t, padded[n]), same, cmpopts.IgnoreFields(upload.Report{}, "SHA256")); diff != "" {
				t.Errorf("file %s (-small +large):\n%s", small[n].Key, diff)
			}
		}
		if diff := cmp.Diff(alone.tables(t), together.tables(t)); diff != "" {
			t.Fatalf("tables (-alone +together):\n%s", diff)
		}
		if diff := cmp.Diff(alone.tables(t), large.tables(t)); diff != "" {
			t.Fatalf("tables (-small +large):\n%s", diff)
		}
	}
	all, transactions := together.count(t, `select count(*) from citygauge.upload`), together.count(t, `select count(distinct xmin::text) from citygauge.upload`)
	if all != rounds*files || transactions > all*2/3 {
		t.Errorf("%d files took %d transactions", all, transactions)
	}
	if n := alone.count(t, `select count(*) from citygauge.upload where state = 'rejected'`); n == 0 || n > all/2 {
		t.Errorf("%d of %d files were refused", n, all)
	}
}

// tables is what an installation's tables hold, apart from when it came to be,
// and with the keys of uploads for their numbers.
func (i *installation) tables(t *testing.T) string {
	t.Helper()
	var text string
	err := i.System(t.Context(), func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &text, `
			with keyed as (select upload_id, key::int from citygauge.upload)
			select concat_ws(E'\n',
			  (select string_agg(o::text, E'\n' order by o) from citygauge.observation o),
			  (select string_agg((to_jsonb(r) - '{upload_id,recorded_at}'::text[])::text || key, E'\n' order by city_id, indicator_id, period_start, revision)
			   from citygauge.observation_revision r join keyed using (upload_id)),
			  (select string_agg((to_jsonb(a) - 'assessed_at')::text, E'\n' order by city_id, indicator_id, cohort_id, day) from citygauge.assessment a),
			  (select string_agg((to_jsonb(a) - 'assessed_at')::text, E'\n' order by city_id, indicator_id, cohort_id, day, assessed_at)
			   from citygauge.assessment_revision a),
			  (select string_agg((to_jsonb(t) - 'declared_at')::text, E'\n' order by city_id, indicator_id, cohort_id, version) from citygauge.target_revision t),
			  (select string_agg(t::text, E'\n' order by t) from citygauge.trajectory t),
			  (select string_agg((to_jsonb(s) - 'generation')::text, E'\n' order by city_id) from citygauge.city_state s),
			  (select string_agg((to_jsonb(u) - '{upload_id,received_at,sha256,bytes}'::text[] || jsonb_build_object('report', report - '{upload,sha256}'::text[]))::text,
			     E'\n' order by keyed.key) from citygauge.upload u join keyed using (upload_id)),
			  (select string_agg((to_jsonb(a) - '{audit_id,at,upload_id}'::text[])::text || key, E'\n' order by key)
			   from citygauge.audit a join keyed using (upload_id)),
			  (select count(*) from citygauge.upload join citygauge.upload_file using (sha256)))`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Among files that are taken in together, one that is out of the ordinary has its
// own outcome, and the others theirs.
func TestOddOnesAmongThoseTakenInTogether(t *testing.T) {
	i := install(t)
	i.apply(t, manySeries())
	file := func(key string, scope upload.Scope, series int, value string) upload.Request {
		csv := fmt.Sprintf("indicator,period,value\ni%d,2025-01,%s\n", series, value)
		if len(scope) != 1 {
			csv = fmt.Sprintf("city,indicator,period,value\nbrightwater,i%d,2025-01,%s\n", series, value)
		}
		return upload.Request{
			Name: "small.csv", Account: "source:police", Key: key, Scope: scope,
			Content: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(csv)), nil },
		}
	}
	one := upload.Scope{"aldermoor"}
	sent := file("sent before", one, 0, "3")
	before := i.import1(t, sent)
	missing := file("missing", one, 1, "3")
	missing.Content = func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }
	outcomes := i.ImportAll(t.Context(), []upload.Request{
		file("a", one, 2, "4"), sent, file("nowhere", upload.Scope{"nowhere"}, 0, "5"), file("", one, 3, "6"), file("all", nil, 4, "7"),
		missing, file("wrong", one, 5, "many"), file("again", one, 2, "9"), file("b", upload.Scope{"brightwater"}, 6, "8"),
	})
	for n, want := range []struct {
		err     error
		refused bool
		number  int64 // of the upload, where it is known
	}{
		{}, {number: before.Upload}, {err: upload.ErrNoCity}, {}, {}, {err: io.ErrUnexpectedEOF}, {refused: true}, {}, {},
	} {
		got := outcomes[n]
		if !errors.Is(got.Err, want.err) || got.Report.Refused() != want.refused || want.err == nil && got.Report.Upload == 0 ||
			want.number != 0 && got.Report.Upload != want.number {
			t.Errorf("the outcome of file %d is %+v, %v", n, got.Report, got.Err)
		}
	}
	stands := map[string]bool{}
	if err := i.EachObservation(t.Context(), store.Filter{}, func(r store.Recorded) error {
		stands[fmt.Sprint(r.City, " ", r.Indicator, " ", r.Value)] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{
		"aldermoor i0 3": true, "aldermoor i2 9": true, "aldermoor i3 6": true, "brightwater i4 7": true, "brightwater i6 8": true,
	}
	if diff := cmp.Diff(want, stands); diff != "" {
		t.Errorf("what stands (-want +got):\n%s", diff)
	}
}
