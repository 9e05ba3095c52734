package intake

import (
	"bytes"
	"fmt"

	"github.com/citygauge/citygauge/internal/programme"
)

// cityState is what a check works out once for each city of a file.
type cityState struct {
	indicators map[string]int // by folded id and title
	open       [programme.Annual + 1]openPeriod
}

// openPeriod is the first period of a frequency that has not ended today.
type openPeriod struct {
	period  programme.Period
	running bool // it has begun
}

// city is the state of a city, from the first time on that it is asked for.
func (c *checker) city(index int) *cityState {
	if state := c.cities[index]; state != nil {
		return state
	}
	state := &cityState{indicators: c.catalogue.indicatorNames(index)}
	today := c.options.Today(c.catalogue.Cities[index])
	for _, f := range programme.Frequencies() {
		p := programme.LastEndedBy(f, today).Next()
		state.open[f] = openPeriod{period: p, running: p.First() <= today}
	}
	c.cities[index] = state
	return state
}

// place notes of which city a record is that is judged no further.
func (c *checker) place(r *record) {
	index, ok := 0, true
	if c.layout.at[cityField] != absent {
		index, ok = lookUp(c.catalogue.names, c.cell(r, cityField))
	}
	if !ok || index == shared {
		c.about.Elsewhere = true
		return
	}
	c.city(index)
}

// seriesMemo is the newest city and indicator that were found, since the rows
// of one series stand together.
type seriesMemo struct {
	cityCell, indicatorCell []byte
	city, indicator         int
	found                   bool
}

// judgeSeries finds the row's city and indicator; nil is not found.
func (c *checker) judgeSeries(row *Row) (*cityState, *programme.Indicator) {
	m := &c.memo
	cityCell, indicatorCell := c.cell(c.record, cityField), c.cell(c.record, indicatorField)
	if !m.found || !bytes.Equal(indicatorCell, m.indicatorCell) || !bytes.Equal(cityCell, m.cityCell) {
		m.found = false
		city, ok := c.findCity()
		if !ok {
			c.about.Elsewhere = true
			if c.layout.at[indicatorField] != absent {
				c.required(indicatorField)
			}
			return nil, nil
		}
		indicator, ok := c.findIndicator(city)
		if !ok {
			return c.city(city), nil
		}
		*m = seriesMemo{
			cityCell: append(m.cityCell[:0], cityCell...), indicatorCell: append(m.indicatorCell[:0], indicatorCell...),
			city: city, indicator: indicator, found: true,
		}
	}
	row.City, row.Indicator = m.city, m.indicator
	return c.city(m.city), &c.catalogue.Indicators[m.indicator]
}

func (c *checker) findCity() (index int, ok bool) {
	at := c.layout.at[cityField]
	if at == absent {
		return 0, true // the only one, or the layout would be refused
	}
	cell, ok := c.required(cityField)
	if !ok {
		return 0, false
	}
	index, ok = lookUp(c.catalogue.names, cell)
	switch {
	case ok && index != shared:
		return index, true
	case ok:
		c.fault(UnknownCity, at, "more than one city has this name", "write the city's id")
	case c.catalogue.scoped && len(c.catalogue.Cities) == 1:
		only := c.catalogue.Cities[0].ID
		c.fault(NotYourCity, at, "the upload is for "+only+" alone", "write "+only+", if that is meant; else upload the row where its own city's are uploaded")
	case c.catalogue.scoped:
		c.fault(NotYourCity, at, "this is none of your cities", c.guess(absent, cell, c.catalogue.cityIDs))
	default:
		c.fault(UnknownCity, at, "no city has this id or name", c.guess(absent, cell, c.catalogue.cityIDs))
	}
	return 0, false
}

func (c *checker) findIndicator(city int) (index int, ok bool) {
	at := c.layout.at[indicatorField]
	name := []byte(c.options.Indicator)
	if at != absent {
		if name, ok = c.required(indicatorField); !ok {
			return 0, false
		}
	}
	index, ok = lookUp(c.city(city).indicators, name)
	switch {
	case ok && index != shared:
		return index, true
	case ok:
		c.fault(UnknownIndicator, at, fmt.Sprintf("%s has more than one indicator with the title %s", c.catalogue.Cities[city].ID, shown(name)),
			"write the indicator's id")
	default:
		c.fault(UnknownIndicator, at, fmt.Sprintf("%s has no indicator with the id or title %s", c.catalogue.Cities[city].ID, shown(name)),
			c.guess(city, name, func() []string { return c.catalogue.indicatorIDs(city) }))
	}
	return 0, false
}

// lookUp finds a name as it is, which is quick and holds for ids, else in any
// case.
func lookUp(names map[string]int, name []byte) (index int, ok bool) {
	if index, ok = names[string(name)]; ok {
		return index, true
	}
	index, ok = names[fold(string(name))]
	return index, ok
}

// guessed is a name that is not known: of a city, or of an indicator of one.
type guessed struct {
	city int // absent for a city's name
	name string
}

// guess is a hint for such a name. After so many there is none: nobody reads
// on, and each costs a walk through the catalogue.
func (c *checker) guess(city int, name []byte, candidates func() []string) string {
	const otherwise = "correct the name, or ask for it to be added to the programme"
	key := guessed{city, shown(name)}
	hint, known := c.guesses[key]
	if !known && len(c.guesses) < guessBudget {
		hint = suggestion(key.name, candidates())
		c.guesses[key] = hint
	}
	if hint == "" {
		return otherwise
	}
	return hint
}
