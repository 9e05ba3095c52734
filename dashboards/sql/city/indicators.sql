with targets as (
  select indicator, title || ' (' || unit || ')' as title
  from report.standing
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
)
select title || case when count(*) over (partition by title) > 1 then ' ' || indicator else '' end as __text,
       indicator as __value
from targets
union all
select 'No targets yet', ''
where not exists (select 1 from targets)
order by __text
