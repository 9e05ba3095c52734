package collector

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// plan is how the records of a source become observations.
type plan struct {
	source     programme.Source
	city       programme.City
	indicators map[string]programme.Indicator // by id and by title, in small letters
	zone       *time.Location
	moments    moments
	where      []Condition
	only       []Condition
	mark       byte // the decimal mark, or 0

	// columns are the fields that are read of each record, and the others are
	// their places in it; -1 is none.
	columns                                              []string
	period, date, value, indicator, status, note, of, by int
	whereAt, onlyAt                                      []int
}

// newPlan understands a declaration. What it cannot is in the lacks.
func newPlan(s programme.Source, city programme.City, indicators []programme.Indicator) (*plan, []Lack) {
	var lacks []Lack
	lack := func(field, hint, format string, args ...any) {
		lacks = append(lacks, Lack{field, fmt.Sprintf(format, args...), hint})
	}
	p := &plan{source: s, city: city, indicators: map[string]programme.Indicator{}}
	for _, i := range indicators {
		p.indicators[strings.ToLower(i.Title)] = i
	}
	for _, i := range indicators {
		p.indicators[i.ID] = i
	}
	var err error
	if p.zone, err = city.Zone(); err != nil { // said of the city
		p.zone = time.UTC
	}
	if p.moments, err = newMoments(s.Fields.Format, p.zone); err != nil {
		lack("fields.format", "write it with YYYY, MM, DD, HH, mm and ss, such as MM/DD/YYYY", "%v", err)
	}
	if p.where, err = parseWhere(s.Where); err != nil {
		lack("where", "write conditions joined by and, such as offense = 'HOMICIDE' and district != 9", "the conditions cannot be read: %v", err)
	}
	if p.only, err = parseWhere(s.Only); err != nil {
		lack("only", "write conditions joined by and, such as minutes <= 15", "the conditions cannot be read: %v", err)
	}
	switch s.Decimal {
	case "point":
		p.mark = '.'
	case "comma":
		p.mark = ','
	}
	p.checkMapping(lack)
	p.place()
	return p, lacks
}

type lacking func(field, hint, format string, args ...any)

// checkMapping finds what contradicts itself in a declaration.
func (p *plan) checkMapping(lack lacking) {
	s := &p.source
	if s.Fields.Date != "" && s.Fields.Period != "" {
		lack("fields", "keep the one that the records have", "source %s has both a date and a period", s.ID)
	}
	if s.Aggregate == "" {
		for _, f := range []struct{ field, text string }{{"of", s.Of}, {"only", s.Only}, {"over", s.Over}} {
			if f.text != "" {
				lack(f.field, "write aggregate: rate, or leave it out", "%s is for sources that aggregate", f.field)
			}
		}
		return
	}
	if !slices.Contains(functions, s.Aggregate) {
		lack("aggregate", "write one of "+strings.Join(functions, ", "), "aggregate is %q", s.Aggregate)
		return
	}
	if s.Fields.Date == "" && s.Fields.Period == "" {
		lack("fields", "write fields: {date: the column of the date}", "source %s aggregates, but no field tells when", s.ID)
	}
	if s.Indicator == "" && s.Fields.Indicator == "" {
		lack("indicator", "write the indicator", "source %s aggregates, but for no indicator", s.ID)
	}
	if s.Of == "" && s.Aggregate != functionCount && s.Aggregate != functionRate {
		lack("of", "write the field", "a %s is of a field, but none is named", s.Aggregate)
	}
	if s.Of != "" && s.Aggregate == functionCount {
		lack("of", "write where: "+s.Of+" is not empty", "a count is of records, not of the field %s", s.Of)
	}
	if (s.Aggregate == functionRate) != (s.Over != "") {
		lack("over", "write population, records or a field for a rate, and nothing otherwise", "a rate is over something, and nothing else is")
	}
	if s.Only != "" && s.Aggregate != functionRate {
		lack("only", "write it as where", "only says which records of a rate are above the line")
	}
}

// asIs reports whether the source's files are files of observations, such as an
// aide uploads.
func (p *plan) asIs() bool {
	s := p.source
	return s.Fields == programme.SourceFields{} && s.Where == "" && s.Aggregate == ""
}

// place gives each field that is read its place in the records.
func (p *plan) place() {
	s := p.source
	column := func(name string) int {
		if name == "" {
			return -1
		}
		if at := slices.Index(p.columns, name); at >= 0 {
			return at
		}
		p.columns = append(p.columns, name)
		return len(p.columns) - 1
	}
	f := s.Fields
	if s.Aggregate == "" {
		if f.Date == "" && f.Period == "" {
			f.Period = "period"
		}
		if f.Value == "" {
			f.Value = "value"
		}
		if f.Indicator == "" && s.Indicator == "" {
			f.Indicator = "indicator"
		}
	}
	p.period, p.date, p.indicator = column(f.Period), column(f.Date), column(f.Indicator)
	p.value, p.status, p.note, p.of, p.by = -1, -1, -1, -1, -1
	if s.Aggregate == "" {
		p.value, p.status, p.note = column(f.Value), column(f.Status), column(f.Note)
	} else {
		p.of = column(s.Of)
		if s.Over != overPopulation && s.Over != overRecords {
			p.by = column(s.Over)
		}
	}
	for _, c := range p.where {
		p.whereAt = append(p.whereAt, column(c.Field))
	}
	for _, c := range p.only {
		p.onlyAt = append(p.onlyAt, column(c.Field))
	}
}

// indicatorOf is the indicator that a record speaks of.
func (p *plan) indicatorOf(name string) (programme.Indicator, error) {
	if p.indicator < 0 {
		name = p.source.Indicator
	}
	i, ok := p.indicators[strings.ToLower(name)]
	if !ok {
		return i, fail(BadRecord, "city %s has no indicator %q", p.city.ID, name)
	}
	return i, nil
}

func meets(record []string, conditions []Condition, at []int) bool {
	for n, c := range conditions {
		if !c.holds(record[at[n]]) {
			return false
		}
	}
	return true
}
