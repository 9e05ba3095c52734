package exposition

import (
	"io"
	"slices"
	"sync"
	"time"

	"github.com/citygauge/citygauge/internal/progress"
)

// city is a kept one with the labels of all of its series, while they are
// written.
type city struct {
	*keptCity
	labels     []byte
	indicators []indicator
}

type indicator struct {
	*keptIndicator
	labels  []byte
	targets []target
}

type target struct {
	*keptTarget
	labels []byte
}

func (k *keptCity) labelled() *city {
	c := &city{keptCity: k, labels: appendLabels(nil, false, "city", k.id), indicators: make([]indicator, len(k.indicators))}
	for n := range k.indicators {
		i := &c.indicators[n]
		i.keptIndicator = &k.indicators[n]
		i.labels = appendLabels(slices.Clone(c.labels), true, "indicator", i.id.Value())
		i.targets = make([]target, len(i.keptIndicator.targets))
		for n := range i.targets {
			t := &i.targets[n]
			t.keptTarget = &i.keptIndicator.targets[n]
			t.labels = appendLabels(slices.Clone(i.labels), true, "cohort", t.cohort.Value())
		}
	}
	return c
}

// exposed is a city's part of the exposition.
type exposed struct {
	id     string
	kept   *keptCity
	series int
	// drawn is its samples, for the exposition of all cities.
	drawn func() *drawn
	// compressed is its own exposition as one gzip member, made at the first
	// scrape that asks for it.
	compressed func() []byte
}

func expose(s progress.Standing, zone *time.Location, zips *zips) *exposed {
	e := &exposed{id: s.City.ID, kept: keep(s, zone)}
	e.series = e.kept.count()
	e.drawn = sync.OnceValue(e.draw)
	e.compressed = sync.OnceValue(func() []byte {
		return zips.member(func(w io.Writer) error { return writeText(w, []*drawn{e.draw()}) })
	})
	return e
}

// drawn is the text of a city's samples, family by family.
type drawn struct {
	text []byte
	ends []int // by the index of the family: where its samples end in text
}

// ordinaryLine is the length of a sample's text with names of ordinary length.
const ordinaryLine = 112

func (e *exposed) draw() *drawn {
	c := e.kept.labelled()
	d := &drawn{ends: make([]int, len(families))}
	lines := samples{text: make([]byte, 0, e.series*ordinaryLine)}
	for i, f := range families {
		lines.family = f.name
		f.write(&lines, c)
		d.ends[i] = len(lines.text)
	}
	d.text = slices.Clip(lines.text)
	return d
}

// count is how many samples are drawn of a city.
func (k *keptCity) count() int {
	c := k.labelled()
	counted := samples{countOnly: true}
	for _, f := range families {
		f.write(&counted, c)
	}
	return counted.count
}

// of is the text of the samples of one family.
func (d *drawn) of(family int) []byte {
	begin := 0
	if family > 0 {
		begin = d.ends[family-1]
	}
	return d.text[begin:d.ends[family]]
}
