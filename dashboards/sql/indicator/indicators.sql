with found as (
  select indicator, title from report.indicator where city_id = ${city_id:sqlstring}
)
select title || case when count(*) over (partition by title) > 1 then ' (' || indicator || ')' else '' end as __text, indicator as __value
from found
union all
select 'No indicators yet', ''
where not exists (select 1 from found)
order by __text
