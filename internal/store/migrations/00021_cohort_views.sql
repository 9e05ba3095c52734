-- What is shown of a cohort costs what the cohort is, however many others there
-- are. The planner is not told what cities and indicators are like (statistics
-- of them would tell of them), takes those that are asked for to be few, and
-- began with all cities of the programme. Now the targets of the cohort come
-- first, by an index, to each its indicator, and then how that stands. offset 0
-- keeps each in its place.

-- +goose Up

create index target_cohort on citygauge.target (cohort_id);

create or replace view report.comparison with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, i.slug as indicator, cohort.slug as cohort, city.name as city_name, i.title, i.unit,
         coalesce(nullif(i.problem, ''), 'other') as problem, i.lens, country, population, population_band, latitude, longitude,
         s.status, s.words as status_words, s.place as status_place, s.good, a.pace, a.pace_lower, a.pace_upper, a.progress, a.expected_progress,
         a.target_probability, a.as_of, a.freshness, a.due, coalesce(a.need_sentence, '') as need_sentence
  from citygauge.target t
  join citygauge.cohort using (cohort_id)
  cross join lateral (select * from citygauge.indicator where city_id = t.city_id and indicator_id = t.indicator_id offset 0) i
  cross join lateral (select * from report.city where city_id = t.city_id offset 0) city
  left join lateral (
    select * from citygauge.assessment
    where city_id = t.city_id and indicator_id = i.indicator_id and cohort_id = t.cohort_id
    order by day desc
    limit 1
  ) a on true
  left join lateral (select * from report.status where status = coalesce(a.status, 'no-data') limit 1) s on true;

create or replace view report.status_month with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, i.slug as indicator, cohort.slug as cohort,
         city.name as city_name, i.title, coalesce(nullif(i.problem, ''), 'other') as problem, country, population_band, month, status, place
  from citygauge.target t
  join citygauge.cohort using (cohort_id)
  cross join lateral (select * from citygauge.indicator where city_id = t.city_id and indicator_id = t.indicator_id offset 0) i
  cross join lateral (select * from report.city where city_id = t.city_id offset 0) city
  cross join lateral (
    select date_trunc('month', day)::date as month, (array_agg(status order by day desc))[1] as status
    from citygauge.assessment a
    where a.city_id = t.city_id and a.indicator_id = i.indicator_id and a.cohort_id = t.cohort_id
    group by date_trunc('month', day)
  ) a
  join report.status using (status);

create or replace view report.progress_curve with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, i.slug as indicator, cohort.slug as cohort,
         city.name as city_name, i.title, coalesce(nullif(i.problem, ''), 'other') as problem, country, population_band, day, progress, expected_progress
  from citygauge.target t
  join citygauge.cohort using (cohort_id)
  cross join lateral (select * from citygauge.indicator where city_id = t.city_id and indicator_id = t.indicator_id offset 0) i
  cross join lateral (select * from report.city where city_id = t.city_id offset 0) city
  cross join lateral (
    select day, progress, expected_progress
    from citygauge.assessment
    where city_id = t.city_id and indicator_id = i.indicator_id and cohort_id = t.cohort_id and day = as_of and progress is not null
    offset 0
  ) a;

-- +goose Down
-- The views say what they said before, and stay.
drop index citygauge.target_cohort;
