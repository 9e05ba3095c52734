select city_name, city, format('%s of %s', count(*) filter (where late), count(*)) as late, min(due) filter (where late)::timestamp as due
from (
  select city_name, city, bool_or(freshness <> 'fresh') as late, min(due) as due
  from report.standing
  where city in (${city:sqlstring}) and status not in ('met', 'missed')
  group by city_name, city, indicator_id
) indicators
group by city_name, city
order by due nulls last, city_name, city
