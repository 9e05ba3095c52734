with months as (
  select month::timestamp as time, place::double precision as value
  from report.status_month
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
)
select time, ' ' as metric, value
from months
union all
select max(time) + interval '1 month', ' ', null -- what is to come has no status
from months
having count(*) > 0
union all
select $__timeFrom()::timestamp, ' ', 10
where not exists (select 1 from months)
order by time
