package collector

import (
	"cmp"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// Grouping is what a source is asked to count for itself.
type Grouping struct {
	Date      string // the field to group by, cut down to Unit
	Unit      Unit
	Indicator string // a field to group by beside it, or empty
	Function  string
	Of        string      // whose sum, least and greatest value are asked for; empty: none
	Over      string      // whose sum is asked for too; empty: none
	Where     []Condition // which records count
	Only      []Condition // which of them are above the line of a rate
	Zone      string      // the city's time zone, in which a day begins
}

// Unit is what dates are cut down to.
type Unit string

// The units. Weeks are made of days, and quarters of months.
const (
	Day   Unit = "day"
	Month Unit = "month"
	Year  Unit = "year"
)

// Group is what a source made of the records of one unit.
type Group struct {
	Date      string // its first day, or a moment within it by the place's clock; empty: the records have no date
	Indicator string
	Records   int64 // as in [Partial]
	Among     int64
	Values    int64
	Sum       string // and those below: empty where there is no value
	Min       string
	Max       string
	Over      string
}

// grouping is what the plan would ask of a source; false where only records
// will do.
func (p *plan) grouping() (Grouping, bool) {
	s := p.source
	if s.Aggregate == "" || s.Aggregate == functionLast || s.Fields.Date == "" || s.Fields.Format != "" || p.mark != 0 {
		return Grouping{}, false
	}
	unit, ok := p.unit()
	if !ok {
		return Grouping{}, false
	}
	g := Grouping{
		Date: s.Fields.Date, Unit: unit, Indicator: s.Fields.Indicator, Function: s.Aggregate, Of: s.Of, Where: p.where, Only: p.only, Zone: p.zone.String(),
	}
	if p.by >= 0 {
		g.Over = s.Over
	}
	return g, true
}

// unit is the largest that all periods can be made of.
func (p *plan) unit() (Unit, bool) {
	if p.source.Indicator != "" && p.indicator < 0 {
		i, ok := p.indicators[p.source.Indicator]
		return unitOf(i.Frequency), ok
	}
	finest := Year
	for _, i := range p.indicators {
		if u := unitOf(i.Frequency); u == Day || u == Month && finest == Year {
			finest = u
		}
	}
	return finest, len(p.indicators) > 0
}

func unitOf(f programme.Frequency) Unit {
	switch f {
	case programme.Daily, programme.Weekly:
		return Day
	case programme.Monthly, programme.Quarterly:
		return Month
	}
	return Year
}

// Covers notes that a source has records in a unit, whatever they are, how many,
// and the moment of the first.
func (p *Pull) Covers(date string, records int64, first string) error {
	p.read += records
	if date == "" {
		return nil
	}
	// One that is none may be that of records which nobody asks for.
	if earliest, err := p.plan.moments.read(cmp.Or(first, date)); err == nil {
		p.sink.begin(programme.DateIn(earliest, earliest.Location()))
	}
	if p.sink.indicator >= 0 {
		return nil
	}
	i, err := p.plan.indicatorOf("")
	if err != nil {
		return err
	}
	at, err := p.plan.moments.read(date)
	if err != nil {
		return fail(NotData, "a group's date: %w", err)
	}
	p.sink.covered[periodAt(i.Frequency, at)] = true
	return nil
}

// Group takes in what a source made of some records.
func (p *Pull) Group(g Group) error {
	p.sink.met += g.Among
	if g.Date == "" {
		p.sink.undated += g.Among
		return nil
	}
	i, err := p.plan.indicatorOf(g.Indicator)
	if err != nil {
		return err
	}
	at, err := p.plan.moments.read(g.Date)
	if err != nil {
		return fail(NotData, "a group's date: %w", err)
	}
	part := Partial{Records: g.Records, Among: g.Among, Values: g.Values}
	for _, v := range []struct {
		text string
		into *exact
	}{{g.Sum, &part.sum}, {g.Min, &part.min}, {g.Max, &part.max}, {g.Over, &part.over}} {
		if v.text == "" {
			continue
		}
		if *v.into, _, err = readExact(v.text, 0); err != nil {
			return fail(NotData, "a group's number: %w", err)
		}
	}
	part.at = at.UnixNano()
	return p.sink.addPartial(i.ID, periodAt(i.Frequency, at), &part)
}

// periodAt is the period of a date that is written without a zone.
func periodAt(f programme.Frequency, at time.Time) programme.Period {
	return programme.PeriodOf(f, programme.DateIn(at, at.Location()))
}
