with found as (
  select cohort, starts
  from report.city_cohort
  where city_id = ${city_id:sqlstring}
)
select __text, __value
from (
  select cohort as __text, cohort as __value, starts from found
  union all
  select 'No cohort yet', '', null where not exists (select 1 from found)
) choices
order by starts > current_date, abs(starts - current_date), __text
