with paces as (
  select case when count(*) over (partition by short) = 1 then short else city_name end as label,
         gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part, pace
  from report.pace_bar
  cross join lateral split_part(city_name, ', ', 1) as short
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
)
select label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part
from (
  select * from paces
  union all
  select 'No pace can be told yet', 0, 0, 0, 0, 0, 0, null where not exists (select 1 from paces)
) bars
order by pace desc, label
