package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// ApplyOptions says how a programme is applied.
type ApplyOptions struct {
	Today func(programme.City) programme.Date // the date in a city, for which it is judged
	Prune bool                                // remove what is not named and has no observations
	By    account.Actor                       // for the trail
	// Agree is asked before anything is kept; false leaves everything as it
	// stands.
	Agree func(Prospect) bool
}

// Prospect is what an application would do.
type Prospect struct {
	Stands programme.Programme // what stands before
	Would  programme.Programme // what would stand afterwards
	Faults []programme.Fault   // that only the observations reveal; by their places in the declared programme
	Moved  []MovedBaseline     // in the order in which the targets are declared, city by city
}

// MovedBaseline is an automatic baseline that observations changed under since
// it was measured, and that is measured anew.
type MovedBaseline struct {
	Target   programme.TargetKey
	Old, New progress.Figure
}

var errNotAgreed = errors.New("not agreed to")

// Apply makes the installation match a programme, which must be valid, if
// opts.Agree agrees. The work is done before it is asked, so that what is
// agreed to is exactly what happens. Everything or nothing is applied; a second
// time, nothing changes.
func (s *Store) Apply(ctx context.Context, p programme.Programme, opts ApplyOptions) error {
	err := s.System(ctx, func(tx *Tx) error {
		if err := tx.lockJob(ctx, "apply"); err != nil {
			return err
		}
		a := &applying{Tx: tx, opts: opts, p: p, changed: map[int32]bool{}}
		if err := a.write(ctx); err != nil {
			return fmt.Errorf("apply the programme: %w", err)
		}
		if !opts.Agree(Prospect{a.stands.Programme, a.would, a.faults, a.moved}) {
			return errNotAgreed
		}
		if len(a.changed) == 0 && slices.Equal(a.stands.Cohorts, a.would.Cohorts) {
			return nil
		}
		return tx.recordOf(ctx, account.Entry{At: a.now, By: opts.By, Action: account.Applied}, sortedCities(a.changed))
	})
	if errors.Is(err, errNotAgreed) {
		return nil
	}
	return err
}

// applying is one application of a programme under way.
type applying struct {
	*Tx
	opts    ApplyOptions
	p       programme.Programme
	changed map[int32]bool // the cities that differ from before, by id
	faults  []programme.Fault
	moved   []MovedBaseline
	now     time.Time // by the database's clock, from when on everybody else waits
	stands  *declared // then
	would   programme.Programme
}

func (a *applying) write(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		a.lockCities, a.writeCohorts, a.writeCities, a.addStates, a.checkSeries, a.writeIndicators, a.writeInterventions, a.writeSources, a.prune, a.writeTargets, a.finish,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if slices.ContainsFunc(a.faults, func(f programme.Fault) bool { return f.Noun == programme.IndicatorNoun }) {
			// What the series would become cannot be judged.
			return nil
		}
	}
	return nil
}

