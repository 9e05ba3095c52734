package collector_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

const jsonText = "application/json"

func spent(url string) programme.Source {
	return programme.Source{
		Kind: "json", URL: url, Records: "data.items", Indicator: "spent",
		Fields: programme.SourceFields{Date: "when.from", Value: "amounts.0.usd", Note: "by"},
	}
}

func TestJSON(t *testing.T) {
	url := answer(t, jsonText, `{"version": 2, "data": {"next": null, "items": [
		{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 1234567.123456789012}], "by": "Ann, \"A\""},
		{"when": {"from": "2026-01-01"}, "amounts": [{"usd": "1204.5"}], "by": null}
	]}, "end": true}`)
	want(t, rows(t, quick(t), spent(url)), `spent 2025-Q4 1234567.123456789012 Ann, "A"`, "spent 2026-Q1 1204.5 provisional")
}

func TestTrapsOfJSON(t *testing.T) {
	for _, c := range []struct {
		name, kind, content string
		reason              collector.Reason
		words               string
	}{
		{"a sign-in page", "text/html; charset=utf-8", "<html>", collector.NotData, "perhaps one to sign in"},
		{"an error with status 200", jsonText, `{"error": "quota"}`, collector.NotData, `no list of records where one is expected: "data.items"`},
		{"a list that became something else", jsonText, `{"data": {"items": {"a": 1}}}`, collector.NotData, "no list of records"},
		{"an answer that was cut", jsonText, `{"data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 1}], "by": ""}]`, collector.Unreachable, "ends in the middle"},
		{"an error in the middle", jsonText, `{"data": {"items": [{"when": {"from": "2025-10-01"}}Streaming interrupted`, collector.NotData, "not the JSON that it should be"},
		{"two answers in one", jsonText, `{"data": {"items": []}}{"data": {"items": []}}`, collector.NotData, "goes on after its end"},
		{"pages of which one was asked for", jsonText, `{"next": "https://data.example/x?page=2", "data": {"items": []}}`, collector.Capped, "more follow on another page"},
		{"pages that are told behind the records", jsonText, `{"data": {"items": [], "paging": {"next_cursor": "MTAw"}}}`, collector.Capped, "more follow on another page"},
		{"pages as links", jsonText, `{"data": {"items": []}, "links": [{"rel": "self", "href": "/1"}, {"rel": "next", "href": "/2"}]}`, collector.Capped, "more follow on another page"},
		{"a layer's limit", jsonText, `{"data": {"items": []}, "properties": {"exceededTransferLimit": true}}`, collector.Capped, "more follow on another page"},
		{"a total beyond the records", jsonText, `{"numberMatched": 2, "data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 1}], "by": ""}]}}`, collector.Capped, "1 records came, and the source says that more follow"},
		{"a field that is in no record any more", jsonText, `{"data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 1}]}]}}`, collector.MissingColumn, "no column by"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := try(t, quick(t), spent(answer(t, c.kind, c.content)))
			wantFailure(t, err, c.reason, c.words)
		})
	}
}

// A table that was asked for in part tells how many rows it has in all, too.
func TestJSONOfAFilteredTable(t *testing.T) {
	const table = `{"recordsTotal": 900, "recordsFiltered": %d, "data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 7}], "by": ""}]}}`
	want(t, rows(t, quick(t), spent(answer(t, jsonText, fmt.Sprintf(table, 1)))), "spent 2025-Q4 7")
	_, err := try(t, quick(t), spent(answer(t, jsonText, fmt.Sprintf(table, 2))))
	wantFailure(t, err, collector.Capped, "the source says that more follow")
}

// The last page has no other to lead to, however that is written.
func TestJSONOfTheLastPage(t *testing.T) {
	for _, next := range []string{`null`, `""`, `{}`, `{"href": null}`, `{"href": ""}`, `false`} {
		url := answer(t, jsonText, `{"_links": {"next": `+next+`}, "data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 7}], "by": ""}]}}`)
		want(t, rows(t, quick(t), spent(url)), "spent 2025-Q4 7")
	}
}

// Servers of some kinds write a mark at the beginning, or UTF-16.
func TestJSONWithAMark(t *testing.T) {
	url := answer(t, jsonText, "\ufeff"+`{"data": {"items": [{"when": {"from": "2025-10-01"}, "amounts": [{"usd": 7}], "by": ""}]}}`)
	want(t, rows(t, quick(t), spent(url)), "spent 2025-Q4 7")
}

// A large answer is read as it comes, not kept.
func TestJSONIsStreamed(t *testing.T) {
	const records = 200_000
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":{"items":[{"when":{"from":"2026-01-15T12:00:00Z"},"filler":""}`)
		for range records - 1 {
			fmt.Fprint(w, `,{"when":{"from":"2026-01-15T12:00:00Z"},"filler":"`+strings.Repeat("x", 200)+`"}`)
		}
		fmt.Fprint(w, "]}}")
	})
	allocated := testing.AllocsPerRun(1, func() {
		got := rows(t, quick(t), programme.Source{
			Kind: "json", URL: url, Records: "data.items", Indicator: "thefts", Fields: programme.SourceFields{Date: "when.from"}, Aggregate: "count",
		})
		want(t, got, fmt.Sprintf("thefts 2026-01 %d", records)+" final")
	})
	if allocated == 0 {
		t.Error("nothing was measured")
	}
}
