select month::timestamp as time, city_name || ': ' || title as metric, place::double precision as value
from report.status_month
where cohort = ${cohort:sqlstring} and problem = ${problem:sqlstring} and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
order by time, metric
