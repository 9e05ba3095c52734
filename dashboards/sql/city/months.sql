with months as (
  select month, place
  from report.status_month
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
)
select month::timestamp as time, ' ' as metric, place::double precision as value
from months
union all
select $__timeFrom()::timestamp, ' ', 10
where not exists (select 1 from months)
order by time
