package intake

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// Catalogue is what a file may speak of. Its cities and indicators are known
// to rows by their index in these slices, which must not be changed. A
// catalogue may be shared by any number of checks at once.
type Catalogue struct {
	Cities     []programme.City
	Indicators []programme.Indicator

	names   map[string]int // of cities: by folded id and name; shared where two have the name
	offered [][]int        // the indicators of each city
	scoped  bool
}

// shared marks a name that two things have, by which neither can be called.
const shared = -1

// NewCatalogue is the catalogue of all cities and indicators of a programme.
func NewCatalogue(p programme.Programme) Catalogue {
	c := Catalogue{Cities: p.Cities, Indicators: p.Indicators, offered: make([][]int, len(p.Cities))}
	c.names = nameIndex(len(p.Cities), func(i int) (string, string) { return p.Cities[i].ID, p.Cities[i].Name })
	byID := make(map[string]int, len(p.Cities))
	for i, city := range p.Cities {
		byID[city.ID] = i
	}
	for i := range p.Indicators {
		if city, ok := byID[p.Indicators[i].City]; ok {
			c.offered[city] = append(c.offered[city], i)
		}
	}
	return c
}

// Only is the catalogue of one uploader's cities: any other name of a city is
// then [NotYourCity], whether there is such a city or not. Its indices are its
// own. A catalogue of a single city lets a file leave out the city column.
func (c Catalogue) Only(ids ...string) Catalogue {
	only := NewCatalogue(programme.Programme{
		Cities: slices.DeleteFunc(slices.Clone(c.Cities), func(city programme.City) bool {
			return !slices.Contains(ids, city.ID)
		}),
		Indicators: slices.DeleteFunc(slices.Clone(c.Indicators), func(i programme.Indicator) bool {
			return !slices.Contains(ids, i.City)
		}),
	})
	only.scoped = true
	return only
}

// indicatorNames finds the indicators of a city by folded id and title.
func (c Catalogue) indicatorNames(city int) map[string]int {
	of := c.offered[city]
	names := nameIndex(len(of), func(i int) (string, string) { return c.Indicators[of[i]].ID, c.Indicators[of[i]].Title })
	for name, i := range names {
		if i != shared {
			names[name] = of[i]
		}
	}
	return names
}

// allIndicatorNames are the folded ids and titles of the indicators of all
// cities.
func (c Catalogue) allIndicatorNames() map[string]bool {
	names := make(map[string]bool, 2*len(c.Indicators))
	for _, i := range c.Indicators {
		names[fold(i.ID)], names[fold(i.Title)] = true, true
	}
	delete(names, "")
	return names
}

// nameIndex finds n things by id, else by name.
func nameIndex(n int, thing func(int) (id, name string)) map[string]int {
	index := make(map[string]int, 2*n)
	for i := range n {
		_, name := thing(i)
		if name = fold(name); name == "" {
			continue
		}
		if _, twice := index[name]; twice {
			index[name] = shared
			continue
		}
		index[name] = i
	}
	for i := range n {
		id, _ := thing(i)
		index[fold(id)] = i
	}
	return index
}

func (c Catalogue) cityIDs() []string {
	ids := make([]string, len(c.Cities))
	for i, city := range c.Cities {
		ids[i] = city.ID
	}
	return ids
}

func (c Catalogue) indicatorIDs(city int) []string {
	ids := make([]string, len(c.offered[city]))
	for i, indicator := range c.offered[city] {
		ids[i] = c.Indicators[indicator].ID
	}
	return ids
}

// namedBy is the indicator that a file is named after, such as that of
// homicides.csv; empty where it is named after none.
func (c Catalogue) namedBy(file string) string {
	name := filepath.Base(file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	if name != "" && c.allIndicatorNames()[fold(name)] {
		return name
	}
	return ""
}
