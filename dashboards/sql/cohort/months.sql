with months as (
  select month, place,
         case
           when min(city_id) over same_short = max(city_id) over same_short then short
           when min(city_id) over same_name = max(city_id) over same_name then city_name
           else city_name || ' (' || city || ')'
         end || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end as label
  from report.status_month
  cross join lateral split_part(city_name, ', ', 1) as short
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_short as (partition by short), same_name as (partition by city_name), same_city as (partition by city_id)
)
select month::timestamp as time, label as metric, place::double precision as value
from months
union all
select $__timeFrom()::timestamp, 'Nothing was judged yet', 10
where not exists (select 1 from months)
order by time, metric
