with points as (
  select day::timestamp as time, city_name, progress
  from report.progress_curve
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
)
select time, city_name as metric, progress as value
from points
union all
select time, 'Median', percentile_cont(0.5) within group (order by progress)
from points
group by time
order by time, metric
