with found as (
  select population_band, min(population) as least
  from report.city_cohort
  join report.city using (city_id)
  where cohort = ${cohort:sqlstring}
  group by population_band
)
select __text, __value
from (
  select population_band as __text, population_band as __value, least from found
  union all
  select 'None yet', '', null where not exists (select 1 from found)
) choices
order by least
