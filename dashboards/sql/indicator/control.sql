with points as (
  select period_end::timestamp as time, control_point.value, centre, lower, upper, signal_seasonal
  from report.control_point
  join report.standing using (city_id, indicator_id, cohort_id, city, indicator, cohort)
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and cohort = ${cohort:sqlstring}
)
select time, metric, value
from (
  select time, case when signal_seasonal then 'Change from a year before' else 'Value' end as metric, value from points
  union all
  select time, 'Centre', centre from points
  union all
  select time, 'Lower limit', lower from points
  union all
  select time, 'Upper limit', upper from points
  union all
  select time, 'Outside the limits', value from points
  where abs(value - centre) > upper - centre + 1e-9 * greatest(abs(value), abs(centre), upper - centre)
) series
where value is not null
order by time, metric
