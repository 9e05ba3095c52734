package collector

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// Observation is a row of the file that a run delivers.
type Observation struct {
	Indicator string // slug
	Period    string
	Value     string
	Status    programme.ObservationStatus
	Note      string
}

// mostObservations is how many rows a run may deliver: beyond that, something
// was mapped wrongly.
const mostObservations = 1_000_000

// sink makes observations of records.
type sink struct {
	*plan
	today    programme.Date
	partials map[seriesPeriod]*Partial
	covered  map[programme.Period]bool // periods of which there is any record
	undated  int64
	met      int64 // records that meet the conditions
	dates    midnights
	begins   programme.Date // the date of the earliest record; zero where none has one
	rows     []Observation
	opens    programme.Date // the first day on which a provisional row becomes final; zero is never
}

type seriesPeriod struct {
	indicator string
	period    programme.Period
}

func newSink(p *plan, today programme.Date) *sink {
	return &sink{plan: p, today: today, partials: map[seriesPeriod]*Partial{}, covered: map[programme.Period]bool{}}
}

// record takes a record in.
func (k *sink) record(n int64, values []string) error {
	if k.source.Aggregate == "" {
		if !meets(values, k.where, k.whereAt) {
			return nil
		}
		k.met++
		return k.observe(n, values)
	}
	name := ""
	if k.indicator >= 0 {
		name = values[k.indicator]
	}
	passes := meets(values, k.where, k.whereAt)
	if passes {
		k.met++
	}
	if !passes && k.indicator >= 0 {
		// It may speak of what is no indicator at all.
		return nil
	}
	i, err := k.indicatorOf(name)
	if err != nil {
		return recordError(n, err)
	}
	period, at, err := k.periodOf(i.Frequency, values)
	if err != nil {
		return recordError(n, err)
	}
	if period.IsZero() {
		if passes {
			k.undated++
		}
		return nil
	}
	if k.date >= 0 {
		k.begin(k.moments.date(at))
	}
	if k.indicator < 0 {
		k.covered[period] = true
	}
	if !passes {
		return nil
	}
	part, err := k.partOf(values, at)
	if err != nil {
		return recordError(n, err)
	}
	return k.addPartial(i.ID, period, &part)
}

// partOf is what one record adds.
func (k *sink) partOf(values []string, at time.Time) (Partial, error) {
	part := Partial{Among: 1}
	if k.by >= 0 && values[k.by] != "" {
		v, _, err := readExact(values[k.by], k.mark)
		if err != nil {
			return part, fail(BadRecord, "in %s: %w", k.columns[k.by], err)
		}
		part.over = v
	}
	if !meets(values, k.only, k.onlyAt) {
		return part, nil
	}
	part.Records = 1
	if k.of >= 0 && values[k.of] != "" {
		v, _, err := readExact(values[k.of], k.mark)
		if err != nil {
			return part, fail(BadRecord, "in %s: %w", k.columns[k.of], err)
		}
		part.addValue(v, at.UnixNano())
	}
	return part, nil
}

// addPartial adds what was made of one or more records of a period.
func (k *sink) addPartial(indicator string, period programme.Period, part *Partial) error {
	key := seriesPeriod{indicator, period}
	all, ok := k.partials[key]
	if !ok {
		if len(k.partials) == mostObservations {
			return fail(TooLarge, "the records make more than %d observations: check the fields and the frequency", mostObservations)
		}
		all = &Partial{}
		k.partials[key] = all
	}
	all.add(part)
	return nil
}

// periodOf is when a record was; no period where it does not say.
func (k *sink) periodOf(f programme.Frequency, values []string) (programme.Period, time.Time, error) {
	if k.date >= 0 {
		if values[k.date] == "" {
			return programme.Period{}, time.Time{}, nil
		}
		at, err := k.moments.read(values[k.date])
		if err != nil {
			return programme.Period{}, at, fail(BadRecord, "in %s: %w: write fields.format where the dates are not as 2025-03-15", k.columns[k.date], err)
		}
		k.dates.note(k.moments, values[k.date], at)
		return programme.PeriodOf(f, k.moments.date(at)), at, nil
	}
	text := values[k.period]
	if text == "" {
		return programme.Period{}, time.Time{}, nil
	}
	p, err := programme.ParsePeriod(text)
	if err != nil {
		return p, time.Time{}, fail(BadRecord, "in %s: %w", k.columns[k.period], err)
	}
	if of := p.Frequency(); of != f && (of > f || of == programme.Weekly) {
		return p, time.Time{}, fail(BadRecord, "in %s: a %s %s cannot be put into the %s values of the indicator", k.columns[k.period], of.Noun(), text, f)
	}
	return programme.PeriodOf(f, p.First()), p.First().Time(), nil
}

