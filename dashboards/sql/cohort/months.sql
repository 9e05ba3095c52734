with months as (
  select month::timestamp as time, place::double precision as value,
         coalesce(label, city_name || ' (' || city || ')') || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end as label
  from report.status_month
  left join report.city_label using (city_id, city, cohort_id, cohort)
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_city as (partition by city_id)
)
select time, label as metric, value
from months
union all
select max(time) + interval '1 month', label, null -- what is to come has no status
from months
group by label
union all
select $__timeFrom()::timestamp, 'Nothing was judged yet', 10
where not exists (select 1 from months)
order by time, metric
