with targets as (
  select title || ' (' || unit || ')' || case lens when 'outcome' then '' else ', a ' || lens end as title, indicator,
         row_number() over (order by problem, array_position(array['outcome', 'cause', 'consequence'], lens), title, indicator) as place
  from report.standing
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
)
select __text, __value
from (
  select title || case when count(*) over (partition by title) > 1 then ' ' || indicator else '' end as __text, indicator as __value, place
  from targets
  union all
  select 'No targets yet', '', 0 where not exists (select 1 from targets)
) choices
order by place
