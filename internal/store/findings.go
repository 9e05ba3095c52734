package store

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// findings is what the difference of an upload answers with, as it comes in: a
// row for each indicator that changed, and one for each of the first changes.
type findings struct {
	taken   *upload.Taken
	names   map[seriesID]programme.Indicator
	touched touched
	digests []seriesDigest
	listed  []listedChange
}

// seriesDigest is the digest of an indicator's changes.
type seriesDigest struct {
	id   seriesID
	text string
}

type listedChange struct {
	id    seriesID
	first programme.Date
	upload.Change
}

func (t *taking) newFindings(taken *upload.Taken) *findings {
	names := make(map[seriesID]programme.Indicator, len(t.declared.indicatorIDs))
	for n, id := range t.declared.indicatorIDs {
		names[id] = t.declared.Indicators[n]
	}
	return &findings{taken: taken, names: names, touched: touched{}}
}

func (f *findings) scan(scan func(...any) error) error {
	var listed bool
	var c listedChange
	var fresh, changed, withdrawn int64
	var sums [2]string
	err := scan(&listed, &c.id.city, &c.id.indicator, &c.first, &fresh, &changed, &withdrawn, &sums[0], &sums[1],
		&c.Old, &c.New, &c.OldStatus, &c.NewStatus)
	if err != nil {
		return err
	}
	if listed {
		i := f.names[c.id]
		c.City, c.Indicator, c.Period = i.City, i.ID, programme.PeriodOf(i.Frequency, c.first)
		f.listed = append(f.listed, c)
		return nil
	}
	f.touched[c.id] = c.first
	f.taken.Counts.New += fresh
	f.taken.Counts.Changed += changed
	f.taken.Counts.Withdrawn += withdrawn
	f.digests = append(f.digests, seriesDigest{c.id, fmt.Sprintln(c.id.city, c.id.indicator, fresh, changed, withdrawn, sums[0], sums[1])})
	return nil
}

// finish puts everything in order, and answers with the indicators that
// changed.
func (f *findings) finish() touched {
	slices.SortFunc(f.digests, func(a, b seriesDigest) int { return a.id.compare(b.id) })
	sum := sha256.New()
	for _, d := range f.digests {
		sum.Write([]byte(d.text))
	}
	sum.Sum(f.taken.Digest[:0])
	slices.SortFunc(f.listed, func(a, b listedChange) int { return cmp.Or(a.id.compare(b.id), cmp.Compare(a.first, b.first)) })
	for _, c := range f.listed {
		f.taken.Changes = append(f.taken.Changes, c.Change)
	}
	return f.touched
}
