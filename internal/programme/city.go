package programme

import (
	"fmt"
	"time"
)

// EligiblePopulation is the number of people from which a city is eligible.
const EligiblePopulation = 100_000

// City is a city of the programme. Several cohorts may have it.
type City struct {
	ID         string // slug
	Name       string
	Country    string // ISO 3166-1 alpha-2
	Population int
	Timezone   string    // IANA name; empty is UTC
	Location   *Location // nil where it is not known
	Cohorts    []string  // slugs
}

// Location is a place in degrees north and east.
type Location struct {
	Latitude, Longitude float64
}

// Zone is the city's time zone, UTC where none is declared.
func (c City) Zone() (*time.Location, error) {
	if c.Timezone == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("timezone of city %s: %w", c.ID, err)
	}
	return zone, nil
}

func (c City) check(fs *faults) {
	fs.slug("city", c.ID)
	fs.text("name", c.Name)
	if c.Name == "" {
		fs.refuse("name", "write the city's name", "city %s has no name", c.ID)
	}
	if !isCountry(c.Country) {
		fs.refuse("country", "write the two letters of ISO 3166-1, such as US", "country is %q", c.Country)
	}
	switch {
	case c.Population <= 0:
		fs.refuse("population", "write the number of people", "population is %d", c.Population)
	case c.Population < EligiblePopulation:
		fs.warn("population", "check the number, or go on knowingly", "%s has %d people, fewer than the %d from which a city is eligible", c.ID, c.Population, EligiblePopulation)
	}
	if _, err := c.Zone(); err != nil || c.Timezone == "Local" {
		fs.refuse("timezone", "write an IANA name such as America/New_York", "timezone %q is not known", c.Timezone)
	}
	if l := c.Location; l != nil && (!within(l.Latitude, -90, 90) || !within(l.Longitude, -180, 180)) {
		fs.refuse("latitude", "write degrees north from -90 to 90 and east from -180 to 180", "%v, %v is no place on earth", l.Latitude, l.Longitude)
	}
}

func isCountry(code string) bool {
	return len(code) == 2 && 'A' <= code[0] && code[0] <= 'Z' && 'A' <= code[1] && code[1] <= 'Z'
}

// within is false for a value that is not a number.
func within(v, low, high float64) bool { return v >= low && v <= high }
