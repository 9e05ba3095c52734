package exposition

import (
	"io"
	"slices"
	"strings"
	"sync"
)

// snapshot is how every city stood at one comparison with the database. It
// never changes.
type snapshot struct {
	cities []*exposed // by slug
	series int
	// compressed is the whole text as one gzip member. It is made at the first
	// scrape that asks for it: in a busy hour there are more changes than scrapes.
	compressed func() []byte
}

func newSnapshot(cities []*exposed, zips *zips) *snapshot {
	s := &snapshot{cities: cities}
	for _, c := range cities {
		s.series += c.series
	}
	s.compressed = sync.OnceValue(func() []byte {
		return zips.member(func(w io.Writer) error { return writeText(w, s.drawn()) })
	})
	return s
}

// drawn is every city's samples.
func (s *snapshot) drawn() []*drawn {
	all := make([]*drawn, len(s.cities))
	for n, c := range s.cities {
		all[n] = c.drawn()
	}
	return all
}

func (s *snapshot) city(id string) (*exposed, bool) {
	i, found := slices.BinarySearchFunc(s.cities, id, func(e *exposed, id string) int {
		return strings.Compare(e.id, id)
	})
	if !found {
		return nil, false
	}
	return s.cities[i], true
}

// writeText writes the cities' samples grouped by family, as the text format
// wants them; a family without samples is left out.
func writeText(w io.Writer, cities []*drawn) error {
	for i, f := range families {
		begun := false
		for _, c := range cities {
			lines := c.of(i)
			if len(lines) == 0 {
				continue
			}
			if !begun {
				begun = true
				if _, err := w.Write(appendHeader(nil, f)); err != nil {
					return err
				}
			}
			if _, err := w.Write(lines); err != nil {
				return err
			}
		}
	}
	return nil
}