// each hands records to a statement as JSON, many at a time and before more
// arguments, and notes the cities that it returns as changed.
func (a *applying) each(ctx context.Context, statement string, records iter.Seq[any], more ...any) error {
	var pending []any
	send := func() error {
		text, err := json.Marshal(pending)
		if err != nil {
			return err
		}
		pending = pending[:0]
		return a.note(ctx, statement, append([]any{string(text)}, more...)...)
	}
	for r := range records {
		if pending = append(pending, r); len(pending) == batchSize {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(pending) == 0 {
		return nil
	}
	return send()
}

// note runs a statement that returns the ids of the cities that it changed.
func (a *applying) note(ctx context.Context, statement string, args ...any) error {
	var cities []int32
	if err := a.SelectContext(ctx, &cities, statement, args...); err != nil {
		return err
	}
	for _, c := range cities {
		a.changed[c] = true
	}
	return nil
}

// record is a row as JSON hands it to a statement, and batchSize how many go at
// a time.
type record = map[string]any

const batchSize = 5000

func (a *applying) writeCohorts(ctx context.Context) error {
	return a.each(ctx, `
		with written as (
		  insert into citygauge.cohort as stands (cohort_id, slug, starts, ends)
		  select coalesce(c.cohort_id, nextval('citygauge.cohort_id')),
		         d.slug, d.starts, d.ends
		  from jsonb_to_recordset($1::jsonb) as d(slug text, starts date, ends date)
		  left join citygauge.cohort c using (slug)
		  order by d.slug
		  on conflict (slug) do update set starts = excluded.starts, ends = excluded.ends
		  where (stands.starts, stands.ends) is distinct from (excluded.starts, excluded.ends)
		  returning cohort_id
		)
		select city_id from citygauge.city_cohort join written using (cohort_id)`,
		func(yield func(any) bool) {
			for _, c := range a.p.Cohorts {
				if !yield(record{"slug": c.ID, "starts": c.Starts, "ends": c.Ends}) {
					return
				}
			}
		})
}

func (a *applying) writeCities(ctx context.Context) error {
	err := a.each(ctx, `
		insert into citygauge.city as stands (city_id, slug, name, country, population, timezone, latitude, longitude)
		select coalesce(c.city_id, nextval('citygauge.city_id')),
		       d.slug, d.name, d.country, d.population, d.timezone, d.latitude, d.longitude
		from jsonb_to_recordset($1::jsonb) as d(slug text, name text, country text, population bigint, timezone text,
		                                        latitude double precision, longitude double precision)
		left join citygauge.city c using (slug)
		order by d.slug
		on conflict (slug) do update
		set name = excluded.name, country = excluded.country, population = excluded.population,
		    timezone = excluded.timezone, latitude = excluded.latitude, longitude = excluded.longitude
		where (stands.name, stands.country, stands.population, stands.timezone, stands.latitude, stands.longitude)
		      is distinct from (excluded.name, excluded.country, excluded.population, excluded.timezone, excluded.latitude, excluded.longitude)
		returning city_id`,
		func(yield func(any) bool) {
			for _, c := range a.p.Cities {
				r := record{"slug": c.ID, "name": c.Name, "country": c.Country, "population": c.Population, "timezone": c.Timezone}
				if c.Location != nil {
					r["latitude"], r["longitude"] = c.Location.Latitude, c.Location.Longitude
				}
				if !yield(r) {
					return
				}
			}
		})
	if err != nil {
		return err
	}
	memberships := func(yield func(any) bool) {
		for _, c := range a.p.Cities {
			if !yield(record{"city": c.ID, "cohorts": c.Cohorts}) {
				return
			}
		}
	}
	if err := a.each(ctx, `
		insert into citygauge.city_cohort (city_id, cohort_id)
		select city_id, cohort_id
		from jsonb_to_recordset($1::jsonb) as d(city text, cohorts text[])
		join citygauge.city on city.slug = d.city
		join citygauge.cohort on cohort.slug = any(d.cohorts)
		on conflict do nothing
		returning city_id`, memberships); err != nil {
		return err
	}
	return a.each(ctx, `
		delete from citygauge.city_cohort
		using jsonb_to_recordset($1::jsonb) as d(city text, cohorts text[]), citygauge.city, citygauge.cohort
		where city.slug = d.city and city_cohort.city_id = city.city_id and city_cohort.cohort_id = cohort.cohort_id
		      and not cohort.slug = any(coalesce(d.cohorts, '{}'))
		returning city_cohort.city_id`, memberships)
}

// addStates gives new cities the row that they are locked by.
func (a *applying) addStates(ctx context.Context) error {
	_, err := a.ExecContext(ctx, `
		insert into citygauge.city_state (city_id)
		select city_id from citygauge.city
		on conflict do nothing`)
	return err
}

// lockCities keeps every other change waiting: what is removed, or in a cohort
// that changed, may belong to a city that the programme does not name.
func (a *applying) lockCities(ctx context.Context) (err error) {
	if a.now, _, err = a.lockCityRows(ctx, nil); err != nil {
		return err
	}
	if a.stands, err = a.declared(ctx); err == nil {
		a.would = a.stands.Programme
	}
	return err
}

func (a *applying) writeInterventions(ctx context.Context) error {
	var cities []string
	for _, i := range a.p.Interventions {
		cities = append(cities, i.City)
	}
	if cities == nil {
		return nil
	}
	d := &declared{}
	if err := a.read(ctx, d, cities, a.readCities, a.readIndicators); err != nil {
		return err
	}
	d.makeIndex()
	return a.each(ctx, `
		insert into citygauge.intervention as stands (city_id, title, starts, ends, indicator_ids)
		select city_id, d.title, d.starts, d.ends, d.indicators
		from jsonb_to_recordset($1::jsonb) as d(city text, title text, starts date, ends date, indicators bigint[])
		join citygauge.city on city.slug = d.city
		on conflict (city_id, title, starts) do update set ends = excluded.ends, indicator_ids = excluded.indicator_ids
		where (stands.ends, stands.indicator_ids) is distinct from (excluded.ends, excluded.indicator_ids)
		returning city_id`,
		func(yield func(any) bool) {
			for _, i := range a.p.Interventions {
				r := record{"city": i.City, "title": i.Title, "starts": i.Start}
				if !i.End.IsZero() {
					r["ends"] = i.End
				}
				if ids := d.ids(i.City, i.Indicators); len(ids) > 0 {
					r["indicators"] = ids
				}
				if !yield(r) {
					return
				}
			}
		})
}
