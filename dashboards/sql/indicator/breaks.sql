select day::timestamp as time, day::timestamp as timeend, 'The definition changed' as text
from report.indicator
cross join lateral unnest(breaks) as day
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
order by day
