select __text, __value
from (
  select cohort as __text, cohort as __value, starts from report.cohort
  union all
  select 'No cohort yet', '', null where not exists (select 1 from report.cohort)
) choices
order by starts > current_date, abs(starts - current_date), __text
