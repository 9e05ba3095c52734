package store

import (
	"fmt"
	"os"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// changes are what a preview finds that its file would change, series by series.
// They are kept in a file, for there may be millions.
type changes struct {
	file  *os.File
	parts map[seriesID]part
	size  int64
}

// part is where in the file the changes of a series are, packed.
type part struct {
	at     int64
	length int
}

func newChanges() (*changes, error) {
	file, err := nameless()
	if err != nil {
		return nil, fmt.Errorf("keep what would change: %w", err)
	}
	return &changes{file: file, parts: map[seriesID]part{}}, nil
}

// keep keeps the changes of a series. An import, which has none to keep, finds
// them among its observations.
func (c *changes) keep(id seriesID, packed []byte) error {
	if c == nil {
		return nil
	}
	if _, err := c.file.WriteAt(packed, c.size); err != nil {
		return fmt.Errorf("keep what would change: %w", err)
	}
	c.parts[id] = part{c.size, len(packed)}
	c.size += int64(len(packed))
	return nil
}

// change makes series of a city, by indicator, what they would be.
func (c *changes) change(series map[int64][]progress.Observed, city int32, frequencies map[int64]programme.Frequency) error {
	if c == nil {
		return nil
	}
	for indicator, frequency := range frequencies {
		p, changed := c.parts[seriesID{city, indicator}]
		if !changed {
			continue
		}
		packed := make([]byte, p.length)
		if _, err := c.file.ReadAt(packed, p.at); err != nil {
			return fmt.Errorf("read what would change: %w", err)
		}
		series[indicator] = changedBy(unpacked(packed, frequency), series[indicator])
	}
	return nil
}

// changedBy is a series after changes, both in the order of periods.
func changedBy(changes standing, series []progress.Observed) []progress.Observed {
	all := make([]progress.Observed, 0, len(series)+len(changes.observed))
	for n, o := range changes.observed {
		at, there := slices.BinarySearchFunc(series, o.Period, byPeriod)
		all, series = append(all, series[:at]...), series[at:]
		if there {
			series = series[1:]
		}
		if !changes.marks(n) {
			all = append(all, o)
		}
	}
	return append(all, series...)
}

func byPeriod(o progress.Observed, p programme.Period) int { return o.Period.Compare(p) }

func (c *changes) close() {
	if c != nil {
		c.file.Close()
	}
}
