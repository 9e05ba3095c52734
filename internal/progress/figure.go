package progress

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Figure is a number that may not be known. An unknown figure is left out
// wherever it would be shown, never 0. The zero value is unknown.
type Figure struct {
	Number float64
	Known  bool
}

// Unknown is a figure that cannot be computed.
var Unknown Figure

// Known is the figure of a number; one that is infinite or not a number is
// unknown, and 0 has no sign.
func Known(v float64) Figure {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Unknown
	}
	return Figure{v + 0, true}
}

// String is the shortest text that reads back as the same number, or nothing.
// It has an exponent only where a number is far from 1.
func (f Figure) String() string {
	if !f.Known {
		return ""
	}
	const tiny, huge = 1e-6, 1e21
	if size := math.Abs(f.Number); size != 0 && (size < tiny || size >= huge) {
		return strconv.FormatFloat(f.Number, 'e', -1, 64)
	}
	return strconv.FormatFloat(f.Number, 'f', -1, 64)
}

// MarshalJSON writes the number, or null.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.Known {
		return []byte("null"), nil
	}
	return []byte(f.String()), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Figure) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*f = Unknown
		return nil
	}
	var number float64
	err := json.Unmarshal(text, &number)
	*f = Known(number)
	return err
}

// Value hands the figure to a database; unknown is null.
func (f Figure) Value() (driver.Value, error) {
	if !f.Known {
		return nil, nil //nolint:nilnil // null is the value
	}
	return f.Number, nil
}

// Scan takes a figure from a database; null is unknown.
func (f *Figure) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*f = Unknown
	case float64:
		*f = Known(v)
	default:
		return fmt.Errorf("a %T is not a figure", src)
	}
	return nil
}
