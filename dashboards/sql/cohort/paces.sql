with paces as (
  select case
           when min(city_id) over same_short = max(city_id) over same_short then short
           when min(city_id) over same_name = max(city_id) over same_name then city_name
           else city_name || ' (' || city || ')'
         end || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end as label,
         gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part, pace
  from report.pace_bar
  cross join lateral split_part(city_name, ', ', 1) as short
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_short as (partition by short), same_name as (partition by city_name), same_city as (partition by city_id)
)
select label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part
from (
  select * from paces
  union all
  select 'No pace can be told yet', 0, 0, 0, 0, 0, 0, null where not exists (select 1 from paces)
) bars
order by pace desc, label
