package collector

import "github.com/citygauge/citygauge/internal/programme"

// Partial is what is kept of the records of one indicator and period: enough
// for every function, and two of them add up to one of both. So it does not
// matter who counted, the source or this program.
type Partial struct {
	Records int64 // that meet the conditions, and those of only where there are any
	Among   int64 // that meet the conditions
	Values  int64 // of Records, that have a value
	sum     exact
	min     exact
	max     exact
	last    exact
	at      int64 // when last was, in nanoseconds
	over    exact // of Among, the sum of what is divided by
}

// addValue adds a record's value.
func (p *Partial) addValue(v exact, at int64) {
	if p.Values == 0 || v.float() < p.min.float() {
		p.min = v
	}
	if p.Values == 0 || v.float() > p.max.float() {
		p.max = v
	}
	if p.Values == 0 || at >= p.at {
		p.last, p.at = v, at
	}
	p.Values++
	p.sum.add(v)
}

func (p *Partial) add(o *Partial) {
	if o.Values > 0 {
		if p.Values == 0 || o.min.float() < p.min.float() {
			p.min = o.min
		}
		if p.Values == 0 || o.max.float() > p.max.float() {
			p.max = o.max
		}
		if p.Values == 0 || o.at >= p.at {
			p.last, p.at = o.last, o.at
		}
	}
	p.Records += o.Records
	p.Among += o.Among
	p.Values += o.Values
	p.sum.add(o.sum)
	p.over.add(o.over)
}

// Functions that make one value of the records of a period.
const (
	functionCount = "count"
	functionSum   = "sum"
	functionMean  = "mean"
	functionMin   = "min"
	functionMax   = "max"
	functionLast  = "last"
	functionRate  = "rate"
)

var functions = []string{functionCount, functionSum, functionMean, functionMin, functionMax, functionLast, functionRate}

// What a rate may be over, besides a field.
const (
	overPopulation = "population"
	overRecords    = "records"
)

// value is what a function makes of the records of a period; false where there
// is none.
func (p *Partial) value(s *programme.Source, population int) (float64, bool) {
	switch s.Aggregate {
	case functionCount:
		return float64(p.Records), true
	case functionSum:
		return p.sum.float(), p.Values > 0
	case functionRate:
		above := exact{whole: p.Records}
		if s.Of != "" {
			above = p.sum
		}
		below := p.over
		switch s.Over {
		case overPopulation:
			below = exact{whole: int64(population)}
		case overRecords:
			below = exact{whole: p.Among}
		}
		if below.isZero() {
			return 0, false
		}
		return above.over(below, s.Per), true
	}
	if p.Values == 0 {
		return 0, false
	}
	switch s.Aggregate {
	case functionMean:
		return p.sum.over(exact{whole: p.Values}, 1), true
	case functionMin:
		return p.min.float(), true
	case functionMax:
		return p.max.float(), true
	}
	return p.last.float(), true
}

// zero reports whether a period without any record has the value 0.
func zero(s *programme.Source) bool {
	return s.Aggregate == functionCount || s.Aggregate == functionSum || s.Aggregate == functionRate && s.Over == overPopulation
}
