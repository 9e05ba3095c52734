select case count(*)
         when 0 then 'No targets yet: declare them'
         else format('%s of %s targets on track or met, in %s %s', count(*) filter (where good), count(*), count(distinct city_id),
                     case count(distinct city_id) when 1 then 'city' else 'cities' end)
       end as headline
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
