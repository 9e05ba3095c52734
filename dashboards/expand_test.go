package dashboards

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// span is a dashboard's time range.
type span struct{ from, to time.Time }

var (
	reference = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}|\$([A-Za-z]\w*)`)
	macro     = regexp.MustCompile(`\$(__\w+)\(([^)]*)\)`)
)

// expand writes variables and macros into SQL as Grafana does: the browser the
// former, then the Postgres data source the latter.
func expand(sql string, variables map[string][]string, s span) (string, error) {
	var failed error
	fail := func(format string, args ...any) string {
		failed = fmt.Errorf(format, args...)
		return ""
	}
	sql = reference.ReplaceAllStringFunc(sql, func(text string) string {
		m := reference.FindStringSubmatch(text)
		values, ok := variables[m[1]+m[3]]
		switch {
		case !ok:
			return fail("%s is no variable", text)
		case m[2] != "sqlstring":
			return fail("%s is quoted by some versions of Grafana and not by others: write :sqlstring", text)
		}
		quoted := make([]string, len(values))
		for n, value := range values {
			quoted[n] = "'" + strings.ReplaceAll(value, "'", "''") + "'"
		}
		return strings.Join(quoted, ",")
	})
	sql = macro.ReplaceAllStringFunc(sql, func(text string) string {
		m := macro.FindStringSubmatch(text)
		from, to := "'"+s.from.UTC().Format(time.RFC3339Nano)+"'", "'"+s.to.UTC().Format(time.RFC3339Nano)+"'"
		switch m[1] {
		case "__timeFilter":
			return m[2] + " BETWEEN " + from + " AND " + to
		case "__timeFrom":
			return from
		case "__timeTo":
			return to
		case "__time":
			return m[2] + ` AS "time"`
		}
		return fail("%s is no macro that a dashboard should use", text)
	})
	if rest := strings.Index(sql, "$__"); failed == nil && rest >= 0 {
		return "", fmt.Errorf("nothing was put in place of %.20s", sql[rest:])
	}
	return sql, failed
}

func TestExpand(t *testing.T) {
	year := span{time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 23, 59, 59, 999e6, time.UTC)}
	for _, c := range []struct{ name, sql, want, fails string }{
		{name: "a variable", sql: "x = ${city:sqlstring}", want: "x = 'o''hare'"},
		{name: "a variable of several values", sql: "x in (${cities:sqlstring})", want: "x in ('a','b''c')"},
		{name: "a filter", sql: "$__timeFilter(day)", want: "day BETWEEN '2025-01-01T00:00:00Z' AND '2025-12-31T23:59:59.999Z'"},
		{name: "both ends", sql: "$__timeFrom() $__timeTo()", want: "'2025-01-01T00:00:00Z' '2025-12-31T23:59:59.999Z'"},
		{name: "a time column", sql: "$__time(day)", want: `day AS "time"`},
		{name: "a variable without a format", sql: "'${city}'", fails: "write :sqlstring"},
		{name: "a variable without braces", sql: "'$city'", fails: "write :sqlstring"},
		{name: "an unknown variable", sql: "${town:sqlstring}", fails: "no variable"},
		{name: "a macro that cannot do months", sql: "$__timeGroup(day, '1M')", fails: "no macro"},
		{name: "a macro without brackets", sql: "$__interval", fails: "in place of $__interval"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := expand(c.sql, map[string][]string{"city": {"o'hare"}, "cities": {"a", "b'c"}}, year)
			switch {
			case c.fails == "" && (err != nil || got != c.want):
				t.Errorf("it became %q (%v), want %q", got, err, c.want)
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)):
				t.Errorf("the error is %v, want one with %q", err, c.fails)
			}
		})
	}
}
