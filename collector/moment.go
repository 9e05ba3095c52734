package collector

import (
	"fmt"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// moments reads the dates of records. One without a zone is a place's own time;
// one with a zone is told in it.
type moments struct {
	zone   *time.Location
	layout string // empty: ISO 8601
}

// formats are how a date's parts are declared, and how Go's layouts write them.
var formats = strings.NewReplacer("YYYY", "2006", "YY", "06", "MM", "01", "DD", "02", "M", "1", "D", "2", "HH", "15", "hh", "03", "mm", "04", "ss", "05", "AM", "PM", "ZZ", "Z07:00")

func newMoments(format string, zone *time.Location) (moments, error) {
	m := moments{zone: zone}
	if format == "" {
		return m, nil
	}
	// Go's layouts write parts in digits, of which 0 alone is none.
	if strings.ContainsAny(format, "123456789") {
		return m, fmt.Errorf("the format %q has digits: of those that are the same in all dates, it can have 0 alone", format)
	}
	m.layout = formats.Replace(format)
	probe := time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC)
	if read, err := time.Parse(m.layout, probe.Format(m.layout)); err != nil || !read.Equal(probe) {
		return m, fmt.Errorf("the format %q does not tell a day", format)
	}
	return m, nil
}

func (m moments) read(text string) (time.Time, error) {
	layout := m.layout
	if layout == "" {
		layout = isoLayout(text)
	}
	t, err := time.ParseInLocation(layout, text, m.zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a date", text)
	}
	return t, nil
}

// isoLayout is the layout of a date in ISO 8601 by what it looks like.
func isoLayout(text string) string {
	const day = len(time.DateOnly)
	if len(text) <= day {
		return time.DateOnly
	}
	mark, clock := text[day:day+1], text[day+1:]
	if mark != "T" && mark != " " {
		return time.DateOnly
	}
	layout := time.DateOnly + mark + "15:04"
	if at := strings.IndexAny(clock, "Z+-"); at >= 0 {
		if at > len("15:04") {
			layout += ":05"
		}
		if zone := clock[at:]; zone == "Z" || strings.Contains(zone, ":") {
			return layout + "Z07:00"
		} else if len(zone) == len("+07") {
			return layout + "Z07"
		}
		return layout + "Z0700"
	}
	if len(clock) > len("15:04") {
		layout += ":05" // fractions are read without being in the layout
	}
	return layout
}

// date is the day that a place's clock shows.
func (m moments) date(t time.Time) programme.Date { return programme.DateIn(t, m.zone) }

// midnights tells days from moments. A day is often written as a moment, that of
// its midnight in UTC: to the west of it, that is the day before.
type midnights struct {
	elsewhere int64  // dates that name another zone than the place's
	midnight  int64  // of them, that are midnights there
	earlier   string // one of these that is the day before in the place; empty: none
	day       programme.Date
}

func (k *midnights) note(m moments, text string, at time.Time) {
	if m.layout != "" || at.Location() == m.zone {
		return
	}
	k.elsewhere++
	if hour, minute, second := at.Clock(); hour+minute+second+at.Nanosecond() > 0 {
		return
	}
	k.midnight++
	if day := m.date(at); k.earlier == "" && day < programme.DateIn(at, at.Location()) {
		k.earlier, k.day = text, day
	}
}

// check fails where all dates are midnights elsewhere, and so probably days.
func (k *midnights) check() error {
	const chance = 1
	if k.earlier == "" || k.midnight < k.elsewhere || k.midnight <= chance {
		return nil
	}
	clock := k.earlier[len(time.DateOnly):]
	days := "as YYYY-MM-DD" + clock + " if they are days, or "
	if _, err := newMoments("YYYY-MM-DD"+clock, time.UTC); err != nil {
		days = ""
	}
	return fail(BadRecord, "each date is a midnight, such as %s, which is %s by the city's clock: write fields.format, %sas YYYY-MM-DDTHH:mm:ssZZ if they are moments", k.earlier, k.day, days)
}