// observe takes a record that is an observation already.
func (k *sink) observe(n int64, values []string) error {
	if len(k.rows) == mostObservations {
		return fail(TooLarge, "there are more than %d observations", mostObservations)
	}
	name := ""
	if k.indicator >= 0 {
		name = values[k.indicator]
	}
	i, err := k.indicatorOf(name)
	if err != nil {
		return recordError(n, err)
	}
	row := Observation{Indicator: i.ID, Value: values[k.value]}
	if k.status >= 0 {
		row.Status = programme.ObservationStatus(values[k.status])
	}
	if k.note >= 0 {
		row.Note = values[k.note]
	}
	if k.date >= 0 {
		period, _, err := k.periodOf(i.Frequency, values)
		if err != nil {
			return recordError(n, err)
		}
		row.Period = period.String()
		k.settle(&row, period)
	} else {
		row.Period = values[k.period]
		// One that cannot be read is for the checks of the upload to say.
		if period, err := programme.ParsePeriod(row.Period); err == nil {
			k.settle(&row, period)
		}
	}
	k.rows = append(k.rows, row)
	return nil
}

// settle makes provisional what is not final yet.
func (k *sink) settle(row *Observation, period programme.Period) {
	settles := period.Last().AddDays(1 + k.source.SettleDays)
	final := row.Status == "" || strings.EqualFold(string(row.Status), string(programme.Final))
	if k.today >= settles || !final || !isNumber(row.Value) {
		return
	}
	row.Status = programme.Provisional
	if k.opens.IsZero() || settles < k.opens {
		k.opens = settles
	}
}

// isNumber tells a number, however it is written, from a value that is withheld
// or not there.
func isNumber(value string) bool {
	return strings.ContainsAny(value, "0123456789") && !strings.HasPrefix(value, "<")
}

// finish puts the rows in order: by indicator, then by period.
func (k *sink) finish() {
	if k.source.Aggregate != "" {
		k.fillZeros()
	}
	for key, part := range k.partials {
		v, ok := part.value(&k.source, k.city.Population)
		if !ok {
			continue
		}
		row := Observation{Indicator: key.indicator, Period: key.period.String(), Value: strconv.FormatFloat(v, 'f', -1, 64), Status: programme.Final}
		k.settle(&row, key.period)
		k.rows = append(k.rows, row)
	}
	slices.SortStableFunc(k.rows, func(a, b Observation) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Period, b.Period))
	})
}

// begin notes the date of a record.
func (k *sink) begin(on programme.Date) {
	if k.begins.IsZero() || on < k.begins {
		k.begins = on
	}
}

// cut leaves out, of incidents, the periods whose beginning the source had once
// and has no longer, as one of the last 365 days alone: what is left of them
// would be counted for the whole. It answers with the date from which on there is
// all; zero where nothing is missing.
func (k *sink) cut(began programme.Date) programme.Date {
	if k.source.Aggregate == "" || began.IsZero() || k.begins <= began {
		return 0
	}
	k.rows = slices.DeleteFunc(k.rows, func(r Observation) bool {
		p, err := programme.ParsePeriod(r.Period)
		return err == nil && p.First() < k.begins
	})
	return k.begins
}

// fillZeros counts 0 for a period in which the source has records, but none
// that meet the conditions, and for gaps of up to a year between others: where
// incidents are published, none is a number. Before the first and after the
// last, nothing is known.
func (k *sink) fillZeros() {
	if !zero(&k.source) {
		return
	}
	series := map[string][]programme.Period{}
	for key := range k.partials {
		series[key.indicator] = append(series[key.indicator], key.period)
	}
	if i, err := k.indicatorOf(""); err == nil && k.indicator < 0 && k.met == 0 {
		series[i.ID] = nil // none meets the conditions
	}
	for indicator, known := range series {
		for period := range k.covered { // those of the only indicator
			if period.First() <= k.today {
				known = append(known, period)
			}
		}
		slices.SortFunc(known, programme.Period.Compare)
		for n, period := range known {
			k.zeroAt(indicator, period)
			if n > 0 && period.Sub(known[n-1]) <= period.Frequency().PerYear() {
				for gap := known[n-1].Next(); gap.Compare(period) < 0; gap = gap.Next() {
					k.zeroAt(indicator, gap)
				}
			}
		}
	}
}

func (k *sink) zeroAt(indicator string, period programme.Period) {
	key := seriesPeriod{indicator, period}
	if _, ok := k.partials[key]; !ok {
		k.partials[key] = &Partial{Values: 1}
	}
}

// file is the rows as a file of observations, the same for the same rows.
func (k *sink) file(rows []Observation) ([]byte, error) {
	header := []string{"city", "indicator", "period", "value", "status"}
	if k.note >= 0 {
		header = append(header, "note")
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, r := range rows {
		cells := append(make([]string, 0, len(header)), k.city.ID, r.Indicator, r.Period, r.Value, string(r.Status))
		if k.note >= 0 {
			cells = append(cells, r.Note)
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return text.Bytes(), w.Error()
}

func recordError(n int64, err error) error {
	f := failureOf(err)
	return fail(f.Reason, "record %d: %w", n, f.Err)
}
