package collector_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/testdb"
)

// fakeSocrata is a portal with one dataset in a real Postgres, which is asked in
// SoQL and answers as Socrata's documentation and issue threads say: empty fields
// are left out of records, numbers are texts, and without an order the order is
// anything.
type fakeSocrata struct {
	*testing.T
	db       *sqlx.DB
	most     int    // what is asked for beyond it is reduced without a word
	between  string // runs once after the second page, as when a publisher replaces the dataset
	token    string // that version 3 wants
	types    map[string]string
	asked    []string
	counting atomic.Int64
}

// soqlWords are how SoQL differs from SQL, as far as is asked.
var soqlWords = strings.NewReplacer(
	"date_trunc_ymd(", "date_trunc('day', ", "date_trunc_ym(", "date_trunc('month', ", "date_trunc_y(", "date_trunc('year', ",
	"`:id`", "_id", ":id", "_id", ":updated_at", "_updated_at", "`", `"`, " over FROM", ` "over" FROM`,
)

var limits = regexp.MustCompile(` LIMIT (\d+) OFFSET (\d+)$`)

func (f *fakeSocrata) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var soql string
	var limit, offset int
	switch r.URL.Path {
	case "/api/views/abcd-1234.json":
		var columns []map[string]string
		for name, kind := range f.types {
			columns = append(columns, map[string]string{"fieldName": name, "dataTypeName": kind})
		}
		json.NewEncoder(w).Encode(map[string]any{"columns": columns})
		return
	case "/resource/abcd-1234.json":
		soql = r.URL.Query().Get("$query")
		found := limits.FindStringSubmatch(soql)
		limit, _ = strconv.Atoi(found[1])
		offset, _ = strconv.Atoi(found[2])
		soql = strings.TrimSuffix(soql, found[0])
	case "/api/v3/views/abcd-1234/query.json":
		if r.Header.Get("X-App-Token") != f.token || f.token == "" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"code":"permission_denied","error":true,"message":"You must be logged in or send an app token"}`)
			return
		}
		var ask struct {
			Query string
			Page  struct{ PageNumber, PageSize int }
		}
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			f.Error(err)
		}
		soql, limit, offset = ask.Query, ask.Page.PageSize, (ask.Page.PageNumber-1)*ask.Page.PageSize
	default:
		http.NotFound(w, r)
		return
	}
	f.asked = append(f.asked, soql)
	if !strings.Contains(soql, "ORDER BY") && offset > 0 {
		f.Errorf("a page without an order: %s", soql)
	}
	selected, rest := soql, ""
	for _, clause := range []string{" WHERE ", " GROUP BY ", " ORDER BY "} {
		if at := strings.Index(soql, clause); at >= 0 {
			selected, rest = soql[:at], soql[at:]
			break
		}
	}
	statement := soqlWords.Replace(selected+" FROM incidents"+rest) + fmt.Sprintf(" limit %d offset %d", min(limit, f.most), offset)
	statement = strings.Replace(statement, "AS over", `AS "over"`, 1)
	var records []byte
	if err := f.db.Get(&records, `select coalesce(json_agg(json_strip_nulls(to_json(r))), '[]') from (`+statement+`) r`); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"code": "query.soql.no-such-column", "message": err.Error()})
		return
	}
	if n := f.counting.Add(1); n == 3 && f.between != "" {
		if _, err := f.db.Exec(f.between); err != nil {
			f.Error(err)
		}
	}
	if bareNumber.Match(records) {
		records = withTexts(records)
	}
	w.Write(records)
}

var bareNumber = regexp.MustCompile(`":-?[0-9]`)

