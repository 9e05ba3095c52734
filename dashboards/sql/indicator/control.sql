with points as (
  select period_end::timestamp as time, value, centre, lower, upper
  from report.control_point
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and cohort = ${cohort:sqlstring}
)
select time, metric, value
from (
  select time, 'Value' as metric, value from points
  union all
  select time, 'Centre', centre from points
  union all
  select time, 'Lower limit', lower from points
  union all
  select time, 'Upper limit', upper from points
  union all
  select time, 'Outside the limits', value from points where value not between lower and upper
) series
where value is not null
order by time, metric
