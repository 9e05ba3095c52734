package export

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// CityColumns are the columns of cities, those of a programme's cities.csv.
var CityColumns = []string{"city", "name", "country", "population", "timezone", "latitude", "longitude", "cohorts"}

// City writes a city as a row of [CityColumns].
func City(t *Table, c programme.City) error {
	var latitude, longitude progress.Figure
	if c.Location != nil {
		latitude, longitude = progress.Known(c.Location.Latitude), progress.Known(c.Location.Longitude)
	}
	return t.Row(words(c.ID), words(c.Name), words(c.Country), whole(c.Population), words(c.Timezone), latitude, longitude, list(c.Cohorts))
}

// IndicatorColumns are the columns of indicators, those of a programme's
// indicators.csv.
var IndicatorColumns = []string{
	"city", "indicator", "title", "unit", "frequency", "direction", "measure", "kind", "problem", "lens", "decimals",
	"plausible_min", "plausible_max", "due_days", "judge_provisional", "breaks", "definition", "owner", "source",
}

// Indicator writes an indicator as a row of [IndicatorColumns].
func Indicator(t *Table, i programme.Indicator) error {
	var breaks list
	for _, b := range i.Breaks {
		breaks = append(breaks, b.String())
	}
	return t.Row(words(i.City), words(i.ID), words(i.Title), words(i.Unit), words(i.Frequency.String()), words(i.Direction), words(i.Measure),
		words(i.Kind), words(i.Problem), words(i.Lens), whole(i.Decimals), bound(i.Plausible.Min), bound(i.Plausible.Max), whole(i.DueDays),
		truth(i.JudgeProvisional), breaks, words(i.Definition), words(i.Owner), words(i.Source))
}

func bound(v *float64) progress.Figure {
	if v == nil {
		return progress.Unknown
	}
	return progress.Known(*v)
}

// list is a cell of several names: an array in JSON.
type list []string

func (l list) String() string { return strings.Join(l, " ") }

// MarshalJSON has none be an array, too.
func (l list) MarshalJSON() ([]byte, error) { return json.Marshal(append([]string{}, l...)) }

// truth is a cell that is true or false.
type truth bool

func (b truth) String() string { return strconv.FormatBool(bool(b)) }
