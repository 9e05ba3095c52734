with found as (
  select name || case when count(*) over (partition by name) > 1 then ' (' || city || ')' else '' end as title, city
  from report.city
)
select title as __text, city as __value
from found
union all
select 'No cities yet', ''
where not exists (select 1 from found)
order by __text, __value
