select case
         when count(*) over (partition by short) = 1 then short
         when count(*) over (partition by city_name) = 1 then city_name
         else city_name || ' (' || city || ')'
       end as city_name, city,
       format('%s of %s', count(*) filter (where late), count(*)) as late, min(due) filter (where late)::timestamp as due
from (
  select city_name, city, bool_or(freshness <> 'fresh') as late, min(due) as due
  from report.standing
  where city in (${city:sqlstring}) and status not in ('met', 'missed')
  group by city_name, city, indicator_id
) indicators
cross join lateral split_part(city_name, ', ', 1) as short
group by city_name, city, short
order by due nulls last, city_name
