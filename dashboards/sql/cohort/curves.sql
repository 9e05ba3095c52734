select day::timestamp as time, city_name as metric, progress as value
from report.progress_curve
where cohort = ${cohort:sqlstring} and title = ${title:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
order by time, metric
