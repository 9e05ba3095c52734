package demo

import (
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// WriteCSV writes observations as the tidy file that any city could upload,
// with the columns city, indicator, period, value, status and note.
func WriteCSV(w io.Writer, observations iter.Seq[programme.Observation]) error {
	file := intake.NewWriter(w)
	// A record that cannot be written is told by Flush, once for all.
	_ = file.Write([]string{"city", "indicator", "period", "value", "status", "note"})
	for o := range observations {
		value := "*"
		if o.Status != programme.Suppressed {
			value = strconv.FormatFloat(o.Value, 'f', -1, 64)
		}
		_ = file.Write([]string{o.City, o.Indicator, o.Period.String(), value, string(o.Status), o.Note})
	}
	if err := file.Flush(); err != nil {
		return fmt.Errorf("write the sample's observations: %w", err)
	}
	return nil
}
