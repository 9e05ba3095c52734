with months as (
  select month, case when min(city_id) over same = max(city_id) over same then short else city_name end as label, place
  from report.status_month
  cross join lateral split_part(city_name, ', ', 1) as short
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same as (partition by short)
)
select month::timestamp as time, label as metric, place::double precision as value
from months
union all
select $__timeFrom()::timestamp, 'Nothing was judged yet', 10
where not exists (select 1 from months)
order by time, metric
