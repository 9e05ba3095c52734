package collector_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/citygauge/citygauge/collector"
	"github.com/citygauge/citygauge/internal/programme"
)

const csvText = "text/csv; charset=utf-8"

func thefts(url string) programme.Source {
	return programme.Source{Kind: "csv", URL: url, Indicator: "thefts", Fields: programme.SourceFields{Period: "Month", Value: "Thefts"}}
}

func TestCSV(t *testing.T) {
	url := answer(t, csvText, "\ufeffMonth;District;Thefts\r\n2026-02;all;\"1.204\"\r\n2026-01;all;98\r\n2026-03;all;40\r\n2025-12;all;<5\r\n")
	want(t, rows(t, quick(t), thefts(url)), "thefts 2025-12 <5", "thefts 2026-01 98", "thefts 2026-02 1.204", "thefts 2026-03 40 provisional")
}

func TestCSVInWindows1252(t *testing.T) {
	quarters := programme.Source{
		Kind: "csv", Indicator: "thefts", Fields: programme.SourceFields{Period: "M\u00eas", Value: "Valor"}, Where: "bairro = 'S\u00e3o Jos\u00e9'",
	}
	content := "M\xeas;bairro;Valor\r\n2026-01;S\xe3o Jos\xe9;98\r\n2026-01;Centro;7\r\n"
	quarters.URL = answer(t, csvText, content)
	want(t, rows(t, quick(t), quarters), "thefts 2026-01 98")
	for name, more := range map[string]string{"a line in UTF-8": "2026-02;S\u00e3o Jos\u00e9;9\r\n", "a byte that means nothing there": "2026-02;S\x81o;9\r\n"} {
		quarters.URL = answer(t, csvText, content+more)
		_, err := try(t, quick(t), quarters)
		if f := collector.FailureOf(err); f.Reason != collector.BadRecord || !strings.Contains(f.Error(), ":4 is not text in one encoding") {
			t.Errorf("with %s: %v", name, err)
		}
	}
	quarters.URL = answer(t, csvText, strings.ReplaceAll("M\u00eas;bairro;Valor\n2026-01;S\u00e3o Jos\u00e9;98\n", "\n", "\r\n")+"2026-02;S\xe3o;9\r\n")
	if _, err := try(t, quick(t), quarters); collector.FailureOf(err).Reason != collector.BadRecord {
		t.Errorf("in UTF-8 with a line in Windows-1252: %v", err)
	}
}

func TestCSVInUTF16(t *testing.T) {
	text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("Month\tThefts\r\n2026-01\t98\r\n")
	if err != nil {
		t.Fatal(err)
	}
	want(t, rows(t, quick(t), thefts(answer(t, csvText, text))), "thefts 2026-01 98")
}

func TestTrapsOfCSV(t *testing.T) {
	incidents := programme.Source{Kind: "csv", Indicator: "thefts", Fields: programme.SourceFields{Date: "day"}, Aggregate: "count"}
	for _, c := range []struct {
		name, kind, content string
		source              programme.Source
		reason              collector.Reason
		words               string
	}{
		{"a sign-in page that says it is one", "text/html", "<p>Please sign in</p>", thefts(""), collector.NotData, "perhaps one to sign in"},
		{"a sign-in page under the name of CSV", csvText, "\n<!DOCTYPE html><html>", thefts(""), collector.NotData, "perhaps one to sign in"},
		{"nothing", csvText, "", thefts(""), collector.NotData, "is empty"},
		{"a column that was renamed", csvText, "Month,Theft\n2026-01,9\n", thefts(""), collector.MissingColumn, "no column Thefts: it has Month, Theft"},
		{"a row that was cut", csvText, "Month,Thefts\n2026-01,9\n2026-0", thefts(""), collector.BadRecord, "has 1 cells, and its header has 2"},
		{"a quotation mark that is not closed", csvText, "Month,Thefts\n2026-01,\"9\n2026-02,8\n", thefts(""), collector.BadRecord, "cannot be read"},
		{"a date of America", csvText, "day\n2/3/2026\n", incidents, collector.BadRecord, `record 1: in day: "2/3/2026" is not a date: write fields.format`},
		{"as many rows as a portal gives at once", csvText, "day\n" + strings.Repeat("2026-02-01\n", 1000), incidents, collector.Capped, "exactly 1000 records came"},
		{"a column that is there twice", csvText, "Month,Thefts,Thefts\n2026-01,9,90\n", thefts(""), collector.BadRecord, "two columns Thefts"},
		{"a workbook", csvText, "PK\x03\x04" + strings.Repeat("\x00", 40), thefts(""), collector.NotData, "is no CSV: the file is a workbook"},
		{"an error in XML, with status 200", csvText, "<?xml version=\"1.0\"?><Error/>", thefts(""), collector.NotData, "is no CSV: the file is XML"},
		{"something packed", csvText, "\x1f\x8b\x08", thefts(""), collector.NotData, "is no CSV: the file is packed (gzip)"},
		{"a header and no row", csvText, "Month,Thefts\n", thefts(""), collector.NotData, "0 records came, and no observation can be made of them"},
		{"more than the most", csvText, "Month,Thefts\n" + strings.Repeat("2026-01,9\n", 200_000), thefts(""), collector.TooLarge, "larger than is taken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.source.URL = answer(t, c.kind, c.content)
			_, err := try(t, quick(t, func(o *collector.ClientOptions) { o.MostBytes = 1 << 20 }), c.source)
			wantFailure(t, err, c.reason, c.words)
		})
	}
}

