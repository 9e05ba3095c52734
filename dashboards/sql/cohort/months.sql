with months as (
  select month, city_name, place
  from report.status_month
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
)
select month::timestamp as time, city_name as metric, place::double precision as value
from months
union all
select $__timeFrom()::timestamp, 'Nothing was judged yet', 10
where not exists (select from months)
order by time, metric
