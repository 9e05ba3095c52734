with found as (
  select title, count(*) as targets
  from report.target
  join report.indicator using (city_id, indicator_id)
  where cohort = ${cohort:sqlstring} and coalesce(nullif(problem, ''), 'other') in (${problem:sqlstring})
  group by title
)
select __text, __value
from (
  select title as __text, title as __value, targets from found
  union all
  select 'No targets yet', '', 0 where not exists (select 1 from found)
) choices
order by targets desc, __text
