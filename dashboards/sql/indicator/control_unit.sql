select case
         when greatest(abs(signal_lower), abs(signal_upper)) >= 10000 then 'locale'
         when length(unit) <= 12 then 'suffix:' || unit
         else 'none'
       end as unit
from report.standing
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and cohort = ${cohort:sqlstring} and signal_centre is not null
