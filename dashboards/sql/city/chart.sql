with goal as (
  select city_id, indicator_id, cohort_id, as_of, measure, baseline, target, range_low, range_high, ends,
         greatest(starts, cohort_starts) as first_day
  from report.standing
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
), stated as ( -- what was the target from when on, by the city's clock
  select distinct on (day) greatest(first_day, (declared_at at time zone coalesce(nullif(timezone, ''), 'UTC'))::date) as day,
         r.target, r.range_low, r.range_high
  from goal
  join report.target_revision r using (city_id, indicator_id, cohort_id)
  join report.city using (city_id)
  where resolved
  order by day, version desc
), actual as (
  select a.day, a.value
  from goal
  join report.assessment a using (city_id, indicator_id, cohort_id)
  where a.day = a.as_of and a.value is not null
        and not (measure = 'total' and a.status = 'early') -- a few days say nothing of a whole year
)
select day::timestamp as time, 'Expected' as metric, t.expected as value
from goal
join report.trajectory t using (city_id, indicator_id, cohort_id)
union all
select edge, name, value
from goal
cross join lateral (
  values
    (first_day, 'Baseline', case when target is not null then baseline end),
    (ends, 'Target', target),
    (first_day, 'Lowest of the target', range_low),
    (ends, 'Lowest of the target', range_low),
    (first_day, 'Highest of the target', range_high),
    (ends, 'Highest of the target', range_high)
) as marks (edge, name, value)
where value is not null
union all
select day, name, value
from stated
cross join lateral (values ('Target as it was', target), ('Lowest as it was', range_low), ('Highest as it was', range_high)) as was (name, value)
where value is not null and (select count(distinct (target, range_low, range_high)) from stated) > 1
union all
select day, 'Milestone', value
from goal
join report.milestone using (city_id, indicator_id, cohort_id)
union all
select f.day, name, fan.value
from goal
join report.forecast f using (city_id, indicator_id, cohort_id)
cross join lateral (values ('Forecast', projected), ('Forecast, low', lower), ('Forecast, high', upper)) as fan (name, value)
where as_of in (select day from actual)
union all
select day, 'Actual', value
from actual
order by time, metric
