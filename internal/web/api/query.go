package api

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/citygauge/citygauge/internal/programme"
)

// query is what a request asks for behind the question mark. Its methods note
// the first thing that is wrong with it.
type query struct {
	values url.Values
	err    error
}

// query reads the parameters of a request. One that is not among those known
// is refused: misspelt, it would not be missed.
func (c *call) query(known ...string) *query {
	values, err := url.ParseQuery(c.r.URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.wrong("the part behind ? cannot be read: write it as name=value&name=value, with %%XX for what is special")
	}
	for name := range values {
		if !slices.Contains(known, name) {
			q.wrong("there is no parameter %q here, but these: %s", name, cmp.Or(strings.Join(known, ", "), "none"))
		}
	}
	return q
}

func (q *query) wrong(format string, args ...any) {
	if q.err == nil {
		q.err = errInvalid.saying(format, args...)
	}
}

// text is a parameter that is given once at most.
func (q *query) text(name string) string {
	if len(q.values[name]) > 1 {
		q.wrong("%s is given more than once", name)
	}
	text := q.values.Get(name)
	if len(text) > maxText || strings.ContainsFunc(text, unicode.IsControl) {
		q.wrong("%s is too long, or has control characters", name)
	}
	return text
}

// maxText is how many bytes a parameter may have.
const maxText = 1000

// one is a parameter that is one of some words; not given, it is the first.
func (q *query) one(name string, of ...string) string {
	text := q.text(name)
	if text == "" {
		return of[0]
	}
	if !slices.Contains(of, text) {
		q.wrong("%s=%s: write %s", name, text, strings.Join(of, " or "))
	}
	return text
}

func (q *query) date(name string) programme.Date {
	text := q.text(name)
	if text == "" {
		return programme.Date(0)
	}
	day, err := programme.ParseDate(text)
	if err != nil {
		q.wrong("%s=%s is no date: write one such as 2025-03-15", name, text)
	}
	return day
}

// asOf is a time, or the end of a day in UTC, and the day in a city by then;
// nothing is now.
func (q *query) asOf(name string, today func(programme.City) programme.Date) (time.Time, func(programme.City) programme.Date) {
	text := q.text(name)
	if text == "" {
		return time.Time{}, today
	}
	if day, err := programme.ParseDate(text); err == nil {
		at, _ := time.Parse(time.DateOnly, text)
		return at.AddDate(0, 0, 1).Add(-time.Microsecond), func(programme.City) programme.Date { return day }
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		q.wrong("%s=%s is no time: write a date such as 2025-03-15, or 2025-03-15T12:00:00Z (a + is %%2B)", name, text)
	}
	return at, func(c programme.City) programme.Date {
		zone, err := c.Zone()
		if err != nil {
			zone = time.UTC
		}
		return programme.DateIn(at, zone)
	}
}

// limit is how many rows a page has.
func (q *query) limit(usual, most int) int {
	text := q.text("limit")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		q.wrong("limit=%s: write a number from 1 to %d", text, most)
	}
	return n
}

// filter are the parameters that choose what is read.
func (q *query) filter(c *call) programme.Filter {
	f := programme.Filter{
		Scope: c.who.ReadScope(), Cities: q.values["city"], Indicators: q.values["indicator"], Cohorts: q.values["cohort"],
		From: q.date("from"), To: q.date("to"),
	}
	if !f.To.IsZero() && f.From > f.To {
		q.wrong("from=%s is after to=%s: exchange them", f.From, f.To)
	}
	return f
}

// cursor is where the page before ended, for nobody else to read.
type cursor struct {
	City      string `json:"c,omitempty"`
	Indicator string `json:"i,omitempty"`
	Cohort    string `json:"o,omitempty"`
	Day       string `json:"d,omitempty"`
	Before    int64  `json:"n,omitempty"`
}

func cursorOf(p programme.Place) cursor {
	c := cursor{City: p.City, Indicator: p.Indicator, Cohort: p.Cohort}
	if !p.Day.IsZero() {
		c.Day = p.Day.String()
	}
	return c
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("write a cursor: %v", err)) // strings and a number
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// cursor is where to go on.
func (q *query) cursor() cursor {
	var c cursor
	text, err := base64.RawURLEncoding.DecodeString(q.text("cursor"))
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || c.Before < 0 || strings.ContainsFunc(c.City+c.Indicator+c.Cohort, unicode.IsControl) {
		q.wrong("the cursor is none of ours: begin without one")
	}
	return c
}

// after is where to go on, as a place.
func (q *query) after() programme.Place {
	c := q.cursor()
	p := programme.Place{City: c.City, Indicator: c.Indicator, Cohort: c.Cohort}
	if c.Day != "" {
		day, err := programme.ParseDate(c.Day)
		if err != nil {
			q.wrong("the cursor is none of ours: begin without one")
		}
		p.Day = day
	}
	return p
}
