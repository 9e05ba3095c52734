select case
         when bool_and(as_of is null and freshness = 'fresh') then 'None due yet'
         when count(as_of) = 0 then 'None yet'
         when count(*) filter (where freshness <> 'fresh') > 0
           then format('%s of %s late', count(*) filter (where freshness <> 'fresh'), count(*))
         else 'Up to date'
       end as data
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