// A header leads to the next page.
func TestCSVOfPages(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", `<https://data.example/x?page=1>; rel="prev", <https://data.example/x?page=3>; rel="next"`)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n")
	})
	_, err := try(t, quick(t), thefts(url))
	wantFailure(t, err, collector.Capped, "more follow on another page")
}

// A server of the old kind ends an answer by hanging up, so that a connection
// that broke looks like the end.
func TestCSVWithoutAnEndIsRefused(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(buffer, "HTTP/1.0 200 OK\r\nContent-Type: %s\r\n\r\nMonth,Thefts\n2026-01,9\n", csvText)
		buffer.Flush()
	})
	_, err := try(t, quick(t), thefts(url))
	wantFailure(t, err, collector.Incomplete, "does not say where its answer ends")
}

func TestFoldersOfFiles(t *testing.T) {
	root := t.TempDir()
	under := func(name string) string { return filepath.Join(root, name) }
	write := func(name, content string, age time.Duration) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(under(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(under(name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(-age)
		if err := os.Chtimes(under(name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("drop/b.csv", "indicator,period,value\nthefts,2026-01,9\n", time.Hour)
	write("drop/a.csv", "indicator,period,value\nthefts,2026-02,8\n", 0)
	write("drop/.a.csv.part", "draft", 0)
	write("drop/readme.md", "not a table", 0)
	write("secret.csv", "Month,Thefts\n2026-01,9\n", 0)
	write("../outside.csv", "Month,Thefts\n2026-01,9\n", 0)
	if err := os.Symlink("../../outside.csv", under("drop/link.lnk")); err != nil {
		t.Fatal(err)
	}
	client := quick(t, func(o *collector.ClientOptions) { o.Files = root })

	t.Run("the oldest first, drafts left out", func(t *testing.T) {
		trial, err := try(t, client, programme.Source{Kind: "csv", URL: "file:drop"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range trial.Files {
			content, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(content).ReadString('\n')
			content.Close()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, f.Name+": "+strings.TrimSpace(line))
		}
		if diff := cmp.Diff([]string{"b.csv: indicator,period,value", "a.csv: indicator,period,value"}, got); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
	})
	t.Run("a link that leads out", func(t *testing.T) {
		_, err := try(t, client, thefts("file:drop/link.lnk"))
		wantFailure(t, err, collector.Unreachable, "escapes")
	})
	t.Run("where none is allowed", func(t *testing.T) {
		_, err := try(t, quick(t), thefts("file:secret.csv"))
		wantFailure(t, err, collector.NotAllowed, "--source-files")
	})
	t.Run("a path that leads out is not declared", func(t *testing.T) {
		faults := collector.Check(springfield(thefts("file:../outside.csv")))
		if len(faults) != 1 || faults[0].Field != "url" {
			t.Errorf("faults are %v", faults)
		}
	})
	t.Run("a file that somebody writes meanwhile", func(t *testing.T) {
		if err := os.WriteFile(under("growing.csv"), []byte("Month,Thefts\n"+strings.Repeat("2026-01,9\n", 20_000)), 0o644); err != nil {
			t.Fatal(err)
		}
		grow := func(_ programme.SourceKey) {
			f, err := os.OpenFile(under("growing.csv"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := io.WriteString(f, "2026-02,7\n"); err != nil {
				t.Fatal(err)
			}
		}
		err := collector.TryWatched(t.Context(), client, springfield(thefts("file:growing.csv")), today, grow)
		wantFailure(t, err, collector.Incomplete, "growing.csv changed while it was read")
	})
}

func TestUnchangedByValidators(t *testing.T) {
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", csvText)
		fmt.Fprint(w, "Month,Thefts\n2026-01,9\n2026-03,4\n")
	})
	p := springfield(thefts(url))
	memory, outcome := collector.TryAgain(t, quick(t), p, today, nil)
	if outcome != "delivered" {
		t.Fatalf("the first pull is %s", outcome)
	}
	if _, outcome = collector.TryAgain(t, quick(t), p, today.AddDays(1), memory); outcome != "unchanged" {
		t.Errorf("the day after, the pull is %s", outcome)
	}
	// The file is the same, but March has ended meanwhile: its value is final.
	if _, outcome = collector.TryAgain(t, quick(t), p, programme.NewDate(2026, time.April, 1), memory); outcome != "delivered" {
		t.Errorf("when March has ended, the pull is %s", outcome)
	}
	// Nor does it help that the file is the same where the city is another.
	p.Cities[0].Population++
	if _, outcome = collector.TryAgain(t, quick(t), p, today, memory); outcome != "delivered" {
		t.Errorf("with another population, the pull is %s", outcome)
	}
	if asked != 4 {
		t.Errorf("the source was asked %d times", asked)
	}
}
