package intake

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// appendNumber adds a cell's number as text that reads alike everywhere, and
// says what kind of cell that makes it: never what a format shows of it, which
// is rounded, but what the cell holds.
func appendNumber(into, stored []byte, s style, from1904 bool) ([]byte, kind) {
	v, err := strconv.ParseFloat(asString(stored), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return append(into, stored...), textCell
	}
	switch s {
	case timeStyle:
		return appendTime(into, v), textCell
	case percentStyle:
		return append(appendPlain(into, hundredfold(v)), '%'), numberCell
	case dayStyle, monthStyle, yearStyle:
		if day, ok := dateOf(v, from1904); ok {
			switch s {
			case monthStyle:
				return append(into, programme.PeriodOf(programme.Monthly, day).String()...), textCell
			case yearStyle:
				return append(into, programme.PeriodOf(programme.Annual, day).String()...), textCell
			}
			return append(into, day.String()...), dateCell
		}
	}
	return appendPlain(into, v), numberCell
}

// appendTime adds a part of a day as the time that it is shown as.
func appendTime(into []byte, days float64) []byte {
	const daySeconds = 24 * 60 * 60
	seconds := math.Round(days * daySeconds)
	if math.Abs(seconds) > 1e15 {
		return appendPlain(into, days)
	}
	n := int64(seconds)
	if n < 0 {
		into, n = append(into, '-'), -n
	}
	return fmt.Appendf(into, "%d:%02d:%02d", n/3600, n/60%60, n%60)
}

// appendPlain adds the shortest text that reads as the number.
func appendPlain(into []byte, v float64) []byte {
	const few, many = 1e-7, 1e21 // beyond them digits would be mostly zeros
	if size := math.Abs(v); size != 0 && (size < few || size >= many) {
		return strconv.AppendFloat(into, v, 'g', -1, 64)
	}
	return strconv.AppendFloat(into, v, 'f', -1, 64)
}

// hundredfold is a hundred times a number as it is written: 0.07 is 7, and not
// 7.000000000000001.
func hundredfold(v float64) float64 {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return 100 * v
	}
	times, _ := strconv.ParseFloat(digits+"e"+strconv.Itoa(n+2), 64) // only its range can be wrong
	return times
}

// dateOf is the day that a number of days stands for. Excel counts them from
// 1900, with a 29 February in that year which never was, or from 1904.
func dateOf(days float64, from1904 bool) (day programme.Date, ok bool) {
	const (
		latest    = 2_958_465 // 9999-12-31
		neverWas  = 60        // 1900-02-29
		half      = 1e-8      // of the least that a time of day is told by
		yearsLate = 1462      // days from one system's first to the other's
	)
	n := int(min(max(math.Floor(days+half), -1), latest+1))
	if from1904 {
		n += yearsLate
	}
	switch {
	case n < 1, n > latest, n == neverWas:
		return 0, false
	case n < neverWas:
		return programme.NewDate(1899, time.December, 31).AddDays(n), true
	}
	return programme.NewDate(1899, time.December, 30).AddDays(n), true
}

// wholeNumber is a number in decimal digits, or absent.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return absent
	}
	return n
}
