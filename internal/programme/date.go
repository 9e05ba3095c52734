package programme

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar, without a time of day or a zone:
// the number of days since 31 December of the year 0, so that 1 is 0001-01-01
// and the zero value is no date. Dates are compared and subtracted as numbers.
type Date int32

const (
	unixEpoch     = Date(719163) // 1970-01-01
	secondsPerDay = 24 * 60 * 60
	dateLayout    = time.DateOnly
	dateDescribed = "write a date as 2025-03-15"
)

// MinDate and MaxDate bound every date and period: the years that four digits
// can write.
const (
	MinDate = Date(1)
	MaxDate = Date(3652059)
)

// NewDate is the date of a year, month and day; days and months outside their
// usual ranges are carried over as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	return dateOfUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateIn is the date that the clock shows at instant t in a place's zone.
func DateIn(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return NewDate(y, m, d)
}

// ParseDate reads a date as ISO 8601 writes it, such as 2025-03-15.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(dateLayout, text)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("%q is not a date: %s", text, dateDescribed)
	}
	return dateOfUTC(t), nil
}

func dateOfUTC(t time.Time) Date {
	return Date(floorDiv(t.Unix(), secondsPerDay)) + unixEpoch
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == 0 }

// Time is midnight UTC at the beginning of the day.
func (d Date) Time() time.Time {
	return time.Unix(int64(d-unixEpoch)*secondsPerDay, 0).UTC()
}

// EndIn is when the day is over in a place's zone: midnight at the beginning of
// the next.
func (d Date) EndIn(zone *time.Location) time.Time {
	year, month, day := d.AddDays(1).Civil()
	end := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if DateIn(end, zone) == d { // clocks go forward at midnight, and skip it
		_, end = end.ZoneBounds()
	}
	return end
}

// Civil is the year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.Time().Date() }

// AddDays is the date n days later; n may be negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d) - int(e) }

// AddYears is the same day n years later; 29 February becomes 28 February
// where the year has none.
func (d Date) AddYears(n int) Date {
	y, m, day := d.Civil()
	if last := daysIn(y+n, m); day > last {
		day = last
	}
	return NewDate(y+n, m, day)
}

// String is the date in ISO 8601, or the empty string for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(dateLayout)
}

// MarshalText writes the date as [Date.String] does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value hands the date to a database; no date is null.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil //nolint:nilnil // null is the value
	}
	return d.String(), nil
}

// Scan takes a date from a database; null is no date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
	case time.Time:
		*d = NewDate(v.Date())
	case []byte:
		return d.UnmarshalText(v)
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("a %T is not a date", src)
	}
	return nil
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
