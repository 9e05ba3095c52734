with found as (
  select distinct country
  from report.city_cohort
  join report.city using (city_id)
  where cohort = ${cohort:sqlstring}
)
select country as __text, country as __value
from found
union all
select 'None yet', ''
where not exists (select 1 from found)
order by __text
