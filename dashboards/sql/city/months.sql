select month::timestamp as time, title as metric, place::double precision as value
from report.status_month
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
order by time, metric
