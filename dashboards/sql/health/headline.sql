select case
         when count(*) = 0 then 'No targets yet: declare them'
         when count(*) filter (where freshness <> 'fresh') = 0 then 'Everything that was due has come'
         else format('%s of %s indicators with targets are late', count(*) filter (where freshness <> 'fresh'), count(*))
       end as headline
from (
  select case when bool_or(freshness <> 'fresh') then 'late' else 'fresh' end as freshness
  from report.standing
  where city in (${city:sqlstring}) and status not in ('met', 'missed')
  group by city_id, indicator_id
) indicators
