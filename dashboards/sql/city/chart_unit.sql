select case when length(unit) <= 12 then 'suffix:' || unit else 'none' end as unit
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
  and coalesce(target, range_low, value) is not null