// withTexts writes numbers as texts, as SODA does.
func withTexts(records []byte) []byte {
	var all []map[string]any
	d := json.NewDecoder(bytes.NewReader(records))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		panic(err)
	}
	for _, record := range all {
		for name, v := range record {
			if n, ok := v.(json.Number); ok {
				record[name] = n.String()
			}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return text
}

// incidents makes a table of incidents of about six years, the same each time:
// every property of dates, amounts and texts that are easily read in two ways.
func incidents(t testing.TB, n int) *sqlx.DB {
	t.Helper()
	db := sqlx.MustOpen("postgres", testdb.Elsewhere(t).Superuser)
	t.Cleanup(func() { db.Close() })
	db.MustExec(`
		create unlogged table incidents as
		select *, reported at time zone 'America/Chicago' as reported_at
		from (
		select n as _id, timestamptz '2026-03-14 01:00:00+00' as _updated_at,
		       case when n % 9973 <> 0 then timestamp '2020-01-01' + (n::bigint * 7919 % 195000000) * interval '1 second' end as reported,
		       (array['THEFT', 'ARSON', 'O''BRIEN', ''])[1 + n % 4] as offense,
		       case when n % 11 <> 0 then (n * 37 % 100000) / 100.0 end as loss,
		       n % 25 as district,
		       (array['thefts', 'spent'])[1 + n % 2] as measure
		from generate_series(1, $1::int) n
		) made`, n)
	db.MustExec(`alter table incidents add primary key (_id)`)
	return db
}

func newSocrata(t *testing.T, records int) (*fakeSocrata, string) {
	f := &fakeSocrata{T: t, db: incidents(t, records), most: 50_000, types: map[string]string{
		"reported": "calendar_date", "reported_at": "date", "offense": "text", "loss": "number", "district": "number", "measure": "text",
	}}
	return f, serve(t, f.ServeHTTP)
}

func socrata(url string) programme.Source {
	return programme.Source{
		Kind: "socrata", URL: url, Dataset: "abcd-1234", Indicator: "thefts", Fields: programme.SourceFields{Date: "reported"}, Aggregate: "count",
	}
}

// mappings are every way of making an indicator of incidents that a source can
// be asked to do by itself.
func mappings() []programme.Source {
	return []programme.Source{
		{Indicator: "thefts", Aggregate: "count"},
		{Indicator: "thefts", Aggregate: "count", Where: "offense = 'THEFT'"},
		{Indicator: "thefts", Aggregate: "count", Where: "offense = 'O''BRIEN' and district not in (3, 4) and loss is not empty"},
		{Indicator: "thefts", Aggregate: "count", Where: "offense is empty and district <= 12 and district > 2"},
		{Indicator: "thefts", Aggregate: "count", Where: "offense != 'THEFT' and offense not in ('ARSON', 'X') and loss is empty"},
		{Indicator: "spent", Aggregate: "sum", Of: "loss", Where: "district in (1, 2, 3)"},
		{Indicator: "spent", Aggregate: "mean", Of: "loss"},
		{Indicator: "spent", Aggregate: "min", Of: "loss", Where: "loss > 3.5"},
		{Indicator: "spent", Aggregate: "max", Of: "loss"},
		{Indicator: "calls", Aggregate: "sum", Of: "loss"}, // weekly
		{Indicator: "spent", Aggregate: "rate", Over: "population", Per: 100_000, Where: "offense = 'ARSON'"},
		{Indicator: "spent", Aggregate: "rate", Over: "records", Only: "loss >= 500", Where: "offense != 'ARSON'"},
		{Indicator: "spent", Aggregate: "rate", Of: "loss", Over: "district", Only: "offense in ('THEFT', 'ARSON')"},
		{Aggregate: "count", Fields: programme.SourceFields{Indicator: "measure"}},
	}
}

// What the source counts, and what is counted here, is the same to the last
// digit.
func agree(t *testing.T, counted, pulled programme.Source) {
	t.Helper()
	for _, m := range mappings() {
		t.Run(fmt.Sprintf("%s of %s, where %s, only %s", m.Aggregate, m.Of, m.Where, m.Only), func(t *testing.T) {
			fields := counted.Fields
			fields.Indicator = m.Fields.Indicator
			there, here := counted, pulled
			for _, s := range []*programme.Source{&there, &here} {
				s.Indicator, s.Aggregate, s.Of, s.Only, s.Over, s.Per, s.Where, s.Fields = m.Indicator, m.Aggregate, m.Of, m.Only, m.Over, m.Per, m.Where, fields
			}
			client := quick(t)
			got := rows(t, client, there)
			if lines := strings.Count(got, "\n"); lines < 20 {
				t.Errorf("there are only %d rows:\n%s", lines, got)
			}
			want(t, got, strings.TrimSuffix(rows(t, client, here), "\n"))
		})
	}
}

func TestSocrataCountsAsWeDo(t *testing.T) {
	f, url := newSocrata(t, 20_000)
	counted, pulled := socrata(url), socrata(url)
	pulled.Kind = "socrata-pulled"
	agree(t, counted, pulled)
	groups := 0
	for _, soql := range f.asked {
		if strings.Contains(soql, "date_trunc_") {
			groups++
		}
	}
	if groups < len(mappings()) {
		t.Errorf("the portal was asked to count %d times", groups)
	}
}

// A million incidents, counted by the portal and here.
func TestAMillionIncidents(t *testing.T) {
	million := 1_000_000
	if testing.Short() {
		million /= 10
	}
	_, url := newSocrata(t, million)
	counted, pulled := socrata(url), socrata(url)
	pulled.Kind = "socrata-pulled"
	var texts [2]string
	for n, s := range []programme.Source{counted, pulled} {
		trial, err := try(t, quick(t), s)
		if err != nil {
			t.Fatal(err)
		}
		texts[n] = written(trial)
		if trial.Records != int64(million) || trial.Undated != int64(million)/9973 {
			t.Errorf("%s: %d records came, %d of them without a date", s.Kind, trial.Records, trial.Undated)
		}
	}
	if len(texts[0]) < 1000 || texts[0] != texts[1] {
		t.Errorf("the portal counts\n%s\nand here are counted\n%s", texts[0], texts[1])
	}
}

func TestSocrataVersion3(t *testing.T) {
	f, url := newSocrata(t, 60_000)
	f.token = "app-token"
	t.Setenv("SPRINGFIELD_TOKEN", f.token)
	second, third := socrata(url), socrata(url+"/api/v3")
	second.Kind, third.Kind, third.Token = "socrata-pulled", "socrata-pulled", "${env:SPRINGFIELD_TOKEN}"
	want(t, rows(t, quick(t), third), strings.TrimSuffix(rows(t, quick(t), second), "\n"))
	third.Token = ""
	_, err := try(t, quick(t), third)
	wantFailure(t, err, collector.Refused, "You must be logged in or send an app token")
}

func TestTrapsOfSocrata(t *testing.T) {
	t.Run("limits that are reduced without a word", func(t *testing.T) {
		f, url := newSocrata(t, 5_000)
		full := rows(t, quick(t), socrata(url))
		f.most = 1000
		s := socrata(url)
		s.Kind = "socrata-pulled"
		want(t, rows(t, quick(t), s), strings.TrimSuffix(full, "\n"))
	})
	t.Run("pages of which each record says the same", func(t *testing.T) {
		f, url := newSocrata(t, 60_000)
		f.db.MustExec(`update incidents set reported = '2025-06-01'`)
		s := socrata(url)
		s.Kind, s.Where = "socrata-pulled", ""
		want(t, rows(t, quick(t), s), "thefts 2025-06 60000 final")
	})
	t.Run("a dataset that forgets, counted by the portal or here", func(t *testing.T) {
		f, url := newSocrata(t, 5_000)
		counted, pulled := socrata(url), socrata(url)
		pulled.Kind = "socrata-pulled"
		before, all := collector.TryRows(t, quick(t), springfield(counted), today, nil)
		f.db.MustExec(`delete from incidents where reported < (select date_trunc('month', min(reported)) + interval '1 month 3 days' from incidents)`)
		f.db.MustExec(`update incidents set _updated_at = '2026-03-15 00:00:00+00'`)
		for _, s := range []programme.Source{counted, pulled} {
			_, left := collector.TryRows(t, quick(t), springfield(s), today, before)
			if diff := cmp.Diff(all[2:], left); diff != "" {
				t.Errorf("by %s (-want +got):\n%s", s.Kind, diff)
			}
		}
	})
	t.Run("a dataset that is replaced between pages", func(t *testing.T) {
		f, url := newSocrata(t, 60_000)
		f.between = `update incidents set _id = -_id, _updated_at = '2026-03-15 00:00:00+00'`
		s := socrata(url)
		s.Kind = "socrata-pulled"
		_, err := try(t, quick(t), s)
		wantFailure(t, err, collector.Incomplete, "was changed while it was pulled")
	})
	t.Run("a replacement that touches everything and changes nothing", func(t *testing.T) {
		f, url := newSocrata(t, 2_000)
		p := springfield(socrata(url))
		memory, _ := collector.TryAgain(t, quick(t), p, today, nil)
		if _, outcome := collector.TryAgain(t, quick(t), p, today, memory); outcome != "unchanged" {
			t.Errorf("untouched, the pull is %s", outcome)
		}
		f.db.MustExec(`update incidents set _updated_at = '2026-03-15 00:00:00+00'`)
		again, outcome := collector.TryAgain(t, quick(t), p, today, memory)
		if outcome != "delivered" || string(again.Digest) != string(memory.Digest) || again.Memory.Watermark == memory.Memory.Watermark {
			t.Errorf("touched, the pull is %s, and what it delivers differs", outcome)
		}
	})
	t.Run("dates in UTC, which the portal cannot count by the city's days", func(t *testing.T) {
		f, url := newSocrata(t, 2_000)
		local := rows(t, quick(t), socrata(url))
		f.asked = nil
		s := socrata(url)
		s.Fields.Date = "reported_at"
		want(t, rows(t, quick(t), s), strings.TrimSuffix(local, "\n"))
		for _, soql := range f.asked {
			if strings.Contains(soql, "date_trunc") {
				t.Errorf("the portal was asked to count: %s", soql)
			}
		}
	})
	t.Run("a column that is gone", func(t *testing.T) {
		f, url := newSocrata(t, 100)
		delete(f.types, "reported")
		f.types["report_date"] = "calendar_date"
		_, err := try(t, quick(t), socrata(url))
		wantFailure(t, err, collector.MissingColumn, "no column reported")
	})
	t.Run("a column that is gone, where the portal tells no columns", func(t *testing.T) {
		f, url := newSocrata(t, 100)
		f.types = nil
		f.db.MustExec(`alter table incidents rename reported to report_date`)
		_, err := try(t, quick(t), socrata(url))
		wantFailure(t, err, collector.Refused, "no-such-column")
	})
	t.Run("too many requests", func(t *testing.T) {
		f, portal := newSocrata(t, 100)
		left := 2
		at := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if left--; left >= 0 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			f.ServeHTTP(w, r)
		})
		want(t, rows(t, quick(t), socrata(at)), strings.TrimSuffix(rows(t, quick(t), socrata(portal)), "\n"))
	})
}
