-- What cities of one name are called, and statuses for what they were: of every
-- month, of what is judged, and by the target of the start.

-- +goose Up

create view report.city_label with (security_invoker) as
  select city_id, city.slug as city, cohort_id, cohort.slug as cohort,
         case
           when count(*) over (partition by cohort_id, cohort.slug, split_part(name, ', ', 1)) = 1 then split_part(name, ', ', 1)
           when count(*) over (partition by cohort_id, cohort.slug, name) = 1 then name
           else name || ' (' || city.slug || ')'
         end as label
  from citygauge.city_cohort
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id);

create or replace view report.comparison with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, i.slug as indicator, cohort.slug as cohort, city.name as city_name, i.title, i.unit,
         coalesce(nullif(i.problem, ''), 'other') as problem, i.lens, country, population, population_band, latitude, longitude,
         s.status, s.words as status_words, s.place as status_place, s.good, a.pace, a.pace_lower, a.pace_upper, a.progress, a.expected_progress,
         a.target_probability, a.as_of, a.freshness, a.due, coalesce(a.need_sentence, '') as need_sentence,
         s.status not in ('early', 'awaiting', 'no-data') as judged, a.status_at_start
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

-- A pace that is no verdict is none to compare, as it is not part of a median.
create or replace view report.pace_bar with (security_invoker) as
  select city_id, indicator_id, cohort_id, city, indicator, cohort, city_name, title, problem, country, population_band, status,
         pace, pace_lower, pace_upper,
         greatest(l, 0) as gap, greatest(m, 0) - greatest(l, 0) as lower_part, greatest(u, 0) - greatest(m, 0) as upper_part,
         least(u, 0) as negative_gap, least(m, 0) - least(u, 0) as negative_upper_part, least(l, 0) - least(m, 0) as negative_lower_part
  from (
    select *, greatest(-1, least(2, pace)) as m,
           greatest(-1, least(1.98, pace_lower, pace - 0.02)) as l, greatest(-0.98, least(2, greatest(pace_upper, pace + 0.02))) as u
    from report.comparison
    where judged and pace is not null
  ) cut;

-- A month at whose end no period ended has the status of before, and one after
-- the end of the year that of now: nothing else can have come to be known of it.
create or replace view report.status_month with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, i.slug as indicator, cohort.slug as cohort,
         city.name as city_name, i.title, coalesce(nullif(i.problem, ''), 'other') as problem, country, population_band, month::date as month, status, place
  from citygauge.target t
  join citygauge.cohort using (cohort_id)
  cross join lateral (select * from citygauge.indicator where city_id = t.city_id and indicator_id = t.indicator_id offset 0) i
  cross join lateral (select * from report.city where city_id = t.city_id offset 0) city
  cross join lateral (
    select month, case when month > t.ends then coalesce(later, judged.status) else judged.status end as status
    from (
      select first, last_of.status, lead(first) over months as next, lead(last_of.status) over months as later
      from (
        select date_trunc('month', day::timestamp) as first, (array_agg(status order by day desc))[1] as status
        from citygauge.assessment a
        where a.city_id = t.city_id and a.indicator_id = i.indicator_id and a.cohort_id = t.cohort_id
        group by 1
      ) last_of
      window months as (order by first)
    ) judged
    cross join lateral generate_series(first, coalesce(next - interval '1 month', first), interval '1 month') as month
    offset 0
  ) a
  join report.status using (status);

grant select on report.city_label to {{faculty}}, {{system}};
-- The logins that cities have already.
-- +goose StatementBegin
do $$
declare
  login name;
begin
  for login in select distinct role_name from citygauge.city_login join pg_roles on rolname = role_name loop
    execute format('grant select on report.city_label to %I', login);
  end loop;
end
$$;
-- +goose StatementEnd

comment on view report.city_label is 'What cities are called beside each other: each city in each of its cohorts a row. To be filtered by cohort.';
comment on column report.city_label.city_id is 'Internal id of the city.';
comment on column report.city_label.city is 'Identifier of the city.';
comment on column report.city_label.cohort_id is 'Internal id of the cohort.';
comment on column report.city_label.cohort is 'Identifier of the cohort.';
comment on column report.city_label.label is 'The city''s name, as far as needed to tell it apart from those of its cohort that one may see.';
comment on column report.comparison.status_at_start is 'How it would stand by the target in force when the cohort started; null where that is the same.';
comment on view report.pace_bar is 'The pace of every target that is judged with its 80 % interval on the scale from -1 to 2, in pieces that lie end to end: first the gap from 0, then the interval up to the pace, then the rest of it.';

-- +goose Down
-- The other views stay: they say what they said before, and more.
drop view report.city_label;
