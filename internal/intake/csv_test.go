package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// records reads everything, as "line: cell|cell" or "line: problem".
func records(t *testing.T, in io.Reader, limit int) []string {
	t.Helper()
	r := newCSVReader(in, limit)
	var all []string
	for {
		rec, err := r.read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.problem != nil {
			all = append(all, fmt.Sprintf("%d: %s in cell %d: %s", rec.line, rec.problem.Code, rec.cell, rec.problem.Value))
			continue
		}
		all = append(all, fmt.Sprintf("%d: %s", rec.line, bytes.Join(rec.cells, []byte("|"))))
	}
}

func TestRecords(t *testing.T) {
	const limit = 64
	cases := map[string]struct {
		in   string
		want []string
	}{
		"plain":                         {"a,b\n1,2\n", []string{"1: a|b", "2: 1|2"}},
		"no end of line at the end":     {"a,b\n1,2", []string{"1: a|b", "2: 1|2"}},
		"CRLF":                          {"a,b\r\n\"1\",\"2\"\r\n3,\"4\"\r\n", []string{"1: a|b", "2: 1|2", "3: 3|4"}},
		"CR":                            {"a,b\r\"1\",2\r\"3\n\",4\r", []string{"1: a|b", "2: 1|2", "3: 3\n|4"}},
		"a single line that ends in CR": {"a,b\r", []string{"1: a|b"}},
		"escaped quotes":                {"a,b\n\"\"\"1\"\", 2\",\"\"\n", []string{"1: a|b", "2: \"1\", 2|"}},
		"breaks within quotes":          {"a,b\n\"1\n\n2\",3\n4,5\n", []string{"1: a|b", "2: 1\n\n2|3", "5: 4|5"}},
		"unclosed at the end":           {"a,b\n1,\"2", []string{"1: a|b", "2: bad-quoting in cell 1: \"2"}},
		"unclosed in the middle":        {"a,b\n1,\"2\n3,4\n", []string{"1: a|b", "2: bad-quoting in cell 1: \"2", "3: 3|4"}},
		"unclosed before many lines":    {"a,b\n1,\"2\n" + strings.Repeat("34,56\n", 20), append([]string{"1: a|b", "2: bad-quoting in cell 1: \"2"}, numbered(3, 20, "34|56")...)},
		"text after the quotes":         {"a,b\n\"1\"x,2\n3,4\n", []string{"1: a|b", "2: bad-quoting in cell 0: 1", "3: 3|4"}},
		"quote within":                  {"a,b\n1,2\"2\n3,4\n", []string{"1: a|b", "2: bad-quoting in cell 1: 2\"2", "3: 3|4"}},
		"line too long":                 {"a,b\n" + strings.Repeat("x", 200) + "\n3,4\n", []string{"1: a|b", "2: too-large in cell -1: " + strings.Repeat("x", 64), "3: 3|4"}},
		"last line too long":            {"a,b\n" + strings.Repeat("x", 200), []string{"1: a|b", "2: too-large in cell -1: " + strings.Repeat("x", 64)}},
		"delimiter outside of quotes":   {"\"a,,,\";b\n1;2\n", []string{"1: a,,,|b", "2: 1|2"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, records(t, strings.NewReader(c.in), limit)); diff != "" {
				t.Errorf("at once (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.want, records(t, iotest.OneByteReader(strings.NewReader(c.in)), limit)); diff != "" {
				t.Errorf("byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

func numbered(from, n int, text string) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("%d: %s", from+i, text)
	}
	return lines
}

// FuzzRecords compares with encoding/csv wherever that finds nothing wrong.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\r\n2\",\"3\"\"4\"\r\n", "a,\"b\n", "a\n\"\"\n", "\"a\"b,c\n", "a,b\n,\n\n1,2", "é,b\n\xff,2\n", "a,b\r1,2\r",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		at := records(t, strings.NewReader(content), 1<<10)
		if diff := cmp.Diff(at, records(t, iotest.HalfReader(strings.NewReader(content)), 1<<10)); diff != "" {
			t.Fatalf("what is read depends on how it arrives:\n%s", diff)
		}
		first, _, _ := strings.Cut(content, "\n")
		// Theirs knows no other line ends, delimiters, encodings or limits.
		if len(content) > 1<<10 || strings.ContainsAny(content, "\x00;\t|") || strings.HasPrefix(content, "\uFEFF") ||
			strings.ToValidUTF8(content, "") != content || strings.Contains(strings.ReplaceAll(content, "\r\n", ""), "\r") ||
			len(trim([]byte(first))) == 0 {
			return
		}
		theirs := csv.NewReader(strings.NewReader(content))
		theirs.FieldsPerRecord = -1
		want, err := theirs.ReadAll()
		if err != nil {
			return
		}
		r := newCSVReader(strings.NewReader(content), 1<<10)
		for {
			rec, err := r.read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || rec.problem != nil {
				t.Fatalf("theirs reads all, ours says %v, %+v", err, rec.problem)
			}
			if len(rec.cells) == 1 && len(rec.cells[0]) == 0 && (len(want) == 0 || len(want[0]) != 1 || want[0][0] != "") {
				continue // theirs leaves out blank lines
			}
			got := strings.ReplaceAll(string(bytes.Join(rec.cells, []byte("|"))), "\r\n", "\n")
			if len(want) == 0 || got != strings.Join(want[0], "|") {
				t.Fatalf("line %d is %q, theirs has %q", rec.line, got, want)
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Fatalf("not read: %q", want)
		}
	})
}
