select cohort, declared_at, version, baseline, target, range_low, range_high, ends::timestamp as ends
from report.target_revision
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
order by cohort desc, version desc
