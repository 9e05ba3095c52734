select case
         when greatest(abs(value), abs(baseline), abs(target), abs(range_low), abs(range_high)) >= 10000 then 'locale'
         when length(unit) <= 12 then 'suffix:' || unit
         else 'none'
       end as unit
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
  and coalesce(target, range_low, value) is not null
