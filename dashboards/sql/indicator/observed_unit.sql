select case
         when max(abs(value)) >= 10000 then 'locale'
         when length(unit) <= 12 then 'suffix:' || unit
         else 'none'
       end as unit
from report.observation
join report.indicator using (city_id, indicator_id, indicator)
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
group by unit
