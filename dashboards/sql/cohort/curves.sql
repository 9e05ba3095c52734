with points as (
  select day::timestamp as time, progress,
         case when min(city_id) over same_name = max(city_id) over same_name then city_name else city_name || ' (' || city || ')' end
         || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end as label
  from report.progress_curve
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_name as (partition by city_name), same_city as (partition by city_id)
)
select time, label as metric, progress as value
from points
union all
select time, 'Median', percentile_cont(0.5) within group (order by progress)
from points
group by time
order by time, metric
