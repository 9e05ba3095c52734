with found as (
  select cohort, cohort_starts
  from report.standing
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
)
select cohort as __text, cohort as __value
from (
  select cohort, cohort_starts from found
  union all
  select 'No target', null where not exists (select 1 from found)
) choices
order by cohort_starts > current_date, abs(cohort_starts - current_date), cohort
