select case when length(unit) <= 12 then 'suffix:' || unit else 'none' end as unit
from report.indicator i
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
  and exists (select 1 from report.observation o where o.city_id = i.city_id and o.indicator_id = i.indicator_id)
