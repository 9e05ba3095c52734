package declare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// everyCity is the city that stands for all of them.
const everyCity = "*"

// declaration makes one programme of everything that was read.
func (r *reading) declaration() *Declaration {
	d := &Declaration{origins: map[programme.Noun][]*entry{}, incomplete: r.incomplete, files: r.files}
	p := &d.Programme
	p.Cohorts = gather(r, d, shape[programme.Cohort]{noun: programme.CohortNoun, read: r.cohort, key: cohortKey})
	if len(p.Cohorts) == 1 {
		r.only = p.Cohorts[0].ID
	}
	p.Cities = gather(r, d, shape[programme.City]{noun: programme.CityNoun, read: r.city, key: cityKey})
	p.Indicators = gather(r, d, shape[programme.Indicator]{
		noun: programme.IndicatorNoun, read: r.indicator, key: indicatorKey,
		city: func(i *programme.Indicator) *string { return &i.City },
		cities: func(programme.Indicator) ([]string, string) {
			return citiesOf(*p, "", nil), "no city is declared"
		},
	})
	has := p.Index().Indicators
	p.Targets = gather(r, d, shape[programme.Target]{
		noun: programme.TargetNoun, read: r.target, key: targetKey,
		city: func(t *programme.Target) *string { return &t.City },
		cities: func(t programme.Target) ([]string, string) {
			return citiesOf(*p, t.Cohort, has, t.Indicator), fmt.Sprintf("no city of cohort %s has an indicator %q", t.Cohort, t.Indicator)
		},
	})
	p.Interventions = gather(r, d, shape[programme.Intervention]{
		noun: programme.InterventionNoun, read: r.intervention, key: interventionKey,
		city: func(i *programme.Intervention) *string { return &i.City },
		cities: func(i programme.Intervention) ([]string, string) {
			return citiesOf(*p, "", has, i.Indicators...), "no city has all of the indicators " + strings.Join(i.Indicators, ", ")
		},
	})
	p.Sources = gather(r, d, shape[programme.Source]{noun: programme.SourceNoun, read: r.source, key: sourceKey})
	if len(r.report) == 0 && len(r.entries) == 0 {
		at := Place{}
		if len(r.files) > 0 {
			at.File = r.files[0]
		}
		r.refuse(at, "declare cohorts, cities, indicators and targets", "nothing is declared")
	}
	d.Report = slices.Concat(r.report, d.Problems(p.Check()))
	d.sort(d.Report)
	return d
}

// shape is how entries of one noun become things.
type shape[T any] struct {
	noun   programme.Noun
	read   func(*entry) T
	key    func(T) string
	city   func(*T) *string                               // nil where * means nothing
	cities func(everywhere T) (ids []string, none string) // that * stands for, or why there are none
}

// gather reads the entries of one noun, refuses those that are declared twice,
// and puts a thing for each city in the place of one for all of them.
func gather[T any](r *reading, d *Declaration, s shape[T]) []T {
	var entries []*entry
	var read []T
	declared := map[string]*entry{}
	for _, e := range r.entries[s.noun] {
		r.requireFields(e)
		t := s.read(e)
		key := s.key(t)
		if first, twice := declared[key]; twice && !e.nameless() {
			r.refuse(Place{File: e.source.file, Line: e.line}, fmt.Sprintf("keep one of them; the other is at %s:%d", first.source.file, first.line), "%s %s is declared twice", s.noun, key)
			continue
		}
		declared[key] = e
		entries, read = append(entries, e), append(read, t)
	}
	if s.city == nil {
		d.origins[s.noun] = entries
		return read
	}
	var all []T
	for i, t := range read {
		if *s.city(&t) != everyCity {
			all, d.origins[s.noun] = append(all, t), append(d.origins[s.noun], entries[i])
			continue
		}
		cities, none := s.cities(t)
		unsure := r.incomplete[programme.CohortNoun] || r.incomplete[programme.CityNoun] || r.incomplete[programme.IndicatorNoun]
		if len(cities) == 0 && !unsure && !entries[i].nameless() {
			r.refuse(entries[i].place("city"), "declare one, or correct the name", "%s", none)
		}
		for _, id := range cities {
			*s.city(&t) = id
			if _, named := declared[s.key(t)]; !named {
				all, d.origins[s.noun] = append(all, t), append(d.origins[s.noun], entries[i])
			}
		}
	}
	return all
}

// citiesOf are the cities of a cohort, or of any, that have all of some
// indicators.
func citiesOf(p programme.Programme, cohort string, has map[programme.IndicatorKey]programme.Indicator, indicators ...string) []string {
	var ids []string
	for _, c := range p.Cities {
		if cohort != "" && !slices.Contains(c.Cohorts, cohort) {
			continue
		}
		if !slices.ContainsFunc(indicators, func(id string) bool {
			_, ok := has[programme.IndicatorKey{City: c.ID, Indicator: id}]
			return !ok
		}) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// requireFields reports the fields that every thing of its noun must have.
func (r *reading) requireFields(e *entry) {
	t := tableOf(e.noun)
	for _, c := range t.columns {
		if c.need == always && e.text(c.name) == "" && !slices.Contains(e.broken, c.name) {
			r.missing(e, c.name)
		}
	}
}

// missing reports a field that is not given. A thing without a name may be the
// one that others refer to.
func (r *reading) missing(e *entry, name string) {
	t := tableOf(e.noun)
	c, _ := t.column(func(c column) bool { return c.name == name })
	field := c.inYAML()
	if e.source.header != nil {
		field = c.inCSV()
	}
	var key []string
	for _, k := range t.keys {
		if text := e.text(k); text != "" {
			key = append(key, text)
		}
	}
	if len(key) == 0 {
		r.refuse(e.place(name), "write "+field, "%s is missing", field)
	} else {
		r.refuse(e.place(name), "write "+field, "%s %s has no %s", e.noun, strings.Join(key, "/"), field)
	}
	e.broken = append(e.broken, name)
	if slices.Contains(t.keys, name) {
		r.incomplete[e.noun] = true
	}
}
