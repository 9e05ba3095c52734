with paces as (
  select city_name as label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part, pace
  from report.pace_bar
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
)
select label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part
from (
  select * from paces
  union all
  select 'No pace can be told yet', 0, 0, 0, 0, 0, 0, null where not exists (select from paces)
) bars
order by pace desc, label
