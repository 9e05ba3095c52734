with found as (
  select distinct coalesce(nullif(problem, ''), 'other') as problem
  from report.target
  join report.indicator using (city_id, indicator_id)
  where cohort = ${cohort:sqlstring}
)
select upper(left(replace(problem, '-', ' '), 1)) || substr(replace(problem, '-', ' '), 2) as __text, problem as __value
from found
union all
select 'No targets yet', ''
where not exists (select 1 from found)
order by __text
