with points as (
  select day::timestamp as time, progress,
         coalesce(label, city_name || ' (' || city || ')') || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end as label
  from report.progress_curve
  left join report.city_label using (city_id, city, cohort_id, cohort)
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_city as (partition by city_id)
)
select time, label as metric, progress as value
from points
union all
select time, 'Median', percentile_cont(0.5) within group (order by progress)
from points
group by time
having 2 * count(*) >= (select count(distinct label) from points)
order by time, metric
