with paces as (
  select coalesce(label, city_name || ' (' || city || ')') || case when min(indicator) over same_city = max(indicator) over same_city then '' else ' ' || indicator end
         || to_char(round(100 * pace::numeric), ' FM999,999,999,999,999,990 "%"') as label,
         gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part, pace
  from report.pace_bar
  left join report.city_label using (city_id, city, cohort_id, cohort)
  where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
  window same_city as (partition by city_id)
)
select label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part
from (
  select * from paces
  union all
  select 'No pace can be told yet', 0, 0, 0, 0, 0, 0, null where not exists (select 1 from paces)
) bars
order by pace desc, label
