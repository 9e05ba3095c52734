select starts::timestamp as time, coalesce(ends, starts)::timestamp as timeend, title as text
from report.intervention
where city_id = ${city_id:sqlstring} and starts <= $__timeTo() and coalesce(ends, starts) >= $__timeFrom()
order by starts
