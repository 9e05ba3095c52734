package store

import (
	"context"
	"encoding/json"
	"strings"
)

// prune removes what the programme does not name: targets, interventions,
// sources, indicators, cities and cohorts, from the leaves up, and never what has
// observations or ever had.
func (a *applying) prune(ctx context.Context) error {
	if !a.opts.Prune {
		return nil
	}
	named := map[string][]record{}
	for _, t := range a.p.Targets {
		named["target"] = append(named["target"], record{"city": t.City, "indicator": t.Indicator, "cohort": t.Cohort})
	}
	for _, i := range a.p.Interventions {
		named["intervention"] = append(named["intervention"], record{"city": i.City, "title": i.Title, "starts": i.Start})
	}
	for _, s := range a.p.Sources {
		named["source"] = append(named["source"], record{"city": s.City, "source": s.ID})
	}
	for _, i := range a.p.Indicators {
		named["indicator"] = append(named["indicator"], record{"city": i.City, "indicator": i.ID})
	}
	for _, c := range a.p.Cities {
		named["city"] = append(named["city"], record{"city": c.ID})
	}
	for _, c := range a.p.Cohorts {
		named["cohort"] = append(named["cohort"], record{"cohort": c.ID})
	}
	for _, step := range pruning {
		var args []any
		if step.noun != "" {
			text, err := json.Marshal(append([]record{}, named[step.noun]...))
			if err != nil {
				return err
			}
			args = append(args, string(text))
		}
		if step.dated {
			args = append(args, a.now)
		}
		if err := a.note(ctx, step.statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// Each statement is given the things that are named, if it is about any, and,
// where it is dated, the time; it returns the ids of the cities that it changed.
var pruning = []struct {
	noun      string
	dated     bool
	statement string
}{
	{"target", true, `
		with gone as (
		  delete from citygauge.target t
		  using citygauge.city, citygauge.indicator i, citygauge.cohort
		  where city.city_id = t.city_id and i.city_id = t.city_id and i.indicator_id = t.indicator_id and cohort.cohort_id = t.cohort_id
		        and (city.slug, i.slug, cohort.slug) not in
		            (select city, indicator, cohort from jsonb_to_recordset($1::jsonb) as d(city text, indicator text, cohort text))
		  returning t.*
		), history as (
		  insert into citygauge.target_revision (` + targetColumns + `, withdrawn)
		  select ` + strings.NewReplacer("version", "version + 1", "declared_at", "$2").Replace(targetColumns) + `, true from gone
		  on conflict do nothing
		), paths as (
		  delete from citygauge.trajectory p using gone
		  where p.city_id = gone.city_id and p.indicator_id = gone.indicator_id and p.cohort_id = gone.cohort_id
		), judged as (
		  delete from citygauge.assessment a using gone
		  where a.city_id = gone.city_id and a.indicator_id = gone.indicator_id and a.cohort_id = gone.cohort_id
		)
		select city_id from gone`},
	{"intervention", false, `
		delete from citygauge.intervention v
		using citygauge.city
		where city.city_id = v.city_id
		      and (city.slug, v.title, v.starts) not in
		          (select city, title, starts from jsonb_to_recordset($1::jsonb) as d(city text, title text, starts date))
		returning v.city_id`},
	{"source", false, `
		delete from citygauge.source s
		using citygauge.city
		where city.city_id = s.city_id
		      and (city.slug, s.slug) not in (select city, source from jsonb_to_recordset($1::jsonb) as d(city text, source text))
		returning s.city_id`},
	{"", false, `
		with gone as (
		  delete from citygauge.source_state t
		  where not exists (select 1 from citygauge.source s where s.city_id = t.city_id and s.source_id = t.source_id)
		  returning city_id, source_id
		)
		delete from citygauge.source_run r using gone
		where r.city_id = gone.city_id and r.source_id = gone.source_id
		returning r.city_id`},
	{"indicator", false, `
		delete from citygauge.indicator i
		using citygauge.city
		where city.city_id = i.city_id
		      and (city.slug, i.slug) not in (select city, indicator from jsonb_to_recordset($1::jsonb) as d(city text, indicator text))
		      and not exists (select 1 from citygauge.observation_revision o where o.city_id = i.city_id and o.indicator_id = i.indicator_id)
		      and not exists (select 1 from citygauge.target t where t.city_id = i.city_id and t.indicator_id = i.indicator_id)
		returning i.city_id`},
	{"city", false, `
		with gone as (
		  delete from citygauge.city
		  where city.slug not in (select city from jsonb_to_recordset($1::jsonb) as d(city text))
		        and city_id not in (select distinct city_id from citygauge.indicator)
		  returning city_id
		), memberships as (
		  delete from citygauge.city_cohort using gone where city_cohort.city_id = gone.city_id
		), logins as (
		  delete from citygauge.city_login using gone where city_login.city_id = gone.city_id
		), grants as (
		  delete from citygauge.account_city using gone where account_city.city_id = gone.city_id
		), state as (
		  delete from citygauge.city_state using gone where city_state.city_id = gone.city_id
		)
		select city_id from gone`},
	{"cohort", false, `
		with gone as (
		  delete from citygauge.cohort
		  where cohort.slug not in (select cohort from jsonb_to_recordset($1::jsonb) as d(cohort text))
		        and cohort_id not in (select distinct cohort_id from citygauge.target)
		        and not exists (select 1 from citygauge.city_cohort c where c.cohort_id = cohort.cohort_id)
		  returning cohort_id
		)
		select 0 from gone where false`},
}
