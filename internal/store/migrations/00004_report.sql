-- What dashboards and analysts read. The views keep their names and columns.

-- +goose Up

create view report.city with (security_invoker) as
  select city_id, slug as city, name, country, population, timezone, latitude, longitude
  from citygauge.city;

create view report.cohort with (security_invoker) as
  select cohort_id, slug as cohort, starts, ends from citygauge.cohort;

create view report.city_cohort with (security_invoker) as
  select city_id, city.slug as city, cohort_id, cohort.slug as cohort, starts, ends
  from citygauge.city_cohort
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id);

create view report.indicator with (security_invoker) as
  select city_id, indicator_id, city.slug as city, indicator.slug as indicator, title, definition, unit, problem, lens,
         kind, decimals, frequency, direction, measure, plausible_min, plausible_max, due_days, owner, source
  from citygauge.indicator
  join citygauge.city using (city_id);

create view report.target with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         version, declared_at, goal, coalesce(trajectory, case when measure in ('mean', 'total') then 'level' else 'linear' end) as trajectory,
         resolved, baseline, baseline_period, baseline_end, target,
         case direction
           when 'decrease' then floor(target::numeric * (10::numeric ^ decimals) + 0.000000001) / (10::numeric ^ decimals)
           when 'increase' then ceil(target::numeric * (10::numeric ^ decimals) - 0.000000001) / (10::numeric ^ decimals)
         end::double precision as target_shown,
         range_low, range_high, target.starts, target.ends
  from citygauge.target
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id);

create view report.target_revision with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         version, declared_at, resolved, baseline, target, range_low, range_high, r.starts, r.ends
  from citygauge.target_revision r
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  where not r.withdrawn;

-- A target that is moved after the year has begun is worth knowing of.
create view report.target_change with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort, version,
         r.declared_at as changed_at, r.declared_at >= cohort.starts as after_start, withdrawn, old_baseline, baseline as new_baseline,
         old_target, r.target as new_target, old_range_low, range_low as new_range_low, old_range_high, range_high as new_range_high,
         old_trajectory, r.trajectory as new_trajectory, old_milestones, milestones as new_milestones, old_ends, r.ends as new_ends
  from (
    select *, lag(version) over w as old_version, lag(baseline) over w as old_baseline, lag(target) over w as old_target,
           lag(range_low) over w as old_range_low, lag(range_high) over w as old_range_high, lag(trajectory) over w as old_trajectory,
           lag(milestones) over w as old_milestones, lag(starts) over w as old_starts, lag(ends) over w as old_ends
    from citygauge.target_revision
    where resolved or withdrawn
    window w as (partition by city_id, indicator_id, cohort_id order by version)
  ) r
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  where old_version is not null
        and (withdrawn
             or (baseline, r.target, range_low, range_high, r.trajectory, milestones, r.starts, r.ends)
                is distinct from (old_baseline, old_target, old_range_low, old_range_high, old_trajectory, old_milestones, old_starts, old_ends));

create view report.trajectory with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort, day, expected
  from citygauge.trajectory
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id);

create view report.intervention with (security_invoker) as
  select city_id, intervention_id, city.slug as city, title, starts, ends, indicator_ids
  from citygauge.intervention
  join citygauge.city using (city_id);

create view report.observation with (security_invoker) as
  select city_id, indicator_id, city.slug as city, indicator.slug as indicator,
         period_start, period_end, value, status::text as status, note, revision
  from citygauge.observation
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id);

create view report.observation_revision with (security_invoker) as
  select city_id, indicator_id, city.slug as city, indicator.slug as indicator,
         period_start, period_end, value, status::text as status, note, revision, recorded_at, upload_id
  from citygauge.observation_revision
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id);

create view report.assessment with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         day, as_of, value, baseline, target, expected, progress, expected_progress, pace, pace_lower, pace_upper, noise,
         status, at_target, freshness, due, observed, periods, need, need_periods, need_best, need_sentence, signal,
         projected, projected_lower, projected_upper, target_probability, status_at_start, target_version, formulas, assessed_at
  from citygauge.assessment
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id);

-- How every target stands: one row for each target in force, assessed or not.
create view report.standing with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         city.name as city_name, indicator.title, indicator.unit, indicator.problem, indicator.lens, indicator.decimals,
         indicator.direction, indicator.measure, indicator.frequency,
         cohort.starts as cohort_starts, cohort.ends as cohort_ends, t.starts, t.ends, t.range_low, t.range_high,
         a.day, a.as_of, a.value, t.baseline, t.target, a.expected, a.progress, a.expected_progress,
         a.pace, a.pace_lower, a.pace_upper, a.noise, coalesce(a.status, 'no-data') as status, coalesce(a.at_target, false) as at_target,
         a.freshness, a.due, a.observed, a.periods, a.need, a.need_periods, a.need_best, coalesce(a.need_sentence, '') as need_sentence,
         a.signal, a.projected, a.projected_lower, a.projected_upper, a.target_probability, a.status_at_start, a.assessed_at
  from citygauge.target t
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  left join lateral (
    select * from citygauge.assessment
    where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
    order by day desc
    limit 1
  ) a on true;

-- Every status with its words and its place from the best to the worst.
create view report.status as
  select * from (values
    ('met', 'target met', 1, true), ('on-track', 'on track', 2, true), ('too-close', 'too close to call', 3, null),
    ('slipping', 'slipping', 4, false), ('off-track', 'off track', 5, false), ('moving-away', 'moving away', 6, false),
    ('missed', 'target missed', 7, false), ('early', 'too early to say', 8, null), ('awaiting', 'waiting for data', 9, null),
    ('no-data', 'no data yet', 10, null)
  ) as s(status, words, place, good);

grant usage on schema report to {{faculty}}, {{system}};
grant select on all tables in schema report to {{faculty}}, {{system}};
grant select on citygauge.city, citygauge.cohort, citygauge.city_cohort, citygauge.indicator, citygauge.target,
  citygauge.target_revision, citygauge.trajectory, citygauge.intervention, citygauge.observation,
  citygauge.observation_revision, citygauge.assessment, citygauge.assessment_revision to {{faculty}};

-- +goose Down
drop schema report cascade;
create schema report authorization {{owner}};
